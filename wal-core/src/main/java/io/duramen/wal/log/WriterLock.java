package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.Arena;
import java.util.function.Consumer;

/// The file `LOCK`: the lock that makes the writer the only one, and the status page in it.
///
/// The lock is the operating system's and ends with its holder; the file is never deleted, so that
/// two writers can never hold the locks of two files of this name.
public final class WriterLock implements AutoCloseable {
    private final LogDirectory directory;
    private final Disk.FileLock lock;
    private final Arena mapping;
    private final WriterStatus status;

    private WriterLock(LogDirectory directory, Disk.FileLock lock, Arena mapping,
            WriterStatus status) {
        this.directory = directory;
        this.lock = lock;
        this.mapping = mapping;
        this.status = status;
    }

    /// Takes the lock.
    ///
    /// @throws WalException.Locked when another writer has it
    public static WriterLock acquire(LogDirectory directory) {
        Disk disk = directory.disk();
        if (!disk.exists(directory.lockFile())) {
            create(directory);
        }
        Disk.FileLock lock = disk.tryLock(directory.lockFile())
                .orElseThrow(() -> new WalException.Locked(directory.path(), holderOf(directory)));
        Arena mapping = Arena.ofShared();
        try (IoFile file = disk.open(directory.lockFile(), Disk.Access.READ_WRITE)) {
            if (file.sizeBytes() < WriterStatus.BYTES) {
                file.allocate(0, WriterStatus.BYTES);
            }
            WriterStatus status = new WriterStatus(
                    file.map(IoFile.Mapping.READ_WRITE, 0, WriterStatus.BYTES, mapping));
            return new WriterLock(directory, lock, mapping, status);
        } catch (RuntimeException failure) {
            mapping.close();
            lock.close();
            throw failure;
        }
    }

    private static void create(LogDirectory directory) {
        try (IoFile created = directory.disk().create(directory.lockFile())) {
            created.allocate(0, WriterStatus.BYTES);
        } catch (WalException.Io failure) {
            if (!directory.disk().exists(directory.lockFile())) {
                throw failure;
            } // else another writer was quicker: the lock decides
        }
        directory.disk().syncDirectory(directory.path());
    }

    /// The process that holds the lock, 0 where it is not known.
    static long holderOf(LogDirectory directory) {
        try (StatusView view = StatusView.open(directory)) {
            return view.status().pid();
        } catch (WalException _) {
            return 0; // the holder has only just created the file
        }
    }

    /// Says in the status page, and on the device, who writes, how, and from which id on; before
    /// anything is appended.
    ///
    /// @param io what will write
    void begin(LogId logId, long writerEpoch, long lastId, IoMode ioMode, IoScheduler io) {
        change(io, page -> page.begin(FragmentHeader.hashOf(logId.value()),
                ProcessHandle.current().pid(), writerEpoch, lastId, ioMode.toString(),
                io.driverName()));
    }

    public WriterStatus status() {
        return status;
    }

    /// Changes the status page, and returns when that is on the device. That is rare, and the file
    /// is open no longer than it takes, since a process may have thousands of logs; but before the
    /// change, so that no error in writing it is missed.
    void change(IoScheduler io, Consumer<WriterStatus> change) {
        try (IoFile file =
                directory.disk().open(directory.lockFile(), Disk.Access.READ_WRITE)) {
            change.accept(status);
            io.execute(IoChain.of(new IoOperation.Fsync(file))).orThrow();
        }
    }

    @Override
    public void close() {
        mapping.close();
        lock.close();
    }
}
