package io.duramen.wal.io.uring;

/// The flights whose entries the kernel has, each in the slot that its entries' user data names. A
/// slot is used again only when nothing of its flight is outstanding.
final class FlightTable {
    private final Flight[] flights;
    private final int[] freeSlots;
    private int free;

    FlightTable(int slots) {
        flights = new Flight[slots];
        freeSlots = new int[slots];
        for (int i = 0; i < slots; i++) {
            freeSlots[i] = i;
        }
        free = slots;
    }

    int add(Flight flight) {
        int slot = freeSlots[--free];
        flights[slot] = flight;
        return slot;
    }

    Flight at(int slot) {
        return flights[slot];
    }

    Flight remove(int slot) {
        Flight flight = flights[slot];
        flights[slot] = null;
        freeSlots[free++] = slot;
        return flight;
    }

    boolean hasFree() {
        return free > 0;
    }
}
