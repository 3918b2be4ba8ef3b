package io.duramen.wal.io.posix;

import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.Transfer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Does by writing what a file system has no fallocate(2) for. The ranges are extended to, where
/// the file is shorter.
///
/// Nobody else writes to the range meanwhile, or his bytes could be undone.
///
/// @param alignment what the file asks of transfers; a range that does not meet it is refused
record SpaceByWriting(OpenFile file, DirectAlignment alignment) {
    private static final long CHUNK_BYTES = 1 << 20;

    private interface Step {
        void onChunk(MemorySegment chunk, long offset);
    }

    /// Gives a range its blocks by writing what a reader finds there already, zeros where there is
    /// nothing.
    void allocate(long offset, long lengthBytes) {
        file.use();
        try {
            allocateInUse(offset, lengthBytes);
        } finally {
            file.endUse();
        }
    }

    /// As [#allocate(long, long)], for who has the file in use.
    void allocateInUse(long offset, long lengthBytes) {
        forEachChunk(offset, lengthBytes, (chunk, at) -> {
            Transfer transfer = new Transfer();
            transfer.pread(file, chunk, at);
            chunk.asSlice(transfer.readBytes()).fill((byte) 0);
            transfer.pwrite(file, chunk, at);
        });
    }

    void zero(long offset, long lengthBytes) {
        file.use();
        try {
            forEachChunk(offset, lengthBytes,
                    (chunk, at) -> new Transfer().pwrite(file, chunk, at));
        } finally {
            file.endUse();
        }
    }

    private void forEachChunk(long offset, long lengthBytes, Step step) {
        long end = Math.addExact(offset, lengthBytes);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment chunk = arena.allocate(
                    Math.min(CHUNK_BYTES, lengthBytes), alignment.memoryBytes());
            for (long at = offset; at < end; at += chunk.byteSize()) {
                MemorySegment part = chunk.asSlice(0, Math.min(chunk.byteSize(), end - at));
                alignment.require(file.path(), part, at);
                step.onChunk(part, at);
            }
        }
    }
}
