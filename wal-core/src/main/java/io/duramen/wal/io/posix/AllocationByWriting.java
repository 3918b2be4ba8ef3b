package io.duramen.wal.io.posix;

import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Gives a range of a file its blocks where the file system has no fallocate(2): by writing what a
/// reader finds there already, zeros where there is nothing.
///
/// Nobody else writes to the range meanwhile, or his bytes could be undone.
final class AllocationByWriting {
    private static final long CHUNK_BYTES = 1 << 20;

    private AllocationByWriting() {}

    static void allocate(Descriptor descriptor, long offset, long lengthBytes) {
        descriptor.use();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(Math.min(CHUNK_BYTES, lengthBytes));
            long end = Math.addExact(offset, lengthBytes);
            for (long at = offset; at < end; at += chunk.byteSize()) {
                rewrite(descriptor, at, chunk.asSlice(0, Math.min(chunk.byteSize(), end - at)));
            }
        } finally {
            descriptor.endUse();
        }
    }

    private static void rewrite(Descriptor descriptor, long offset, MemorySegment bytes) {
        Transfer transfer = new Transfer();
        transfer.pread(descriptor, bytes, offset);
        bytes.asSlice(transfer.readBytes()).fill((byte) 0);
        transfer.pwrite(descriptor, bytes, offset);
    }
}
