package io.duramen.wal.memory;

import java.util.Objects;

/// How a pool is laid out.
///
/// @param name what messages and statistics call the pool
/// @param slotBytes size of a slot, a multiple of 4096
/// @param slots how many there are; their memory is reserved when the pool is created
/// @param strict whether misuse throws, and slots are checked for writes after their release and
///     outside their bounds; the check reads and writes whole slots and takes 4096 bytes more for
///     each, so it is for tests and for hunting a bug
/// @param unpooledBytesMax most bytes that one-off buffers take together, 0 for none at all
/// @param slab what kind of memory the slots are made of
/// @param watch what is watched of the users
public record BufferPoolSettings(String name, int slotBytes, int slots, boolean strict,
        long unpooledBytesMax, SlabSettings slab, WatchSettings watch) {
    public BufferPoolSettings {
        Objects.requireNonNull(slab);
        Objects.requireNonNull(watch);
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

    /// Of ordinary memory, watched as [WatchSettings#defaults()] says.
    public BufferPoolSettings(String name, int slotBytes, int slots, boolean strict,
            long unpooledBytesMax) {
        this(name, slotBytes, slots, strict, unpooledBytesMax, SlabSettings.defaults(),
                WatchSettings.defaults());
    }

    /// 64 slots of 256 KiB and at most 64 MiB of one-off buffers, lenient.
    public static BufferPoolSettings defaults() {
        return new BufferPoolSettings("wal", 256 << 10, 64, false, 64L << 20);
    }

    public BufferPoolSettings withName(String name) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withSlotBytes(int slotBytes) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withSlots(int slots) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withStrict(boolean strict) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withUnpooledBytesMax(long unpooledBytesMax) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withSlab(SlabSettings slab) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }

    public BufferPoolSettings withWatch(WatchSettings watch) {
        return new BufferPoolSettings(name, slotBytes, slots, strict, unpooledBytesMax, slab,
                watch);
    }
}
