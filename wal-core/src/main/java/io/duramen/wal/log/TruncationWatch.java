package io.duramen.wal.log;

import io.duramen.wal.WalException;

/// Tells one reader whether the log was truncated since it began to read, and so that the entries
/// it would read next do not belong to those it has read. Made before anything is read; belongs to
/// its reader.
///
/// To ask again after an entry was found and before it is shown is enough: what a truncation made
/// room for becomes visible only after all watches know of it.
public final class TruncationWatch {
    private final Truncations truncations;
    private Truncations.Period seen;
    private long lostAt = -1;

    /// @param truncations those from now on count
    TruncationWatch(Truncations truncations) {
        this.truncations = truncations;
        this.seen = truncations.current();
    }

    /// True where there was a truncation since it was last asked with [#check(long)].
    boolean isBehind() {
        return seen.lowestEnd() < Long.MAX_VALUE;
    }

    /// Asked before each entry is shown.
    ///
    /// @param nextId the entry that the reader shows next, with all before it read
    /// @return true where the log was truncated since it was last asked, and the reader may read
    ///     on: with a new lease
    /// @throws WalException.Truncated where an entry before this one is gone; always from then on
    public boolean check(long nextId) {
        if (lostAt < 0 && !isBehind()) {
            return false;
        }
        if (lostAt < 0) {
            long lowest = goOn();
            if (nextId <= lowest) {
                return true;
            }
            lostAt = lowest;
        }
        throw new WalException.Truncated(nextId, lostAt);
    }

    /// @return the lowest end of those it has not seen; not one of them counts again
    private long goOn() {
        synchronized (truncations) {
            long lowest = seen.lowestEnd();
            seen = truncations.current();
            return lowest;
        }
    }
}
