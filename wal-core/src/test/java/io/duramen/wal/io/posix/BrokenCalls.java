package io.duramen.wal.io.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.duramen.wal.os.TransferCalls;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.LongSupplier;

/// A kernel that interrupts calls, has no time just now, and transfers parts only.
final class BrokenCalls implements TransferCalls {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    private final Random random;
    private volatile Runnable beforeSync = () -> {};

    BrokenCalls(Random random) {
        this.random = random;
    }

    void beforeSync(Runnable action) {
        beforeSync = action;
    }

    private synchronized int roll(int bound) {
        return random.nextInt(bound);
    }

    private long perhaps(LongSupplier call) {
        return switch (roll(8)) {
            case 0 -> -EINTR;
            case 1 -> -EAGAIN;
            default -> call.getAsLong();
        };
    }

    /// At least one byte of them.
    private long fewer(long bytes) {
        return bytes > 1 && roll(4) == 0 ? 1 + roll((int) bytes - 1) : bytes;
    }

    @Override
    public long pread(int fd, MemorySegment into, long offset) {
        MemorySegment part = into.asSlice(0, fewer(into.byteSize()));
        return perhaps(() -> KERNEL.pread(fd, part, offset));
    }

    @Override
    public long pwrite(int fd, MemorySegment bytes, long offset) {
        MemorySegment part = bytes.asSlice(0, fewer(bytes.byteSize()));
        return perhaps(() -> KERNEL.pwrite(fd, part, offset));
    }

    @Override
    public long preadv(int fd, MemorySegment iovecs, int count, long offset) {
        int fewer = cut(iovecs, count);
        return perhaps(() -> KERNEL.preadv(fd, iovecs, fewer, offset));
    }

    @Override
    public long pwritev(int fd, MemorySegment iovecs, int count, long offset) {
        int fewer = cut(iovecs, count);
        return perhaps(() -> KERNEL.pwritev(fd, iovecs, fewer, offset));
    }

    /// Fewer pieces, and of the last one a part.
    private int cut(MemorySegment iovecs, int count) {
        int fewer = (int) fewer(count);
        long lastLength = 2L * fewer - 1;
        iovecs.setAtIndex(JAVA_LONG, lastLength,
                fewer(iovecs.getAtIndex(JAVA_LONG, lastLength)));
        return fewer;
    }

    @Override
    public int fdatasync(int fd) {
        beforeSync.run();
        return roll(4) == 0 ? -EINTR : KERNEL.fdatasync(fd);
    }

    @Override
    public int fsync(int fd) {
        return roll(4) == 0 ? -EINTR : KERNEL.fsync(fd);
    }

    @Override
    public int fallocate(int fd, long offset, long length) {
        return roll(4) == 0 ? -EINTR : KERNEL.fallocate(fd, offset, length);
    }
}
