package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.os.SubmissionEntry;
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
final class RingEntries {
    private static final int INDEX_BITS = 16;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private final SubmissionQueue queue;
    private final RegisteredMemory registered;
    private final long transferBytesMax;
    private final IovecArea iovecs;

    RingEntries(SubmissionQueue queue, RingTransfers transfers, IovecArea iovecs) {
        this.queue = queue;
        this.iovecs = iovecs;
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

    /// Pieces that vectored writes may still have before the kernel takes entries.
    int iovecsFree() {
        return iovecs.free();
    }

    /// The kernel may have taken entries.
    void entered() {
        if (queue.unconsumed() == 0) {
            iovecs.startOver();
        }
    }

    /// One vectored write of writes that follow each other.
    ///
    /// @param linked whether the entry put next waits for this one
    void putWrites(List<Write> writes, int fd, boolean linked, int slot, int index) {
        long list = iovecs.add(writes.getFirst().bytes());
        for (Write write : writes.subList(1, writes.size())) {
            iovecs.add(write.bytes());
        }
        long at = queue.put(SubmissionEntry.IORING_OP_WRITEV, fd, userData(slot, index));
        SubmissionEntry.putTransfer(
                queue.entries(), at, list, writes.size(), writes.getFirst().offset());
        if (linked) {
            SubmissionEntry.putFlags(queue.entries(), at, SubmissionEntry.IOSQE_IO_LINK);
        }
    }

    /// An fdatasync(2).
    void putSync(int fd, int slot, int index) {
        sync(fd, userData(slot, index), SubmissionEntry.IORING_FSYNC_DATASYNC);
    }

    /// @param moved bytes of the operation that are moved already
    /// @param linked whether the entry put next waits for this one
    void put(IoOperation operation, int fd, long moved, boolean linked, int slot, int index) {
        long userData = userData(slot, index);
        long at = switch (operation) {
            case Write(_, var bytes, long offset) -> transfer(bytes.asSlice(moved),
                    offset + moved, fd, userData, SubmissionEntry.IORING_OP_WRITE,
                    SubmissionEntry.IORING_OP_WRITE_FIXED);
            case Read(_, var into, long offset) -> transfer(into.asSlice(moved),
                    offset + moved, fd, userData, SubmissionEntry.IORING_OP_READ,
                    SubmissionEntry.IORING_OP_READ_FIXED);
            case Fdatasync _ -> sync(fd, userData, SubmissionEntry.IORING_FSYNC_DATASYNC);
            case Fsync _ -> sync(fd, userData, 0);
        };
        if (linked) {
            SubmissionEntry.putFlags(queue.entries(), at, SubmissionEntry.IOSQE_IO_LINK);
        }
    }

    private long transfer(MemorySegment bytes, long offset, int fd, long userData, byte opcode,
            byte fixedOpcode) {
        int piece = registered.indexOf(bytes);
        boolean fixed = piece != RegisteredMemory.NOT_REGISTERED;
        long at = queue.put(fixed ? fixedOpcode : opcode, fd, userData);
        int length = (int) Math.min(bytes.byteSize(), transferBytesMax);
        SubmissionEntry.putTransfer(queue.entries(), at, bytes.address(), length, offset);
        if (fixed) {
            SubmissionEntry.putBufferIndex(queue.entries(), at, piece);
        }
        return at;
    }

    private long sync(int fd, long userData, int flags) {
        long at = queue.put(SubmissionEntry.IORING_OP_FSYNC, fd, userData);
        SubmissionEntry.putOperationFlags(queue.entries(), at, flags);
        return at;
    }
}
