package io.duramen.wal.log;

/// How a log makes its next fragment files ready, on background threads. Not in mapped mode: a
/// store into pages that were written in large pieces makes the kernel write each of these pieces
/// again, so files are allocated there and no more.
///
/// @param preWriteBytesPerSecond how fast a file is filled with zeros: one that was a fragment
///     before, and in buffered mode every one, so that groups meet blocks that were written before,
///     which a sync makes durable faster; it doubles what is written in all. (In the modes that go
///     past the page cache groups bring zeros of their own.) At least 4096, or zero for not at all
/// @param reuseMax files of trimmed fragments that are kept to become fragments again, after they
///     were filled with zeros; the others are deleted. Zero for none
public record StandbySettings(long preWriteBytesPerSecond, int reuseMax) {
    /// Files are allocated ahead, and no more.
    public static final StandbySettings OFF = new StandbySettings(0, 0);

    private static final long RATE_MIN = 4096;
    private static final int REUSE_MAX = 1000;
    private static final StandbySettings DEFAULTS = new StandbySettings(16 << 20, 1);

    /// @throws IllegalArgumentException when a value is out of its range, or they contradict each
    ///     other
    public StandbySettings {
        if (preWriteBytesPerSecond != 0 && preWriteBytesPerSecond < RATE_MIN) {
            throw new IllegalArgumentException("standby files are filled with "
                    + preWriteBytesPerSecond + " bytes per second, it must be at least " + RATE_MIN
                    + ", or 0 for not at all");
        }
        if (reuseMax < 0 || reuseMax > REUSE_MAX) {
            throw new IllegalArgumentException("up to " + reuseMax
                    + " files are used again, it must be from 0 to " + REUSE_MAX);
        }
        if (reuseMax > 0 && preWriteBytesPerSecond == 0) {
            throw new IllegalArgumentException("up to " + reuseMax + " files are used again, but"
                    + " nothing fills them with zeros, which must come first: set a rate, or use"
                    + " none again");
        }
    }

    /// 16 MiB a second, and one file is used again.
    public static StandbySettings defaults() {
        return DEFAULTS;
    }
}
