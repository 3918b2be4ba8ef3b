package io.duramen.wal.log;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/// The truncations of an open log, as far as a reader of it may still have to be told: for each
/// time between two of them in which a watch stands, the lowest end there was since. A watch that
/// rests costs the same after any number of truncations; a time that no watch stands in is garbage.
///
/// Any thread may call.
final class Truncations {
    /// A time between two truncations, or since the last one.
    static final class Period {
        private volatile long lowestEnd = Long.MAX_VALUE;
        private boolean watched;

        /// The lowest id that the log went on with after any truncation since then,
        /// [Long#MAX_VALUE] where there was none.
        long lowestEnd() {
            return lowestEnd;
        }
    }

    private final List<WeakReference<Period>> watched = new ArrayList<>();
    private Period current = new Period();

    /// @param endId the id that the log goes on with
    synchronized void add(long endId) {
        watched.removeIf(period -> period.refersTo(null));
        if (current.watched) {
            watched.add(new WeakReference<>(current));
            current = new Period();
        }
        for (WeakReference<Period> reference : watched) {
            Period period = reference.get();
            if (period != null) {
                period.lowestEnd = Math.min(period.lowestEnd, endId);
            }
        }
    }

    /// For a watch that stands in it from now on.
    synchronized Period current() {
        current.watched = true;
        return current;
    }

    /// How many times between truncations are remembered beside the current one.
    synchronized int remembered() {
        return watched.size();
    }
}
