package io.duramen.wal.io;

import java.lang.foreign.MemorySegment;

/// One request to an [IoScheduler]. The scheduler owns the bytes from submission until the
/// operation is complete; they must stay valid and, for a write, unchanged until then.
public sealed interface IoOperation {
    IoFile file();

    /// Bytes the operation is to move; 0 for a sync.
    long sizeBytes();

    /// pwrite(2): all of `bytes` to `offset`. It is complete when every byte is written.
    record Write(IoFile file, MemorySegment bytes, long offset) implements IoOperation {
        @Override
        public long sizeBytes() {
            return bytes.byteSize();
        }
    }

    /// pread(2): fills `into` from `offset`. It moves fewer bytes only where the file ends.
    record Read(IoFile file, MemorySegment into, long offset) implements IoOperation {
        @Override
        public long sizeBytes() {
            return into.byteSize();
        }
    }

    /// fdatasync(2): what was written to the file before is on the device afterwards, with the
    /// length and the block map needed to read it.
    record Fdatasync(IoFile file) implements IoOperation {
        @Override
        public long sizeBytes() {
            return 0;
        }
    }

    /// fsync(2): as [Fdatasync], with all of the file's metadata.
    record Fsync(IoFile file) implements IoOperation {
        @Override
        public long sizeBytes() {
            return 0;
        }
    }
}
