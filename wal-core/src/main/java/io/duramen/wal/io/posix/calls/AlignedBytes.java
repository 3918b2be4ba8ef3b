package io.duramen.wal.io.posix.calls;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Which transfers a file takes that is open for direct I/O.
final class AlignedBytes {
    private AlignedBytes() {}

    /// Why the file does not take the transfer, null where it does.
    static WalException.Misaligned obstacle(IoOperation operation) {
        try {
            switch (operation) {
                case Write(var file, var bytes, long offset) -> file.requireAligned(bytes, offset);
                case Writev(var file, var pieces, long offset) -> require(file, pieces, offset);
                case Read(var file, var into, long offset) -> file.requireAligned(into, offset);
                case Readv(var file, var pieces, long offset) -> require(file, pieces, offset);
                case Fdatasync _,Fsync _,Fallocate _ -> {
                    // moves no bytes
                }
            }
            return null;
        } catch (WalException.Misaligned refused) {
            return refused;
        }
    }

    /// The kernel takes each piece for itself.
    private static void require(IoFile file, List<MemorySegment> pieces, long offset) {
        long at = offset;
        for (int i = 0; i < pieces.size(); i++) {
            file.requireAligned(pieces.get(i), at);
            at += pieces.get(i).byteSize();
        }
    }
}
