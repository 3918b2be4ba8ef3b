package io.duramen.wal.fragment;

import io.duramen.wal.format.BitFlips;
import io.duramen.wal.format.EntryWriter;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A fragment that a test writes, and damages: its file, and the writer that knows its end.
final class FragmentOnDisk implements AutoCloseable {
    private final FragmentWorkbench bench;
    private final IoFile file;
    private final FragmentWriter writer;
    private final Fragment fragment;
    private final TailBlock tail = new TailBlock();
    private final Arena mapping = Arena.ofConfined();

    FragmentOnDisk(FragmentWorkbench bench, IoFile file, FragmentWriter writer) {
        this.bench = bench;
        this.file = file;
        this.writer = writer;
        this.fragment = Fragment.growing(bench.disk(), bench.files().path(writer.header()),
                writer.header(), writer.index());
    }

    /// Writes a group of entries that stand for themselves; without any it is a closing record.
    void group(long durableId, long nowNanos, byte[]... payloads) {
        write(durableId, nowNanos, false, payloads);
    }

    /// Writes a group whose entries all say that their batch continues, the last one too.
    void groupOfOpenBatch(long durableId, long nowNanos, byte[]... payloads) {
        write(durableId, nowNanos, true, payloads);
    }

    private void write(long durableId, long nowNanos, boolean batchContinues,
            byte[]... payloads) {
        try (BufferLease lease = bench.pool().tryAcquire().orElseThrow()) {
            OpenGroup group = beginGroup(lease);
            for (byte[] payload : payloads) {
                group.add(Payload.of(payload), batchContinues);
            }
            write(group, durableId, nowNanos);
        }
    }

    /// Writes a group that is one atomic batch.
    void batch(long durableId, long nowNanos, byte[]... payloads) {
        try (BufferLease lease = bench.pool().tryAcquire().orElseThrow()) {
            OpenGroup group = beginGroup(lease);
            for (int i = 0; i < payloads.length; i++) {
                group.add(Payload.of(payloads[i]), i < payloads.length - 1);
            }
            write(group, durableId, nowNanos);
        }
    }

    /// Starts a group where the bench's encoding has it; the lease is used where it needs a buffer.
    OpenGroup beginGroup(BufferLease lease) {
        return writer.beginGroup(bench.encoding().memory(this, lease));
    }

    void write(OpenGroup group, long durableId, long nowNanos) {
        group.close(durableId, nowNanos);
        if (group.isInPlace()) {
            group.publish();
            return;
        }
        GroupMemory.Piece piece = group.piece();
        execute(new IoOperation.Write(file, piece.bytes(), piece.fileOffset()));
    }

    TailBlock tail() {
        return tail;
    }

    /// The whole file, to be written to.
    MemorySegment mapped() {
        return file.map(IoFile.Mapping.READ_WRITE, 0, file.sizeBytes(), mapping);
    }

    /// Seals the file and tells the readers' side.
    FragmentFooter seal() {
        FragmentFooter footer = bench.files().seal(file, writer);
        fragment.sealed(footer);
        return footer;
    }

    /// A copy of the whole file, to look at or to damage.
    MemorySegment content() {
        MemorySegment copy = Arena.ofAuto().allocate(file.sizeBytes(), 8);
        execute(new IoOperation.Read(file, copy, 0));
        return copy;
    }

    FragmentScan scan() {
        return FragmentScan.of(writer.header(), content());
    }

    /// Makes one bit of the file wrong.
    void flipBit(long offset, int bit) {
        MemorySegment copy = content();
        BitFlips.flip(copy, offset * 8 + bit);
        execute(new IoOperation.Write(file, copy.asSlice(offset, 1), offset));
    }

    /// Puts the mark of a lost entry in an entry's place.
    ///
    /// @param recordBytes of the entry
    void markLost(long entryId, long recordBytes) {
        MemorySegment copy = content();
        new EntryWriter(copy, header().generation()).markLost(offsetOf(entryId), entryId,
                recordBytes);
        execute(new IoOperation.Write(file, copy.asSlice(offsetOf(entryId), recordBytes),
                offsetOf(entryId)));
    }

    private void execute(IoOperation operation) {
        bench.io().execute(IoChain.of(operation)).orThrow();
    }

    /// Where an entry starts.
    long offsetOf(long entryId) {
        return writer.index().offset(entryId - header().firstId());
    }

    FragmentHeader header() {
        return writer.header();
    }

    FragmentGeometry geometry() {
        return new FragmentGeometry(header().fileSizeBytes());
    }

    FragmentWriter writer() {
        return writer;
    }

    Fragment fragment() {
        return fragment;
    }

    IoFile file() {
        return file;
    }

    Path path() {
        return fragment.path();
    }

    @Override
    public void close() {
        mapping.close();
        file.close();
    }
}
