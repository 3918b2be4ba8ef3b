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

    /// The whole blocks inside `[start, end)`: its start rounded up, its end rounded down. The
    /// range is empty where no whole block lies inside.
    public Range inward(long start, long end) {
        if (start > end) {
            throw new IllegalArgumentException(
                    "range [" + start + ", " + end + ") ends before it starts");
        }
        long lastEdge = down(end);
        return new Range(start >= lastEdge ? lastEdge : Math.min(up(start), lastEdge), lastEdge);
    }

    private static long requireNotNegative(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("[" + value + "] must not be negative");
        }
        return value;
    }

    /// From `start`, included, to `end`, excluded.
    public record Range(long start, long end) {
        public long sizeBytes() {
            return end - start;
        }

        public boolean isEmpty() {
            return start == end;
        }
    }
}
