package io.duramen.wal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Every way in which the power may fail at one moment: which state each part of the disk is left
/// in, of those that were not synced.
///
/// Where there are more ways than a limit, only these: everything as it was synced; everything as
/// it was shown; the first n parts as shown and the others not, and the other way round; one part
/// in each of its states and the others as synced, and the others as shown.
final class PowerFailures {
    private final List<Integer> states;
    private final List<int[]> ways = new ArrayList<>();

    private PowerFailures(List<Integer> states) {
        this.states = states;
    }

    /// @param limit on ways, above which there is only a choice of them
    static List<int[]> of(SimDisk disk, int limit) {
        PowerFailures failures = new PowerFailures(disk.unsyncedParts());
        long all = 1;
        for (int count : failures.states) {
            all = Math.min(Integer.MAX_VALUE, all * count);
        }
        if (all <= limit) {
            failures.addAll(all);
        } else {
            failures.addSome();
        }
        return failures.ways;
    }

    /// How [SimDisk#imageAfterPowerFailure] is told of one of them.
    static IntUnaryOperator chooser(int[] way) {
        int[] next = {0};
        return states -> {
            assert way[next[0]] < states;
            return way[next[0]++];
        };
    }

    private void addAll(long count) {
        for (long number = 0; number < count; number++) {
            int[] way = new int[states.size()];
            long rest = number;
            for (int part = 0; part < way.length; part++) {
                way[part] = (int) (rest % states.get(part));
                rest /= states.get(part);
            }
            ways.add(way);
        }
    }

    private void addSome() {
        int parts = states.size();
        for (int n = 0; n <= parts; n++) {
            ways.add(shownFrom(0, n));
            ways.add(shownFrom(n, parts));
        }
        for (int part = 0; part < parts; part++) {
            for (int state = 0; state < states.get(part); state++) {
                for (int[] others : List.of(shownFrom(0, 0), shownFrom(0, parts))) {
                    others[part] = state;
                    ways.add(others);
                }
            }
        }
    }

    private int[] shownFrom(int first, int end) {
        int[] way = new int[states.size()];
        for (int part = first; part < end; part++) {
            way[part] = states.get(part) - 1;
        }
        return way;
    }

}
