package io.duramen.wal.log;

import java.time.Duration;
import java.util.List;

/// What to drop from the head of a log. Whole fragments are dropped, never the one that grows: a
/// rule says what has to stay, and what shares a fragment with it stays as well.
public sealed interface TrimRule {
    /// The first id that has to stay.
    ///
    /// @param extents the log's fragments in order, at least one
    /// @param nextId the id after the last entry
    long firstToKeep(List<FragmentExtent> extents, long nextId, long nowNanos);

    /// Drops what lies before an entry.
    record Before(long id) implements TrimRule {
        public Before {
            requireNotNegative(id, "an entry id");
        }

        @Override
        public long firstToKeep(List<FragmentExtent> extents, long nextId, long nowNanos) {
            return id;
        }
    }

    /// Keeps at least this many of the newest entries.
    record KeepEntries(long entries) implements TrimRule {
        public KeepEntries {
            requireNotNegative(entries, "a number of entries");
        }

        @Override
        public long firstToKeep(List<FragmentExtent> extents, long nextId, long nowNanos) {
            return Math.max(0, nextId - entries);
        }
    }

    /// Drops the oldest fragments until the rest takes at most this many bytes.
    record KeepBytes(long bytes) implements TrimRule {
        public KeepBytes {
            requireNotNegative(bytes, "a number of bytes");
        }

        @Override
        public long firstToKeep(List<FragmentExtent> extents, long nextId, long nowNanos) {
            long kept = 0;
            long firstId = nextId;
            for (FragmentExtent extent : extents.reversed()) {
                kept += extent.bytes();
                if (kept > bytes) {
                    break;
                }
                firstId = extent.firstId();
            }
            return firstId;
        }
    }

    /// Drops the fragments whose newest entry is older than this. Where the clock has gone back,
    /// entries are younger than they seem and stay longer.
    ///
    /// @param age more than zero, up to 292 years
    record OlderThan(Duration age) implements TrimRule {
        public OlderThan {
            if (!age.isPositive() || age.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
                throw new IllegalArgumentException("an age of " + age
                        + ": it must be more than zero, and at most 292 years");
            }
        }

        @Override
        public long firstToKeep(List<FragmentExtent> extents, long nextId, long nowNanos) {
            for (FragmentExtent extent : extents) {
                if (nowNanos - extent.lastTimestampNanos() <= age.toNanos()) {
                    return extent.firstId();
                }
            }
            return nextId;
        }
    }

    private static void requireNotNegative(long value, String what) {
        if (value < 0) {
            throw new IllegalArgumentException(what + " cannot be " + value);
        }
    }
}
