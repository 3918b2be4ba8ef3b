package io.duramen.wal.os;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntSupplier;

/// Reads, writes, syncs and allocations that are complete when they return, and the count of what
/// they did.
///
/// The one place that goes on after EINTR, EAGAIN and short transfers. The counts are exact also
/// after a failure: what a write moved before it failed is in them. One thread at a time; the
/// files are in use for the duration of the call.
public final class Transfer {
    private int systemCalls;
    private long readBytes;
    private long writtenBytes;

    /// Writes all of `bytes`.
    public void pwrite(OpenFile file, MemorySegment bytes, long offset) {
        long done = 0;
        while (done < bytes.byteSize()) {
            MemorySegment rest = done == 0 ? bytes : bytes.asSlice(done);
            done += written("pwrite", file, file.pwrite(rest, offset + done));
        }
    }

    /// Writes all pieces, one behind the other.
    public void pwritev(OpenFile file, List<MemorySegment> pieces, long offset) {
        PieceCursor left = new PieceCursor(pieces);
        long done = 0;
        while (!left.isAtEnd()) {
            long bytes = written("pwritev", file, file.pwritev(left.rest(), offset + done));
            done += bytes;
            left.advance(bytes);
        }
    }

    private long written(String call, OpenFile file, long result) {
        systemCalls++;
        if (result == 0) { // without a reason: asking again could go on for ever
            throw Errno.failure(call, file.path(), Errno.EIO);
        }
        if (result < 0) {
            passOver(call, file, (int) -result);
            return 0;
        }
        writtenBytes += result;
        return result;
    }

    /// Fills `into`, or as much of it as there is until the file ends.
    public void pread(OpenFile file, MemorySegment into, long offset) {
        long done = 0;
        while (done < into.byteSize()) {
            MemorySegment rest = done == 0 ? into : into.asSlice(done);
            long result = file.pread(rest, offset + done);
            systemCalls++;
            if (result == 0) {
                return;
            }
            done += read("pread", file, result);
        }
    }

    /// Fills the pieces, one behind the other, as far as the file goes.
    public void preadv(OpenFile file, List<MemorySegment> pieces, long offset) {
        PieceCursor left = new PieceCursor(pieces);
        long done = 0;
        while (!left.isAtEnd()) {
            long result = file.preadv(left.rest(), offset + done);
            systemCalls++;
            if (result == 0) {
                return;
            }
            long bytes = read("preadv", file, result);
            done += bytes;
            left.advance(bytes);
        }
    }

    private long read(String call, OpenFile file, long result) {
        if (result < 0) {
            passOver(call, file, (int) -result);
            return 0;
        }
        readBytes += result;
        return result;
    }

    /// An interrupted sync said nothing about the data, so it is asked again; a failed one is not.
    public void fdatasync(OpenFile file) {
        uninterrupted("fdatasync", file, file::fdatasync);
    }

    /// As [#fdatasync(OpenFile)], with all of the file's metadata.
    public void fsync(OpenFile file) {
        uninterrupted("fsync", file, file::fsync);
    }

    /// Gives the range blocks, and extends the file where it is shorter.
    public void fallocate(OpenFile file, long offset, long lengthBytes) {
        uninterrupted("fallocate", file, () -> file.fallocate(offset, lengthBytes));
    }

    private void uninterrupted(String name, OpenFile file, IntSupplier call) {
        int result;
        do {
            result = call.getAsInt();
            systemCalls++;
        } while (result == -Errno.EINTR);
        Errno.check(name, file.path(), result);
    }

    private static void passOver(String call, OpenFile file, int errno) {
        if (errno == Errno.EAGAIN) {
            Thread.yield();
        } else if (errno != Errno.EINTR) {
            throw Errno.failure(call, file.path(), errno);
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
