package io.duramen.wal.log;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/// The truncations of an open log, as far as a reader of it may still have to be told: for each
/// time between two of them in which a watch stands, the lowest end there was since. A watch that
/// rests costs the same after any number of truncations; a time that no watch stands in is garbage.
///
/// It outlives the log's being closed and opened again, where readers do.
///
/// Any thread may call.
public final class Truncations {
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
    private volatile boolean any;

    /// None so far.
    public Truncations() {
    }

    /// For a reader that is about to start.
    public TruncationWatch watch() {
        return new TruncationWatch(this);
    }

    /// True where there was one.
    public boolean hasAny() {
        return any;
    }

    /// Tells all watches; what takes the ids behind the new end becomes visible only later.
    ///
    /// @param endId the id that the log goes on with
    public synchronized void add(long endId) {
        any = true;
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
