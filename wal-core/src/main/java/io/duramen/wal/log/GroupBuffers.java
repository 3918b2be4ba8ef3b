package io.duramen.wal.log;

import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// Buffers for groups, asked for without waiting under a lock: where the pool is empty a request is
/// left with it, and `whenThereIsOne` says when to ask here again.
///
/// Belongs to whoever holds the queue's lock. Word that there is a buffer comes on a thread of its
/// own: whoever gives one back may hold the lock of another queue.
final class GroupBuffers {
    private final BufferPool pool;
    private final Runnable whenThereIsOne;
    private final Executor background;
    private CompletableFuture<BufferLease> request;

    GroupBuffers(BufferPool pool, Runnable whenThereIsOne, Executor background) {
        this.pool = pool;
        this.whenThereIsOne = whenThereIsOne;
        this.background = background;
    }

    /// A buffer of at least this size; empty where one is on order.
    Optional<BufferLease> tryTake(long bytes) {
        if (bytes > pool.slotBytes()) {
            return Optional.of(pool.unpooled(bytes));
        }
        if (request == null) {
            Optional<BufferLease> free = pool.tryAcquire();
            if (free.isPresent()) {
                return free;
            }
            request = pool.acquireAsync().toCompletableFuture();
            request.whenCompleteAsync((_, _) -> whenThereIsOne.run(), background);
        }
        if (!request.isDone()) {
            return Optional.empty();
        }
        BufferLease ordered = request.join();
        request = null;
        return Optional.of(ordered);
    }

    /// Withdraws what is on order, or gives it back.
    void withdraw() {
        if (request != null && !request.cancel(false)) {
            request.thenAccept(BufferLease::close);
        }
        request = null;
    }
}
