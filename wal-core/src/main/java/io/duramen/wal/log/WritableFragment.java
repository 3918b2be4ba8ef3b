package io.duramen.wal.log;

import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.TailBlock;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.Alignment;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The fragment a log grows in: its writer, its file, what readers see of it, and how groups get
/// into it. At first it is only a writer, so that entries can be encoded for it at once;
/// [Rotation#activate(WritableFragment)] gives it its file.
///
/// Belongs to the log's owner, who closes it.
public final class WritableFragment implements AutoCloseable {
    /// From this size on a group is worth a way of its own, past the page cache.
    private static final long LARGE_GROUP_BYTES = 64 << 10;

    private final FragmentWriter writer;
    private final IoMode mode;
    /// Where groups are written in whole blocks.
    private final TailBlock tail;
    private WrittenSpace written;
    private Fragment fragment;
    private IoFile file;
    /// Another opening of the file, past the page cache, where the mode has one.
    private IoFile direct;
    /// In mapped mode only, and read while another thread may attach the file: till then groups
    /// are encoded in buffers.
    private volatile FragmentMapping mapping;

    WritableFragment(FragmentWriter writer, IoMode mode) {
        this.writer = writer;
        this.mode = mode;
        this.tail = mode.writesBlocks() ? new TailBlock() : null;
    }

    /// Gives it its file, which it then owns: also where this fails.
    ///
    /// @param dataFrom where the first group will be written; others may be adding entries to it
    /// @param writtenBytes so many from the file's start were written before
    void attach(Fragment toFragment, IoFile toFile, long dataFrom, long writtenBytes,
            LogEnvironment environment) {
        fragment = toFragment;
        file = toFile;
        try {
            switch (mode) {
                case BUFFERED -> {
                }
                case AUTO, DIRECT -> {
                    direct = environment.disk().openDirect(toFragment.path(),
                            Disk.WriteSync.ON_REQUEST);
                    written = new WrittenSpace(writer.header().fileSizeBytes(), writtenBytes);
                }
                case MAPPED -> mapping = FragmentMapping.of(toFile, dataFrom,
                        new FragmentGeometry(writer.header().fileSizeBytes()).footerStart(),
                        environment.background());
            }
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /// Learns what lies in the file's last block of data; after recovery and before the first
    /// group.
    void readTail(IoScheduler io, IoFile from) {
        long start = TailBlock.startOf(writer.endOfData());
        if (tail == null || start == writer.endOfData()) {
            return;
        }
        MemorySegment block = Arena.ofAuto()
                .allocate(FragmentGeometry.BLOCK_BYTES, Alignment.PAGE.bytes());
        io.execute(IoChain.of(new IoOperation.Read(from, block, start))).orThrow();
        tail.keep(block.asSlice(0, writer.endOfData() - start));
    }

    public FragmentWriter writer() {
        return writer;
    }

    /// Notes in the status page that the log ends here. All of it is on the device.
    public void noteClosed(WriterFence fence) {
        if (!fence.isFenced()) {
            fence.status().closed(fence.epoch(),
                    new ClosedEnd(writer.header().generation(), writer.endOfData()));
        }
    }

    boolean hasFile() {
        return file != null;
    }

    public Fragment fragment() {
        return fragment;
    }

    /// The file, for syncs and for what is not a group.
    public IoFile file() {
        return file;
    }

    /// The place in the file where the next group is encoded; empty where it needs a buffer.
    ///
    /// @param groupBytes what it must at least hold
    /// @throws io.duramen.wal.WalException.Io when a page there cannot be written to
    public Optional<GroupMemory> ownMemory(long groupBytes) {
        FragmentMapping own = mapping;
        return own == null ? Optional.empty() : Optional.of(GroupMemory.inPlace(
                own.from(writer.endOfData(), Math.max(groupBytes, LogEnvironment.GROUP_BYTES))));
    }

    /// Memory for the next group in a buffer of [IoMode#bufferBytesFor(long)].
    public GroupMemory memoryIn(BufferLease buffer) {
        return tail == null ? GroupMemory.in(buffer) : GroupMemory.inBlocks(buffer, tail);
    }

    /// Puts a closed group into the file; all groups before it are there.
    ///
    /// @param syncFollows it is synced before anything else is done
    /// @return what must be written for it; empty where it is there now
    public Optional<IoChain> put(OpenGroup group, boolean syncFollows) {
        if (group.isInPlace()) {
            group.publish();
            return Optional.empty();
        }
        GroupMemory.Piece piece = group.piece();
        IoOperation write = new IoOperation.Write(goesDirect(piece, syncFollows) ? direct : file,
                piece.bytes(), piece.fileOffset());
        if (direct == null) {
            return Optional.of(IoChain.of(write));
        }
        long from = piece.fileOffset();
        return Optional
                .of(written.ahead(direct, from, from + piece.bytes().byteSize(), syncFollows)
                        .map(zeros -> IoChain.of(zeros, write))
                        .orElseGet(() -> IoChain.of(write)));
    }

    private boolean goesDirect(GroupMemory.Piece piece, boolean syncFollows) {
        return switch (mode) {
            case BUFFERED, MAPPED -> false;
            case DIRECT -> true;
            case AUTO -> piece.bytes().byteSize() >= LARGE_GROUP_BYTES
                    || syncFollows && !fragment.isLeased();
        };
    }

    /// Lets go of the file. Nothing is under way.
    @Override
    public void close() {
        try {
            if (mapping != null) {
                mapping.close();
                mapping = null;
            }
        } finally {
            if (direct != null) {
                direct.close();
            }
            file.close();
        }
    }
}
