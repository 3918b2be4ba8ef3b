package io.duramen.wal.io.posix.calls;

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

/// Which memory the kernel can be given by address on this thread: off the heap, not released, not
/// another thread's alone.
public final class UsableBytes {
    private UsableBytes() {}

    /// What stands against the operation's bytes, null where nothing does.
    public static RuntimeException obstacle(IoOperation operation) {
        return switch (operation) {
            case Write(_, var bytes, _) -> obstacle(bytes);
            case Writev(_, var pieces, _) -> obstacle(pieces);
            case Read(_, var into, _) -> obstacle(into);
            case Readv(_, var pieces, _) -> obstacle(pieces);
            case Fdatasync _,Fsync _,Fallocate _ -> null;
        };
    }

    private static RuntimeException obstacle(List<MemorySegment> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            RuntimeException obstacle = obstacle(pieces.get(i));
            if (obstacle != null) {
                return obstacle;
            }
        }
        return null;
    }

    private static RuntimeException obstacle(MemorySegment bytes) {
        if (!bytes.isNative()) {
            return new IllegalArgumentException("the bytes are on the heap, which moves them");
        }
        if (!bytes.scope().isAlive()) {
            return new IllegalStateException("the bytes were released already");
        }
        return bytes.isAccessibleBy(Thread.currentThread()) ? null
                : new IllegalStateException("the bytes belong to another thread alone");
    }
}
