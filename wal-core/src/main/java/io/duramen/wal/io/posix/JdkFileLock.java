package io.duramen.wal.io.posix;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.duramen.wal.io.Disk;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A lock of the JDK's on a file of its own beside the one that is locked.
///
/// These locks belong to the process: closing any channel to a file gives up what the process has
/// locked of it. So nobody opens the file beside but this class, and not while this process holds
/// its lock. Others use these locks only on systems without those of [PosixFileLock], so the two
/// kinds never meet.
///
/// Nothing tells whether another process holds a lock but trying to take it: who asks takes it
/// shared for a moment, hence who wants it tries for a while.
final class JdkFileLock implements Disk.FileLock {
    static final String SUFFIX = ".held";
    private static final int TRIES = 20;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /// Files locked by this process. Its monitor guards everything in this class.
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final AsynchronousFileChannel channel;

    private JdkFileLock(Path file, AsynchronousFileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /// Whether a name is that of a file beside another.
    static boolean isOwnName(String name) {
        return name.endsWith(SUFFIX);
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + SUFFIX);
    }

    static Optional<Disk.FileLock> tryTake(Path path) {
        synchronized (HELD) {
            Path file = realPath(path);
            if (HELD.contains(file)) {
                return Optional.empty();
            }
            AsynchronousFileChannel channel = open(file, CREATE, READ, WRITE);
            boolean taken = false;
            try {
                for (int i = 0; i < TRIES && !taken; i++) {
                    if (i > 0) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                    taken = channel.tryLock() != null;
                }
                if (taken) {
                    HELD.add(file);
                }
            } catch (IOException failed) {
                throw JdkFailure.of("fcntl", file, failed);
            } finally {
                if (!taken) {
                    close(channel);
                }
            }
            return taken ? Optional.of(new JdkFileLock(file, channel)) : Optional.empty();
        }
    }

    static boolean isTaken(Path path) {
        synchronized (HELD) {
            Path file = realPath(path);
            if (HELD.contains(file)) {
                return true;
            }
            if (!Files.exists(beside(file))) {
                return false;
            }
            AsynchronousFileChannel channel = open(file, READ);
            try (FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
                return shared == null;
            } catch (IOException failed) {
                throw JdkFailure.of("fcntl", file, failed);
            } finally {
                close(channel);
            }
        }
    }

    private static Path realPath(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException refused) {
            throw JdkFailure.of("open", path, refused);
        }
    }

    private static AsynchronousFileChannel open(Path file, OpenOption... options) {
        try {
            return AsynchronousFileChannel.open(
                    beside(file), Set.of(options), CallersExecutor.INSTANCE);
        } catch (IOException refused) {
            throw JdkFailure.of("open", beside(file), refused);
        }
    }

    /// Gives up the lock, if there is one: the kernel does that with the descriptor.
    private static void close(AsynchronousFileChannel channel) {
        try {
            channel.close();
        } catch (IOException failed) {
            assert !channel.isOpen() : "a channel is closed also when that fails";
        }
    }

    @Override
    public void close() {
        synchronized (HELD) {
            if (channel.isOpen()) {
                close(channel);
                HELD.remove(file);
            }
        }
    }
}
