package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.IovecList;
import io.duramen.wal.os.PieceCursor;
import io.duramen.wal.os.SubmissionEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Turns operations into entries of the submission queue.
///
/// The user data of an entry names the slot of its flight and its index there:
///
/// ```
///  63        62     48        16        0
///  +---------+------+----------+---------+
///  | doorbell| void | slot     | index   |
/// ```
final class RingEntries implements AutoCloseable {
    /// Nothing waits for the entry.
    static final byte NO_LINK = 0;

    private static final int INDEX_BITS = 16;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
    private static final int PIECES_MAX = 4 * IovecList.CALL_PIECES_MAX;

    private final Arena arena = Arena.ofShared();
    private final Ring ring;
    private final SubmissionQueue queue;
    private final FileTable files;
    private final RegisteredMemory registered;
    private final long transferBytesMax;

    /// The kernel has read the pieces of an entry when it has taken the entry, so this starts over
    /// whenever it has taken all of them.
    private final IovecList pieces = IovecList.allocate(arena, PIECES_MAX);

    RingEntries(Ring ring, RingTransfers transfers, FileTable files) {
        this.ring = ring;
        this.files = files;
        queue = ring.submissions();
        registered = transfers.registered();
        transferBytesMax = transfers.bytesMax();
    }

    private static long userData(int slot, int index) {
        return (long) slot << INDEX_BITS | index;
    }

    static int slot(long userData) {
        return (int) ((userData & ~SubmissionQueue.VOID) >>> INDEX_BITS);
    }

    static int index(long userData) {
        return (int) (userData & INDEX_MASK);
    }

    static boolean isVoid(long userData) {
        return (userData & SubmissionQueue.VOID) != 0;
    }

    /// What one entry moves at most.
    long transferBytesMax() {
        return transferBytesMax;
    }

    /// Pieces of memory that vectored transfers may still have before the kernel takes entries.
    int piecesFree() {
        return pieces.free();
    }

    /// The kernel may have taken entries.
    void entered() {
        if (queue.unconsumed() == 0) {
            pieces.clear();
        }
    }

    /// Asks the kernel to give an entry up.
    void cancel(int slot, int index) {
        ring.cancel(userData(slot, index));
    }

    /// One vectored write of writes that follow each other.
    ///
    /// @param link what is in between this one and the entry that is put next
    void putWrites(List<Write> writes, Descriptor file, byte link, int slot, int index) {
        long list = pieces.endAddress();
        writes.forEach(write -> pieces.add(write.bytes()));
        long at = put(SubmissionEntry.IORING_OP_WRITEV, file, userData(slot, index));
        SubmissionEntry.putTransfer(
                queue.entries(), at, list, writes.size(), writes.getFirst().offset());
        SubmissionEntry.addFlags(queue.entries(), at, link);
    }

    /// An fdatasync(2).
    void putSync(Descriptor file, int slot, int index) {
        sync(file, userData(slot, index), SubmissionEntry.IORING_FSYNC_DATASYNC);
    }

    /// @param moved bytes of the operation that are moved already
    /// @param link what is in between this one and the entry that is put next
    void put(IoOperation operation, Descriptor file, long moved, byte link, int slot, int index) {
        long userData = userData(slot, index);
        long at = switch (operation) {
            case Write(_, var bytes, long offset) -> transfer(bytes.asSlice(moved),
                    offset + moved, file, userData, SubmissionEntry.IORING_OP_WRITE,
                    SubmissionEntry.IORING_OP_WRITE_FIXED);
            case Writev(_, var from, long offset) -> vectored(SubmissionEntry.IORING_OP_WRITEV,
                    from, moved, offset, file, userData);
            case Read(_, var into, long offset) -> transfer(into.asSlice(moved),
                    offset + moved, file, userData, SubmissionEntry.IORING_OP_READ,
                    SubmissionEntry.IORING_OP_READ_FIXED);
            case Readv(_, var into, long offset) -> vectored(SubmissionEntry.IORING_OP_READV,
                    into, moved, offset, file, userData);
            case Fdatasync _ -> sync(file, userData, SubmissionEntry.IORING_FSYNC_DATASYNC);
            case Fsync _ -> sync(file, userData, 0);
            case Fallocate(_, long offset, long length) ->
                    allocation(offset, length, file, userData);
        };
        SubmissionEntry.addFlags(queue.entries(), at, link);
    }

    private long transfer(MemorySegment bytes, long offset, Descriptor file, long userData,
            byte opcode, byte fixedOpcode) {
        int piece = registered.indexOf(bytes);
        boolean fixed = piece != RegisteredMemory.NOT_REGISTERED;
        long at = put(fixed ? fixedOpcode : opcode, file, userData);
        int length = (int) Math.min(bytes.byteSize(), transferBytesMax);
        SubmissionEntry.putTransfer(queue.entries(), at, bytes.address(), length, offset);
        if (fixed) {
            SubmissionEntry.putBufferIndex(queue.entries(), at, piece);
        }
        return at;
    }

    private long vectored(byte opcode, List<MemorySegment> memory, long moved, long offset,
            Descriptor file, long userData) {
        PieceCursor left = new PieceCursor(memory);
        left.advance(moved);
        long list = pieces.endAddress();
        int before = pieces.size();
        left.listNext(pieces, transferBytesMax);
        long at = put(opcode, file, userData);
        SubmissionEntry.putTransfer(
                queue.entries(), at, list, pieces.size() - before, offset + moved);
        return at;
    }

    private long sync(Descriptor file, long userData, int flags) {
        long at = put(SubmissionEntry.IORING_OP_FSYNC, file, userData);
        SubmissionEntry.putOperationFlags(queue.entries(), at, flags);
        return at;
    }

    private long allocation(long offset, long length, Descriptor file, long userData) {
        long at = put(SubmissionEntry.IORING_OP_FALLOCATE, file, userData);
        SubmissionEntry.putRange(queue.entries(), at, offset, length);
        return at;
    }

    private long put(byte opcode, Descriptor file, long userData) {
        int place = files.placeOf(file);
        if (place == FileTable.NO_PLACE) {
            return queue.put(opcode, file.number(), userData);
        }
        long at = queue.put(opcode, place, userData);
        SubmissionEntry.putFlags(queue.entries(), at, SubmissionEntry.IOSQE_FIXED_FILE);
        return at;
    }

    @Override
    public void close() {
        arena.close();
    }
}
