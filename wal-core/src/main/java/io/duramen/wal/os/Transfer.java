package io.duramen.wal.os;

import java.lang.foreign.MemorySegment;

/// Reads, writes and syncs that are complete when they return, and the count of what they did.
///
/// The one place that goes on after EINTR, EAGAIN and short transfers. The counts are exact also
/// after a failure: what a write moved before it failed is in them. One thread at a time; the
/// files are in use for the duration of the call.
public final class Transfer {
    private int reads;
    private int writes;
    private int syncs;
    private int systemCalls;
    private long readBytes;
    private long writtenBytes;

    /// Writes all of `bytes`.
    public void pwrite(OpenFile file, MemorySegment bytes, long offset) {
        writes++;
        long done = 0;
        while (done < bytes.byteSize()) {
            MemorySegment rest = done == 0 ? bytes : bytes.asSlice(done);
            long result = file.pwrite(rest, offset + done);
            systemCalls++;
            if (result > 0) {
                done += result;
                writtenBytes += result;
            } else if (result == 0) { // without a reason: asking again could go on for ever
                throw Errno.failure("pwrite", file.path(), Errno.EIO);
            } else {
                passOver("pwrite", file, (int) -result);
            }
        }
    }

    /// Fills `into`, or as much of it as there is until the file ends.
    public void pread(OpenFile file, MemorySegment into, long offset) {
        reads++;
        long done = 0;
        while (done < into.byteSize()) {
            MemorySegment rest = done == 0 ? into : into.asSlice(done);
            long result = file.pread(rest, offset + done);
            systemCalls++;
            if (result > 0) {
                done += result;
                readBytes += result;
            } else if (result == 0) {
                return;
            } else {
                passOver("pread", file, (int) -result);
            }
        }
    }

    /// An interrupted sync said nothing about the data, so it is asked again; a failed one is not.
    public void fdatasync(OpenFile file) {
        syncs++;
        int result;
        do {
            result = file.fdatasync();
            systemCalls++;
        } while (result == -Errno.EINTR);
        Errno.check("fdatasync", file.path(), result);
    }

    /// As [#fdatasync(OpenFile)], with all of the file's metadata.
    public void fsync(OpenFile file) {
        syncs++;
        int result;
        do {
            result = file.fsync();
            systemCalls++;
        } while (result == -Errno.EINTR);
        Errno.check("fsync", file.path(), result);
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

    public int reads() {
        return reads;
    }

    public int writes() {
        return writes;
    }

    public int syncs() {
        return syncs;
    }

    public int systemCalls() {
        return systemCalls;
    }

    public long readBytes() {
        return readBytes;
    }

    public long writtenBytes() {
        return writtenBytes;
    }
}
