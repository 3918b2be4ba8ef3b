package io.duramen.wal.io.posix;

import io.duramen.wal.os.OpenFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/// A file whose kernel interrupts calls, has no time just now, and transfers parts only.
///
/// @param random of many files' together
/// @param beforeSync called before each fdatasync(2)
record BrokenCalls(OpenFile file, Random random, Runnable beforeSync) implements OpenFile {
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;

    BrokenCalls(OpenFile file, Random random) {
        this(file, random, () -> {});
    }

    private int roll(int bound) {
        synchronized (random) {
            return random.nextInt(bound);
        }
    }

    private long perhaps(LongSupplier call) {
        return switch (roll(8)) {
            case 0 -> -EINTR;
            case 1 -> -EAGAIN;
            default -> call.getAsLong();
        };
    }

    /// At least one of them.
    private long fewer(long count) {
        return count > 1 && roll(4) == 0 ? 1 + roll((int) count - 1) : count;
    }

    private MemorySegment part(MemorySegment bytes) {
        return bytes.asSlice(0, fewer(bytes.byteSize()));
    }

    /// Fewer pieces, and of the last one a part.
    private List<MemorySegment> part(List<MemorySegment> pieces) {
        List<MemorySegment> fewer =
                new ArrayList<>(pieces.subList(0, (int) fewer(pieces.size())));
        fewer.set(fewer.size() - 1, part(fewer.getLast()));
        return fewer;
    }

    @Override
    public long pread(MemorySegment into, long offset) {
        return perhaps(() -> file.pread(part(into), offset));
    }

    @Override
    public long pwrite(MemorySegment bytes, long offset) {
        return perhaps(() -> file.pwrite(part(bytes), offset));
    }

    @Override
    public long preadv(List<MemorySegment> pieces, long offset) {
        return perhaps(() -> file.preadv(part(pieces), offset));
    }

    @Override
    public long pwritev(List<MemorySegment> pieces, long offset) {
        return perhaps(() -> file.pwritev(part(pieces), offset));
    }

    @Override
    public int fdatasync() {
        beforeSync.run();
        return roll(4) == 0 ? -EINTR : file.fdatasync();
    }

    @Override
    public int fsync() {
        return roll(4) == 0 ? -EINTR : file.fsync();
    }

    @Override
    public int fallocate(long offset, long lengthBytes) {
        return roll(4) == 0 ? -EINTR : file.fallocate(offset, lengthBytes);
    }

    @Override
    public Path path() {
        return file.path();
    }

    @Override
    public boolean tryUse() {
        return file.tryUse();
    }

    @Override
    public void use() {
        file.use();
    }

    @Override
    public void endUse() {
        file.endUse();
    }
}
