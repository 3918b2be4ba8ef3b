package io.duramen.wal.probe;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.nio.file.Path;
import java.util.function.Supplier;

/// A file whose blocks are there and hold bytes already. To write some of them again and to sync is
/// the least that a durable append can cost: no space is found, no length changes.
///
/// Belongs to one thread. Writes go through the file one behind the other, and start again at its
/// end.
public final class PreWrittenFile implements AutoCloseable {
    private static final long SIZE_BYTES_MIN = 1 << 20;
    private static final int WRITES_MIN = 4;
    private static final byte FILLING = 0x55;

    private final IoScheduler io;
    private final IoFile file;
    private final AlignedBuffer bytes;
    private final long sizeBytes;
    private long offset;

    private PreWrittenFile(IoScheduler io, IoFile file, AlignedBuffer bytes, long sizeBytes) {
        this.io = io;
        this.file = file;
        this.bytes = bytes;
        this.sizeBytes = sizeBytes;
    }

    /// Creates a file to be written through the page cache.
    ///
    /// @param path a name that is free
    /// @param writeBytes what each write takes
    public static PreWrittenFile buffered(Disk disk, IoScheduler io, Path path, int writeBytes) {
        long sizeBytes = create(disk, io, path, writeBytes);
        return open(io, () -> disk.open(path, Disk.Access.READ_WRITE), writeBytes, sizeBytes);
    }

    /// Creates a file to be written past the page cache.
    ///
    /// @param writeBytes what each write takes; rounded up to whole blocks of 4096 bytes
    /// @throws io.duramen.wal.WalException.Unsupported where the file system cannot do that
    public static PreWrittenFile direct(Disk disk, IoScheduler io, Path path, int writeBytes) {
        int blocks = Math.toIntExact(Alignment.PAGE.up(writeBytes));
        long sizeBytes = create(disk, io, path, blocks);
        return open(io, () -> disk.openDirect(path, Disk.WriteSync.ON_REQUEST), blocks,
                sizeBytes);
    }

    private static long create(Disk disk, IoScheduler io, Path path, int writeBytes) {
        long sizeBytes =
                Alignment.PAGE.up(Math.max(SIZE_BYTES_MIN, (long) WRITES_MIN * writeBytes));
        try (IoFile created = disk.create(path);
                AlignedBuffer zeros = AlignedBuffer.allocate(SIZE_BYTES_MIN, Alignment.PAGE)) {
            created.allocate(0, sizeBytes);
            for (long at = 0; at < sizeBytes; at += SIZE_BYTES_MIN) {
                long length = Math.min(SIZE_BYTES_MIN, sizeBytes - at);
                io.execute(IoChain.of(new IoOperation.Write(created,
                        zeros.memory().asSlice(0, length), at))).orThrow();
            }
            io.execute(IoChain.of(new IoOperation.Fsync(created))).orThrow();
        }
        return sizeBytes;
    }

    private static PreWrittenFile open(IoScheduler io, Supplier<IoFile> opening, int writeBytes,
            long sizeBytes) {
        AlignedBuffer bytes = AlignedBuffer.allocate(writeBytes, Alignment.PAGE);
        try {
            bytes.memory().fill(FILLING);
            return new PreWrittenFile(io, opening.get(), bytes, sizeBytes);
        } catch (RuntimeException | Error refused) {
            bytes.close();
            throw refused;
        }
    }

    /// Writes the next bytes and syncs them, on this thread.
    ///
    /// @throws io.duramen.wal.WalException when either fails
    public void writeAndSync() {
        if (offset + bytes.sizeBytes() > sizeBytes) {
            offset = 0;
        }
        io.execute(IoChain.durableWrite(file, bytes.memory(), offset)).orThrow();
        offset += bytes.sizeBytes();
    }

    public long writeBytes() {
        return bytes.sizeBytes();
    }

    @Override
    public void close() {
        file.close();
        bytes.close();
    }
}
