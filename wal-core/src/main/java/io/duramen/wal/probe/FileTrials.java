package io.duramen.wal.probe;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Tries what a log asks of a file besides reading and writing, on a file of its own.
///
/// @param directory a directory that may be written to
record FileTrials(LogEnvironment environment, Path directory) {
    static final String ALLOCATION = "fallocate";
    static final String HOLES = "hole punching";
    static final String LOCKS = "file locks";

    private static final long SIZE_BYTES = 256 << 10;

    List<Trial> run() {
        return List.of(
                trial(ALLOCATION, this::allocate),
                trial(HOLES, this::punch),
                trial(LOCKS, this::lock));
    }

    private Trial trial(String what, Function<IoFile, Trial> action) {
        Path path = directory.resolve(what.replace(' ', '-'));
        try (IoFile file = environment.disk().create(path)) {
            return action.apply(file);
        } catch (WalException failed) {
            return new Trial(what, false, failed.getMessage());
        }
    }

    private Trial allocate(IoFile file) {
        file.reserve(0, SIZE_BYTES);
        return new Trial(ALLOCATION, true, "a file gets its blocks ahead, so a full disk is met"
                + " before a write");
    }

    private Trial punch(IoFile file) {
        file.allocate(0, SIZE_BYTES);
        try (AlignedBuffer bytes = AlignedBuffer.allocate(SIZE_BYTES, Alignment.PAGE);
                AlignedBuffer zeros = AlignedBuffer.allocate(SIZE_BYTES, Alignment.PAGE)) {
            bytes.memory().fill((byte) 1);
            execute(new IoOperation.Write(file, bytes.memory(), 0));
            if (file.punchHole(0, SIZE_BYTES) == 0) {
                return new Trial(HOLES, false, "the file system took no blocks back");
            }
            execute(new IoOperation.Read(file, bytes.memory(), 0));
            return bytes.memory().mismatch(zeros.memory()) < 0
                    ? new Trial(HOLES, true, "unused blocks of a fragment go back to the file"
                            + " system")
                    : new Trial(HOLES, false, "what was given back does not read as zero");
        }
    }

    private void execute(IoOperation operation) {
        environment.scheduler().execute(IoChain.of(operation)).orThrow();
    }

    private Trial lock(IoFile file) {
        Disk disk = environment.disk();
        try (Disk.FileLock _ = disk.tryLock(file.path()).orElseThrow(
                () -> new WalException.Unsupported("a new file of ours is locked already"))) {
            Optional<Disk.FileLock> second = disk.tryLock(file.path());
            second.ifPresent(Disk.FileLock::close);
            return new Trial(LOCKS, second.isEmpty(), second.isEmpty()
                    ? "a second writer is refused"
                    : "a second opening of a locked file was given the lock too");
        }
    }
}
