package io.duramen.wal.memory;

import java.util.concurrent.CompletableFuture;

/// A place in the queue for a slot.
final class Waiter extends CompletableFuture<BufferLease> {
    /// True from joining the queue to leaving it; read and written under the pool's lock only.
    boolean queued;

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
