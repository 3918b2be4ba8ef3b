package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.io.posix.PosixScheduler;
import io.duramen.wal.io.posix.PosixSchedulerSettings;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What fragments are made with, on the machine's own file system: disk, scheduler, buffers and the
/// files of one directory. Closes the fragments that were made here.
final class FragmentWorkbench implements AutoCloseable {
    static final int FRAGMENT_BYTES = 16 << 10;
    static final long GENERATION = 0x0123456789abcdefL;
    private static final int SLOT_BYTES = 64 << 10;

    private final Disk disk = new PosixDisk();
    private final PosixScheduler io = PosixScheduler.create(new PosixSchedulerSettings(1, 16));
    private final BufferPool pool = BufferPool
            .create(new BufferPoolSettings("fragments", SLOT_BYTES, 4, true, 64L << 20));
    private final Path directory;
    private final Encoding encoding;
    private final FragmentFiles files;
    private final List<FragmentOnDisk> made = new ArrayList<>();
    private long standbys;

    FragmentWorkbench(Path directory) {
        this(directory, Encoding.BUFFER);
    }

    FragmentWorkbench(Path directory, Encoding encoding) {
        this.directory = directory;
        this.encoding = encoding;
        this.files = new FragmentFiles(disk, io, directory);
    }

    static FragmentHeader header(long firstId, long fileSizeBytes) {
        return header(GENERATION, firstId, fileSizeBytes);
    }

    static FragmentHeader header(long generation, long firstId, long fileSizeBytes) {
        return new FragmentHeader(FragmentHeader.hashOf("golden"), generation, firstId,
                fileSizeBytes, 4096, 1, 1, firstId - 1, 0);
    }

    /// A new fragment of 16 KiB that starts with this id.
    FragmentOnDisk fragment(long firstId) {
        return fragment(header(firstId, FRAGMENT_BYTES));
    }

    FragmentOnDisk fragment(FragmentHeader header) {
        IoFile file = files.activate(files.prepare(standbys++, header.fileSizeBytes()), header);
        FragmentOnDisk fragment = new FragmentOnDisk(this, file, FragmentWriter.create(header));
        made.add(fragment);
        return fragment;
    }

    Encoding encoding() {
        return encoding;
    }

    Disk disk() {
        return disk;
    }

    PosixScheduler io() {
        return io;
    }

    BufferPool pool() {
        return pool;
    }

    FragmentFiles files() {
        return files;
    }

    long endOfBytes(IoFile file, long endOfData) {
        return FragmentTail.endOfBytes(io, file, endOfData);
    }

    FragmentEnds ends(IoFile file) {
        return new FragmentEnds.Reader(io).read(file);
    }

    Path directory() {
        return directory;
    }

    List<String> names() {
        return disk.list(directory).stream().sorted().toList();
    }

    @Override
    public void close() {
        made.forEach(FragmentOnDisk::close);
        io.close();
        pool.close();
    }
}
