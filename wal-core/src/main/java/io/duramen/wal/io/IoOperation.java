package io.duramen.wal.io;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// One request to an [IoScheduler]. The scheduler owns the bytes from submission until the
/// operation is complete; they must stay valid and, for a write, unchanged until then.
public sealed interface IoOperation {
    IoFile file();

    Kind kind();

    /// Bytes the operation is to move; 0 where it moves none.
    default long sizeBytes() {
        return 0;
    }

    /// pwrite(2): all of `bytes` to `offset`. It is complete when every byte is written.
    record Write(IoFile file, MemorySegment bytes, long offset) implements IoOperation {
        public Write {
            requireOffset(offset);
        }

        @Override
        public Kind kind() {
            return Kind.WRITE;
        }

        @Override
        public long sizeBytes() {
            return bytes.byteSize();
        }
    }

    /// pwritev(2): all pieces, one behind the other, to `offset`. It is complete when every byte is
    /// written. There may be any number of pieces; the driver makes as many calls as they need.
    record Writev(IoFile file, List<MemorySegment> pieces, long offset) implements IoOperation {
        public Writev {
            requireOffset(offset);
            pieces = List.copyOf(pieces);
        }

        @Override
        public Kind kind() {
            return Kind.WRITEV;
        }

        @Override
        public long sizeBytes() {
            return sum(pieces);
        }
    }

    /// pread(2): fills `into` from `offset`. It moves fewer bytes only where the file ends.
    record Read(IoFile file, MemorySegment into, long offset) implements IoOperation {
        public Read {
            requireOffset(offset);
        }

        @Override
        public Kind kind() {
            return Kind.READ;
        }

        @Override
        public long sizeBytes() {
            return into.byteSize();
        }
    }

    /// preadv(2): fills the pieces, one behind the other, from `offset`. It moves fewer bytes only
    /// where the file ends. There may be any number of pieces.
    record Readv(IoFile file, List<MemorySegment> pieces, long offset) implements IoOperation {
        public Readv {
            requireOffset(offset);
            pieces = List.copyOf(pieces);
        }

        @Override
        public Kind kind() {
            return Kind.READV;
        }

        @Override
        public long sizeBytes() {
            return sum(pieces);
        }
    }

    /// fdatasync(2): what was written to the file before is on the device afterwards, with the
    /// length and the block map needed to read it.
    record Fdatasync(IoFile file) implements IoOperation {
        @Override
        public Kind kind() {
            return Kind.FDATASYNC;
        }
    }

    /// fsync(2): as [Fdatasync], with all of the file's metadata.
    record Fsync(IoFile file) implements IoOperation {
        @Override
        public Kind kind() {
            return Kind.FSYNC;
        }
    }

    /// fallocate(2), mode 0: gives `[offset, offset + lengthBytes)` blocks, and extends the file
    /// where it is shorter; bytes that were there stay, what is new reads as zero. Nobody writes to
    /// the range meanwhile. After a failure the file may have a part of the blocks.
    ///
    /// Where the disk has the system call, it is nothing but that: it fails with EOPNOTSUPP where
    /// the file system has none, and [IoFile#allocate(long, long)] helps itself. A disk that goes
    /// through the JDK, which has none for any file, writes the range instead.
    ///
    /// @param lengthBytes 1 or more
    record Fallocate(IoFile file, long offset, long lengthBytes) implements IoOperation {
        @Override
        public Kind kind() {
            return Kind.FALLOCATE;
        }
    }

    /// Where a file is at, as -1 would mean to a ring, is nothing that this package knows.
    private static void requireOffset(long offset) {
        if (offset < 0) {
            throw new IllegalArgumentException("offset [" + offset + "] must not be negative");
        }
    }

    private static long sum(List<MemorySegment> pieces) {
        long bytes = 0;
        for (int i = 0; i < pieces.size(); i++) {
            bytes += pieces.get(i).byteSize();
        }
        return bytes;
    }

    /// What an operation does.
    enum Kind {
        READ("pread", true), READV("preadv", true), WRITE("pwrite", true), WRITEV("pwritev", true),
        FDATASYNC("fdatasync", false), FSYNC("fsync", false), FALLOCATE("fallocate", false);

        private final String call;
        private final boolean transfer;

        Kind(String call, boolean transfer) {
            this.call = call;
            this.transfer = transfer;
        }

        /// The system call, as the manual page names it.
        public String call() {
            return call;
        }

        /// Whether it moves bytes, and so may move a part of them.
        public boolean isTransfer() {
            return transfer;
        }

        public boolean isRead() {
            return this == READ || this == READV;
        }

        public boolean isWrite() {
            return this == WRITE || this == WRITEV;
        }
    }
}
