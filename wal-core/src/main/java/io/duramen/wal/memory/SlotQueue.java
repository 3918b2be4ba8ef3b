package io.duramen.wal.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Which slots are free, and who waits for one. Either nobody waits or nothing is free.
///
/// Not thread-safe: the pool calls it under its lock.
final class SlotQueue {
    private final int[] freeSlots;
    private int free;
    private int leasedPeak;
    private long acquires;
    private long waits;
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    SlotQueue(int slots) {
        freeSlots = new int[slots];
        free = slots;
        for (int i = 0; i < slots; i++) {
            freeSlots[i] = slots - 1 - i;
        }
    }

    boolean isAnyFree() {
        return free > 0;
    }

    boolean isAllFree() {
        return free == freeSlots.length;
    }

    int take() {
        acquires++;
        free--;
        leasedPeak = Math.max(leasedPeak, leased());
        return freeSlots[free];
    }

    void join(Waiter waiter, long nowNanos) {
        assert free == 0 : "nobody waits while a slot is free";
        waits++;
        waiter.queued = true;
        waiter.sinceNanos = nowNanos;
        waiters.add(waiter);
    }

    /// The longest waiting, who is to get the slot, or null where nobody waits and it is free now.
    Waiter passOn(int slot) {
        Waiter next = waiters.poll();
        if (next == null) {
            freeSlots[free++] = slot;
            return null;
        }
        next.queued = false;
        acquires++;
        return next;
    }

    /// Undoes the count of a hand-over that the receiver did not take.
    void notTaken() {
        acquires--;
    }

    void leave(Waiter waiter) {
        if (waiter.queued) {
            waiter.queued = false;
            waiters.remove(waiter);
        }
    }

    List<Waiter> leaveAll() {
        List<Waiter> all = new ArrayList<>(waiters);
        waiters.clear();
        all.forEach(waiter -> waiter.queued = false);
        return all;
    }

    OptionalLong longestWaitingSince() {
        Waiter first = waiters.peek();
        return first == null ? OptionalLong.empty() : OptionalLong.of(first.sinceNanos);
    }

    int leased() {
        return freeSlots.length - free;
    }

    int leasedPeak() {
        return leasedPeak;
    }

    long acquires() {
        return acquires;
    }

    long waits() {
        return waits;
    }
}
