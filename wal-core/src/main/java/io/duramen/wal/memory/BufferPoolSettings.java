package io.duramen.wal.memory;

/// How a pool is laid out.
///
/// @param name what messages and statistics call the pool
/// @param slotBytes size of a slot, a multiple of 4096
/// @param slots how many there are; their memory is reserved when the pool is created
/// @param strict whether misuse throws, and slots are checked for writes after their release; the
///     check reads and writes whole slots, so it is for tests and for hunting a bug
/// @param unpooledBytesMax most bytes that one-off buffers take together, 0 for none at all
public record BufferPoolSettings(String name, int slotBytes, int slots, boolean strict,
        long unpooledBytesMax) {
    public BufferPoolSettings {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a buffer pool needs a name");
        }
        if (slotBytes <= 0 || !Alignment.PAGE.isAligned(slotBytes)) {
            throw new IllegalArgumentException(
                    "slot size [" + slotBytes + "] of buffer pool '" + name
                            + "' must be a positive multiple of " + Alignment.PAGE.bytes());
        }
        if (slots <= 0) {
            throw new IllegalArgumentException(
                    "slots [" + slots + "] of buffer pool '" + name + "' must be positive");
        }
        if (unpooledBytesMax < 0) {
            throw new IllegalArgumentException(
                    "limit [" + unpooledBytesMax + "] on one-off buffers of buffer pool '"
                            + name + "' must not be negative");
        }
    }

    /// 64 slots of 256 KiB and at most 64 MiB of one-off buffers, lenient.
    public static BufferPoolSettings defaults() {
        return new BufferPoolSettings("wal", 256 << 10, 64, false, 64L << 20);
    }

    public BufferPoolSettings withName(String name) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax);
    }

    public BufferPoolSettings withSlotBytes(int slotBytes) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax);
    }

    public BufferPoolSettings withSlots(int slots) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax);
    }

    public BufferPoolSettings withStrict(boolean strict) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax);
    }

    public BufferPoolSettings withUnpooledBytesMax(long unpooledBytesMax) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax);
    }

    long slabBytes() {
        return (long) slotBytes * slots;
    }
}
