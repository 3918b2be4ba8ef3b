package io.duramen.wal.memory;

import java.util.concurrent.CompletableFuture;

/// A place in the queue for a slot.
final class Waiter extends CompletableFuture<BufferLease> {
    /// Who asked, where the request is observed for a leak, else null.
    final Throwable site;

    /// When it joined the queue; written under the pool's lock.
    long sinceNanos;

    /// True from joining the queue to leaving it; read and written under the pool's lock only.
    boolean queued;

    Waiter(Throwable site) {
        this.site = site;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
