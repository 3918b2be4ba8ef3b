package io.duramen.wal.log;

import java.time.Duration;

/// How conditional appends that come before their turn wait for those in front of them.
///
/// @param entriesMax entries that may wait, which also is how far ahead of the next id they may
///     be: 0 to refuse all, at most 1,000,000
/// @param bytesMax bytes of entries, as they lie in the file (8 more for each, and padding), that
///     may wait, at least 1; held in memory
/// @param timeout how long one waits at least, and twice as long at most, before it is refused; at
///     least 1 ms
public record ReorderSettings(int entriesMax, long bytesMax, Duration timeout) {
    /// An append that comes before its turn is refused at once.
    public static final ReorderSettings OFF =
            new ReorderSettings(0, 16L << 20, Duration.ofSeconds(10));
    private static final int ENTRIES_LIMIT = 1_000_000;

    /// @throws IllegalArgumentException when a value is out of its range
    public ReorderSettings {
        if (entriesMax < 0 || entriesMax > ENTRIES_LIMIT) {
            throw new IllegalArgumentException("the reorder window is " + entriesMax
                    + " entries, it must be 0 to " + ENTRIES_LIMIT);
        }
        if (bytesMax < 1) {
            throw new IllegalArgumentException("the reorder window is " + bytesMax
                    + " bytes, it must be at least 1");
        }
        if (timeout.toMillis() < 1) {
            throw new IllegalArgumentException("the reorder window's timeout is " + timeout
                    + ", it must be at least 1 ms");
        }
    }

    /// As [#OFF], for so many entries.
    public static ReorderSettings of(int entriesMax) {
        return new ReorderSettings(entriesMax, OFF.bytesMax(), OFF.timeout());
    }
}
