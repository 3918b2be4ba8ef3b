package io.duramen.wal.io;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Names and files: everything a log asks of a file system besides moving bytes.
///
/// Calls block and happen on the calling thread; any thread may call. A failed one throws
/// `WalException.Io` with the error number. Nothing here is durable until
/// [#syncDirectory(Path)] has returned for the directory concerned.
public interface Disk {
    /// Opens a file that exists.
    IoFile open(Path file, Access access);

    /// Opens a file that exists for reading and writing past the page cache (O_DIRECT). Each
    /// transfer then meets [IoFile#directAlignment()].
    ///
    /// Mappings of the file and buffered openings of it see what is written, but what they write
    /// must not meet direct transfers of the same bytes: the two are not ordered.
    ///
    /// @throws io.duramen.wal.WalException.Unsupported where the file system cannot do that for
    ///     this file; nothing is opened through the page cache instead
    IoFile openDirect(Path file, WriteSync sync);

    /// Creates an empty file and opens it for reading and writing; fails where the name is taken.
    IoFile create(Path file);

    /// Creates one directory; its parent exists. Does nothing where it is there already.
    void createDirectory(Path directory);

    boolean exists(Path path);

    /// Names in a directory, in no order, without `.` and `..`.
    List<String> list(Path directory);

    /// Moves a file or a directory to a name that is free, in one step; fails with EEXIST where it
    /// is taken.
    void rename(Path from, Path to);

    void delete(Path file);

    /// Makes the names in a directory durable: files created, renamed and deleted before the call.
    void syncDirectory(Path directory);

    /// Bytes an ordinary user may still allocate here.
    long usableBytes(Path directory);

    /// Takes the exclusive lock of an existing file, without waiting.
    ///
    /// @return the lock, or empty where another holder has it, in this process or in another
    Optional<FileLock> tryLock(Path file);

    /// True where someone holds the exclusive lock; asking takes no lock itself, so it cannot
    /// make a writer fail.
    boolean isLocked(Path file);

    /// How a file is opened.
    enum Access {
        READ_ONLY, READ_WRITE
    }

    /// When what was written to a direct file is on the device.
    enum WriteSync {
        /// After an Fdatasync: a device may keep what it was given in a volatile cache.
        ON_REQUEST,

        /// When the write completes (O_DSYNC), with the length and block map needed to read it.
        EACH_WRITE
    }

    /// An exclusive lock; ends when closed, and with the process however that ends.
    interface FileLock extends AutoCloseable {
        @Override
        void close();
    }
}
