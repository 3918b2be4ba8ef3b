package io.duramen.wal.memory;

/// A power of two that offsets, sizes or addresses are multiples of.
public record Alignment(long bytes) {
    /// A page of memory, and the block that direct I/O is content with on the devices we know.
    public static final Alignment PAGE = new Alignment(4096);

    public Alignment {
        if (Long.bitCount(bytes) != 1 || bytes < 0) {
            throw new IllegalArgumentException("alignment [" + bytes + "] must be a power of two");
        }
    }

    /// The smallest multiple that is not below `value`.
    public long up(long value) {
        long down = down(value);
        return down == value ? value : Math.addExact(down, bytes);
    }

    /// The largest multiple that is not above `value`.
    public long down(long value) {
        return requireNotNegative(value) & -bytes;
    }

    public boolean isAligned(long value) {
        return (value & (bytes - 1)) == 0;
    }

    private static long requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("[" + value + "] must not be negative");
        }
        return value;
    }
}
