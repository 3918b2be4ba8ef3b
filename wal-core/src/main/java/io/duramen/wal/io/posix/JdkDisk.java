package io.duramen.wal.io.posix;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// The machine's own file systems, through Java's own file API: for systems whose calls are not
/// known to this software, such as macOS. The promises of [Disk] hold; what is missing or slower is
/// logged once.
///
/// [io.duramen.wal.io.Disk#tryLock(Path)] may take a tenth of a second where another process has
/// the lock.
public final class JdkDisk implements Disk {
    private static final System.Logger LOG = System.getLogger(JdkDisk.class.getName());
    private static final AtomicBoolean IS_SAID = new AtomicBoolean();
    private static final String MISSING = "files are reached through Java's own file API on "
            + System.getProperty("os.name") + " (" + System.getProperty("os.arch") + "): no direct"
            + " I/O, space is allocated by writing zeros, sealed fragments keep their unused"
            + " space, files of trimmed ones are not used again, advice to the kernel is not given,"
            + " the lock of a log is on LOCK"
            + JdkFileLock.SUFFIX;

    /// @throws UnsupportedOperationException on Windows, which cannot make the names in a directory
    ///     durable
    public JdkDisk() {
        requireDurableNames(System.getProperty("os.name"));
        if (IS_SAID.compareAndSet(false, true)) {
            LOG.log(Level.INFO, MISSING);
        }
    }

    static void requireDurableNames(String system) {
        if (system.startsWith("Windows")) {
            throw new UnsupportedOperationException("a log cannot be durable on " + system
                    + ", which has no sync of directories: run it on Linux or macOS, or in a Linux"
                    + " container");
        }
    }

    @Override
    public IoFile open(Path file, Access access) {
        return JdkFile.open(file, switch (access) {
            case READ_ONLY -> Set.of(READ);
            case READ_WRITE -> Set.of(READ, WRITE);
        });
    }

    @Override
    public IoFile openDirect(Path file, WriteSync sync) {
        open(file, Access.READ_WRITE).close(); // what is wrong with the file itself comes first
        throw new WalException.Unsupported(
                file + " cannot be opened for direct I/O: that is done on Linux only; use"
                        + " buffered I/O");
    }

    @Override
    public IoFile create(Path file) {
        return JdkFile.open(file, Set.of(READ, WRITE, CREATE_NEW));
    }

    @Override
    public void createDirectory(Path directory) {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException taken) {
            if (!Files.isDirectory(directory)) {
                throw JdkFailure.of("mkdir", directory, taken);
            }
        } catch (IOException refused) {
            throw JdkFailure.of("mkdir", directory, refused);
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /// Without the files that locks are on.
    @Override
    public List<String> list(Path directory) {
        List<String> names = DirectoryNames.of(directory);
        names.removeIf(JdkFileLock::isOwnName);
        return names;
    }

    /// A crash in between leaves one file with both names, never none.
    @Override
    public void rename(Path from, Path to) {
        if (Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
            DirectoryNames.move(from, to);
            return;
        }
        try {
            Files.createLink(to, from);
            Files.delete(from);
        } catch (IOException refused) {
            throw JdkFailure.of("rename", from, refused, ", the new name being " + to);
        } catch (UnsupportedOperationException refused) {
            throw new WalException.Unsupported("the file system of " + from + " cannot rename"
                    + " without replacing (no hard links): use another");
        }
    }

    @Override
    public void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException refused) {
            throw JdkFailure.of("unlink", file, refused);
        }
    }

    @Override
    public void syncDirectory(Path directory) {
        if (exists(directory) && !Files.isDirectory(directory)) {
            throw JdkFailure.of("open", directory,
                    new NotDirectoryException(directory.toString()));
        }
        try (JdkChannel channel = JdkChannel.open(directory, Set.of(READ))) {
            channel.use();
            try {
                channel.fsync();
            } finally {
                channel.endUse();
            }
        }
    }

    @Override
    public long usableBytes(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException refused) {
            throw JdkFailure.of("statfs", directory, refused);
        }
    }

    @Override
    public Optional<FileLock> tryLock(Path file) {
        return JdkFileLock.tryTake(file);
    }

    @Override
    public boolean isLocked(Path file) {
        return JdkFileLock.isTaken(file);
    }
}
