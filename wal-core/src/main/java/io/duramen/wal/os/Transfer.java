package io.duramen.wal.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntSupplier;

/// Reads, writes, syncs and allocations that are complete when they return, and the count of what
/// they did.
///
/// The one place that goes on after EINTR, EAGAIN and short transfers. The counts are exact also
/// after a failure: what a write moved before it failed is in them. One thread at a time; the
/// descriptors are in use for the duration of the call.
public final class Transfer {
    private final TransferCalls calls;
    private int systemCalls;
    private long readBytes;
    private long writtenBytes;

    /// Transfers with the kernel's calls.
    public Transfer() {
        this(TransferCalls.KERNEL);
    }

    public Transfer(TransferCalls calls) {
        this.calls = calls;
    }

    /// Writes all of `bytes`.
    public void pwrite(Descriptor descriptor, MemorySegment bytes, long offset) {
        long done = 0;
        while (done < bytes.byteSize()) {
            MemorySegment rest = done == 0 ? bytes : bytes.asSlice(done);
            long result = calls.pwrite(descriptor.number(), rest, offset + done);
            done += written("pwrite", descriptor, result);
        }
    }

    /// Writes all pieces, one behind the other.
    public void pwritev(Descriptor descriptor, List<MemorySegment> pieces, long offset) {
        PieceCursor left = new PieceCursor(pieces);
        long done = 0;
        try (Arena arena = Arena.ofConfined()) {
            IovecList list = IovecList.allocate(arena, listed(pieces));
            while (!left.isAtEnd()) {
                list.clear();
                left.listNext(list, Long.MAX_VALUE);
                long bytes = written("pwritev", descriptor, calls.pwritev(
                        descriptor.number(), list.memory(), list.size(), offset + done));
                done += bytes;
                left.advance(bytes);
            }
        }
    }

    private long written(String call, Descriptor descriptor, long result) {
        systemCalls++;
        if (result == 0) { // without a reason: asking again could go on for ever
            throw Errno.failure(call, descriptor.path(), Errno.EIO);
        }
        if (result < 0) {
            passOver(call, descriptor, (int) -result);
            return 0;
        }
        writtenBytes += result;
        return result;
    }

    /// Fills `into`, or as much of it as there is until the file ends.
    public void pread(Descriptor descriptor, MemorySegment into, long offset) {
        long done = 0;
        while (done < into.byteSize()) {
            MemorySegment rest = done == 0 ? into : into.asSlice(done);
            long result = calls.pread(descriptor.number(), rest, offset + done);
            systemCalls++;
            if (result == 0) {
                return;
            }
            done += read("pread", descriptor, result);
        }
    }

    /// Fills the pieces, one behind the other, as far as the file goes.
    public void preadv(Descriptor descriptor, List<MemorySegment> pieces, long offset) {
        PieceCursor left = new PieceCursor(pieces);
        long done = 0;
        try (Arena arena = Arena.ofConfined()) {
            IovecList list = IovecList.allocate(arena, listed(pieces));
            while (!left.isAtEnd()) {
                list.clear();
                left.listNext(list, Long.MAX_VALUE);
                long result = calls.preadv(
                        descriptor.number(), list.memory(), list.size(), offset + done);
                systemCalls++;
                if (result == 0) {
                    return;
                }
                long bytes = read("preadv", descriptor, result);
                done += bytes;
                left.advance(bytes);
            }
        }
    }

    private static int listed(List<MemorySegment> pieces) {
        return Math.min(pieces.size(), IovecList.CALL_PIECES_MAX);
    }

    private long read(String call, Descriptor descriptor, long result) {
        if (result < 0) {
            passOver(call, descriptor, (int) -result);
            return 0;
        }
        readBytes += result;
        return result;
    }

    /// An interrupted sync said nothing about the data, so it is asked again; a failed one is not.
    public void fdatasync(Descriptor descriptor) {
        uninterrupted("fdatasync", descriptor, () -> calls.fdatasync(descriptor.number()));
    }

    /// As [#fdatasync(Descriptor)], with all of the file's metadata.
    public void fsync(Descriptor descriptor) {
        uninterrupted("fsync", descriptor, () -> calls.fsync(descriptor.number()));
    }

    /// Gives the range blocks, and extends the file where it is shorter.
    public void fallocate(Descriptor descriptor, long offset, long lengthBytes) {
        uninterrupted("fallocate", descriptor,
                () -> calls.fallocate(descriptor.number(), offset, lengthBytes));
    }

    private void uninterrupted(String name, Descriptor descriptor, IntSupplier call) {
        int result;
        do {
            result = call.getAsInt();
            systemCalls++;
        } while (result == -Errno.EINTR);
        Errno.check(name, descriptor.path(), result);
    }

    private static void passOver(String call, Descriptor descriptor, int errno) {
        if (errno == Errno.EAGAIN) {
            Thread.yield();
        } else if (errno != Errno.EINTR) {
            throw Errno.failure(call, descriptor.path(), errno);
        }
    }

    /// Bytes read and written together.
    public long transferredBytes() {
        return readBytes + writtenBytes;
    }

    public int systemCalls() {
        return systemCalls;
    }

    public long readBytes() {
        return readBytes;
    }
}
