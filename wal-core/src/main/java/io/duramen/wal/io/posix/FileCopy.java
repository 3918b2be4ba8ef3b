package io.duramen.wal.io.posix;

import io.duramen.wal.io.CopyResult;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.SpaceCalls;
import io.duramen.wal.os.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A copy from file to file, both in use: by the kernel as far as it goes, then by this process.
///
/// @param sourceOffset where in the source it starts
/// @param lengthBytes how much is asked for; the source may end before
record FileCopy(OpenFile source, long sourceOffset, long lengthBytes, OpenFile target,
        long targetOffset) {
    private static final long CHUNK_BYTES = 1 << 20;

    /// What the kernel takes at a time, so that a copy can be broken off by no signal for long.
    private static final long CALL_BYTES_MAX = 1 << 30;

    /// By the kernel alone if it can.
    static CopyResult byKernel(FileCopy copy, Descriptor from, Descriptor to) {
        long done = 0;
        while (done < copy.lengthBytes) {
            long result = SpaceCalls.copyFileRange(from.number(), copy.sourceOffset + done,
                    to.number(), copy.targetOffset + done,
                    Math.min(CALL_BYTES_MAX, copy.lengthBytes - done));
            if (result == 0 || isForTheProcess((int) -result)) {
                // at the end of the source; or before it, where the kernel cannot
                return new CopyResult(done, copy.from(done).byProcess());
            }
            if (result != -Errno.EINTR) {
                done += Errno.check("copy_file_range", to.path(), result);
            }
        }
        return new CopyResult(done, 0);
    }

    private static boolean isForTheProcess(int errno) {
        return errno == Errno.EXDEV || errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS;
    }

    private FileCopy from(long done) {
        return new FileCopy(source, sourceOffset + done, lengthBytes - done, target,
                targetOffset + done);
    }

    /// By reading and writing.
    ///
    /// @return bytes copied
    long byProcess() {
        long done = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(Math.clamp(lengthBytes, 1, CHUNK_BYTES));
            boolean atEnd = lengthBytes == 0;
            while (!atEnd) {
                MemorySegment part =
                        chunk.asSlice(0, Math.min(chunk.byteSize(), lengthBytes - done));
                Transfer transfer = new Transfer();
                transfer.pread(source, part, sourceOffset + done);
                long read = transfer.readBytes();
                transfer.pwrite(target, part.asSlice(0, read), targetOffset + done);
                done += read;
                atEnd = read < part.byteSize() || done == lengthBytes;
            }
        }
        return done;
    }
}
