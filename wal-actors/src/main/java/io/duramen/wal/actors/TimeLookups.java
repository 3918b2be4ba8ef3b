package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogFragments;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/// Finds entries by time, on blocking threads, a few at a time. Answers go straight to who asked.
final class TimeLookups {
    private static final int UNDER_WAY_MAX = 64;

    private final LogFragments fragments;
    private final Executor blocking;
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);

    TimeLookups(LogFragments fragments, Executor blocking) {
        this.fragments = fragments;
        this.blocking = blocking;
    }

    void find(LogRequest.FindTime request) {
        if (!room.tryAcquire()) {
            Refusals.answer(request, new WalException.Overloaded(
                    UNDER_WAY_MAX + " look-ups of a time are under way: ask again later"));
            return;
        }
        CompletableFuture.supplyAsync(() -> fragments.firstIdAtOrAfter(request.time()), blocking)
                .whenComplete((entryId, failure) -> {
                    room.release();
                    request.replyTo().tell(failure == null ? new LogRequest.Found(entryId)
                            : new LogRequest.ReadFailed(
                                    WalException.Defect.orCause(Causes.of(failure))));
                });
    }
}
