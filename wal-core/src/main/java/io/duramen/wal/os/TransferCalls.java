package io.duramen.wal.os;

import java.lang.foreign.MemorySegment;

/// The system calls that a [Transfer] is made of. Failures are negative error numbers. Any thread
/// may call.
public interface TransferCalls {
    /// Those of the kernel.
    TransferCalls KERNEL = new OfKernel();

    long pread(int fd, MemorySegment into, long offset);

    long pwrite(int fd, MemorySegment bytes, long offset);

    /// @param iovecs an [IovecList]'s
    long preadv(int fd, MemorySegment iovecs, int count, long offset);

    /// @param iovecs an [IovecList]'s
    long pwritev(int fd, MemorySegment iovecs, int count, long offset);

    int fdatasync(int fd);

    int fsync(int fd);

    /// Mode 0.
    int fallocate(int fd, long offset, long length);

    /// See [#KERNEL].
    final class OfKernel implements TransferCalls {
        private OfKernel() {}

        @Override
        public long pread(int fd, MemorySegment into, long offset) {
            return FileCalls.pread(fd, into, offset);
        }

        @Override
        public long pwrite(int fd, MemorySegment bytes, long offset) {
            return FileCalls.pwrite(fd, bytes, offset);
        }

        @Override
        public long preadv(int fd, MemorySegment iovecs, int count, long offset) {
            return VectorCalls.preadv(fd, iovecs, count, offset);
        }

        @Override
        public long pwritev(int fd, MemorySegment iovecs, int count, long offset) {
            return VectorCalls.pwritev(fd, iovecs, count, offset);
        }

        @Override
        public int fdatasync(int fd) {
            return FileCalls.fdatasync(fd);
        }

        @Override
        public int fsync(int fd) {
            return FileCalls.fsync(fd);
        }

        @Override
        public int fallocate(int fd, long offset, long length) {
            return SpaceCalls.fallocate(fd, 0, offset, length);
        }
    }
}
