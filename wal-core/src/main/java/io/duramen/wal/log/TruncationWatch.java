package io.duramen.wal.log;

import io.duramen.wal.WalException;

/// Tells one reader whether the log was truncated since it began to read, and so that the entries
/// it would read next do not belong to those it has read. Made before anything is read; belongs to
/// its reader.
///
/// To ask again after an entry was found and before it is shown is enough: what a truncation made
/// room for becomes visible only after all watches know of it.
public final class TruncationWatch {
    /// One truncation, and those after it. What no watch stands in front of any more is garbage.
    static final class Link {
        private final long endId;
        private volatile Link next;

        /// @param endId the id that the log went on with
        Link(long endId) {
            this.endId = endId;
        }

        Link followedBy(long nextEndId) {
            next = new Link(nextEndId);
            return next;
        }
    }

    private Link seen;
    private long lostAt = -1;

    /// @param latest the truncation that is known to have been
    TruncationWatch(Link latest) {
        this.seen = latest;
    }

    /// True where there was a truncation since it was last asked with [#check(long)].
    boolean isBehind() {
        return seen.next != null;
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
            long lowest = Long.MAX_VALUE;
            while (seen.next != null) {
                seen = seen.next;
                lowest = Math.min(lowest, seen.endId);
            }
            if (nextId <= lowest) {
                return true;
            }
            lostAt = lowest;
        }
        throw new WalException.Truncated(nextId, lostAt);
    }
}
