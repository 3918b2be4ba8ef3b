package io.duramen.wal.log;

/// Which entries to read: ids from `firstId` to `lastId`, both included.
public record ReadRange(long firstId, long lastId) {
    /// @throws IllegalArgumentException when `firstId` is negative or `lastId` lies more than one
    ///     before it
    public ReadRange {
        if (firstId < 0 || lastId < firstId - 1) {
            throw new IllegalArgumentException(
                    "no range of entry ids: " + firstId + " to " + lastId);
        }
    }

    /// From an id to wherever the log ends.
    public static ReadRange from(long firstId) {
        return new ReadRange(firstId, Long.MAX_VALUE);
    }

    /// This range, at most `count` entries of it.
    public ReadRange atMost(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("a count of entries must not be negative: " + count);
        }
        long last = count > Long.MAX_VALUE - firstId ? Long.MAX_VALUE : firstId + count - 1;
        return new ReadRange(firstId, Math.min(last, lastId));
    }
}
