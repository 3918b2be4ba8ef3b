package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoFile.Mapping;
import io.duramen.wal.os.UseCount;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// Maps a file through a channel of the JDK.
///
/// Such a channel closes when a thread that uses it is interrupted. So it is used on threads that
/// nobody else knows; mapping is rare.
///
/// Any thread may call.
final class JdkMappings implements AutoCloseable {
    private static final int EACCES = 13;

    private final Path path;
    private final FileChannel channel;
    private final UseCount uses = new UseCount();

    JdkMappings(Path path, Set<OpenOption> options) {
        this.path = path;
        try {
            channel = undisturbed(() -> open(path, options));
        } catch (CompletionException failed) {
            throw failure("open", failed);
        }
    }

    private static FileChannel open(Path path, Set<OpenOption> options) {
        try {
            return FileChannel.open(path, options);
        } catch (IOException refused) {
            throw new CompletionException(refused);
        }
    }

    private static <T> T undisturbed(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work,
                task -> Thread.ofPlatform().daemon().name("wal-map").start(task)).join();
    }

    private WalException failure(String call, CompletionException failed) {
        return switch (failed.getCause()) {
            case IOException refused -> JdkFailure.of(call, path, refused);
            case NonWritableChannelException refused -> new WalException.Io(call, path, EACCES,
                    "EACCES: it is not open for writing (" + refused + ")");
            case RuntimeException other -> throw other;
            case Throwable other -> throw new AssertionError(other);
        };
    }

    /// @param arena unmaps it when it closes
    @SuppressWarnings("restricted")
    MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
        if (!uses.tryBegin()) {
            throw new WalException.Closed(path.toString());
        }
        Arena own = Arena.ofShared(); // an arena of the caller's may be for his thread only
        try {
            return undisturbed(() -> mapHere(mode, offset, sizeBytes, own))
                    .reinterpret(sizeBytes, arena, _ -> own.close());
        } catch (CompletionException failed) {
            own.close();
            throw failure("mmap", failed);
        } catch (RuntimeException refused) { // such as an arena that is closed already
            own.close();
            throw refused;
        } finally {
            if (uses.end()) {
                giveBack();
            }
        }
    }

    /// The JDK would extend a file that is open for writing.
    private MemorySegment mapHere(Mapping mode, long offset, long sizeBytes, Arena own) {
        try {
            if (offset + sizeBytes > channel.size()) {
                throw new IOException("the file ends before the mapping does");
            }
            MapMode jdkMode = mode == Mapping.READ_WRITE ? MapMode.READ_WRITE : MapMode.READ_ONLY;
            return channel.map(jdkMode, offset, sizeBytes, own);
        } catch (IOException refused) {
            throw new CompletionException(refused);
        }
    }

    @Override
    public void close() {
        if (uses.close()) {
            giveBack();
        }
    }

    private void giveBack() {
        try {
            channel.close();
        } catch (IOException failed) { // nothing was written through it
            assert !channel.isOpen() : "a channel is closed also when that fails";
        }
    }
}
