package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/// A fragment's bytes, mapped for its writer. The pages that come next are made present ahead of
/// it, in the background, so that a store seldom waits for one.
///
/// The file's space is allocated. A page that cannot be made present all the same is an error
/// before the writer gets there.
///
/// Belongs to the fragment's writer.
final class FragmentMapping implements AutoCloseable {
    /// Made present at a time: this much is written as zeros where the writer never gets there.
    static final long PIECE_BYTES = 2L << 20;

    private final IoFile file;
    private final MemorySegment bytes;
    private final long endOfData;
    private final Arena arena;
    private final Executor background;
    private long presentTo;
    private CompletableFuture<Void> populating = CompletableFuture.completedFuture(null);

    private FragmentMapping(IoFile file, MemorySegment bytes, long dataEndMax, Arena arena,
            Executor background) {
        this.file = file;
        this.bytes = bytes;
        this.endOfData = dataEndMax;
        this.arena = arena;
        this.background = background;
    }

    /// Maps a file whose data goes on at `from`, and makes the first pages present.
    ///
    /// @param dataEndMax where data ends at the latest
    static FragmentMapping of(IoFile file, long from, long dataEndMax, Executor background) {
        Arena arena = Arena.ofShared();
        try {
            MemorySegment bytes = file.map(IoFile.Mapping.READ_WRITE, 0, dataEndMax, arena);
            FragmentMapping mapping =
                    new FragmentMapping(file, bytes, dataEndMax, arena, background);
            mapping.presentTo = from / PIECE_BYTES * PIECE_BYTES;
            mapping.populateNext();
            return mapping;
        } catch (RuntimeException | Error failure) {
            arena.close();
            throw failure;
        }
    }

    /// The bytes from `offset` on, at most so many.
    ///
    /// @throws WalException.Io when pages could not be made present
    MemorySegment from(long offset, long bytesMax) {
        long end = Math.min(endOfData, offset + bytesMax);
        if (populating.isDone()) {
            rethrow();
            if (presentTo < Math.min(endOfData, end + PIECE_BYTES)) {
                populating = CompletableFuture.runAsync(this::populateNext, background);
            }
        }
        return bytes.asSlice(offset, end - offset);
    }

    private void rethrow() {
        try {
            populating.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof WalException cause ? cause
                    : new WalException.Defect(failed.getCause());
        }
    }

    private void populateNext() {
        long next = Math.min(endOfData, presentTo + PIECE_BYTES);
        file.advise(bytes, presentTo, next - presentTo, MappingAdvice.POPULATE_WRITE);
        presentTo = next;
    }

    @Override
    public void close() {
        populating.handle((_, _) -> null).join();
        arena.close();
    }
}
