package io.duramen.wal.memory;

import java.util.ArrayDeque;

/// Serves waiters one after the other on the thread that gave their slots back.
///
/// What a waiter attached to its promise runs here and may give the slot back at once, which serves
/// the next waiter. That one gets its turn after this one, not deeper down the same stack: a long
/// queue would overflow it.
final class HandOver {
    private static final ThreadLocal<ArrayDeque<Runnable>> UNDER_WAY = new ThreadLocal<>();

    private HandOver() {}

    /// Runs it now, or after the hand-over that this thread is in the middle of.
    static void run(Runnable first) {
        ArrayDeque<Runnable> underWay = UNDER_WAY.get();
        if (underWay != null) {
            underWay.add(first);
            return;
        }
        ArrayDeque<Runnable> pending = new ArrayDeque<>();
        UNDER_WAY.set(pending);
        try {
            for (Runnable current = first; current != null; current = pending.poll()) {
                current.run();
            }
        } finally {
            UNDER_WAY.remove();
        }
    }
}
