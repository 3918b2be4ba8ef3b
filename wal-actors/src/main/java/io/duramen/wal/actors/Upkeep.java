package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Retention;
import io.duramen.wal.log.StorageInfo;
import io.duramen.wal.log.TrimOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;

/// Trims a log and changes its floors, on blocking threads, beside what is appended. Part of a
/// [LogActor]; answers go straight to who asked.
final class Upkeep {
    private static final int REQUESTS_MAX = 64;

    private final Logger log;
    private final Retention retention;
    private final WriteAccess access;
    private final WalResources resources;
    private final Semaphore room = new Semaphore(REQUESTS_MAX);

    Upkeep(Logger log, Retention retention, WriteAccess access, WalResources resources) {
        this.log = log;
        this.retention = retention;
        this.access = access;
        this.resources = resources;
    }

    /// @param refusal why the log takes no more, where it does not
    void trim(LogRequest.Trim request, Optional<WalException> refusal) {
        answer(request.replyTo(), refusal, () -> {
            TrimOutcome outcome = retention.trim(request.rule());
            report(outcome);
            return outcome;
        });
    }

    /// @param refusal why the log takes no more, where it does not
    void change(LogRequest.ChangeFloor request, Optional<WalException> refusal) {
        answer(request.replyTo(), refusal, () -> {
            retention.change(request.change());
            return Done.done();
        });
    }

    private <T> void answer(ActorRef<StatusReply<T>> replyTo, Optional<WalException> refusal,
            Supplier<T> work) {
        if (refusal.isPresent()) {
            replyTo.tell(StatusReply.error(refusal.get()));
        } else if (!room.tryAcquire()) {
            replyTo.tell(StatusReply.error(new WalException.Overloaded(
                    REQUESTS_MAX + " requests to trim wait already: ask again later")));
        } else {
            run(work).whenComplete((result, failure) -> {
                room.release();
                replyTo.tell(failure == null ? StatusReply.success(result)
                        : StatusReply.error(WalException.Defect.orCause(Causes.of(failure))));
            });
        }
    }

    /// A fragment has been sealed: drops what the settings say.
    ///
    /// @param refusal why the log takes no more, where it does not
    void afterSeal(Optional<WalException> refusal) {
        if (refusal.isEmpty()) {
            run(() -> {
                retention.applyRules().ifPresent(this::report);
                return Done.done();
            });
        }
    }

    private void report(TrimOutcome outcome) {
        if (outcome.bytes() > 0) {
            log.info("log {} was trimmed: {} fragments with {} bytes are gone, it starts with"
                    + " entry {}", retention.logId(), outcome.fragments(), outcome.bytes(),
                    outcome.firstId());
        }
        outcome.ended().forEach(consumer -> log.warn("log {} was trimmed beyond what consumer {}"
                + " has read, whose floor has ended", retention.logId(), consumer));
    }

    /// The log is not given back while something runs.
    private <T> CompletableFuture<T> run(Supplier<T> work) {
        boolean mayWrite = access.tryUse();
        assert mayWrite : "a log that is open may be written to";
        CompletableFuture<T> running = CompletableFuture.supplyAsync(work, resources.blocking());
        return running.whenComplete((_, _) -> access.endUse());
    }

    StorageInfo info() {
        return retention.info();
    }

    /// Waits until all that was asked for is done.
    void awaitAccepted() {
        room.acquireUninterruptibly(REQUESTS_MAX);
        room.release(REQUESTS_MAX);
    }

    /// Before the log is truncated, which may lower floors; blocks on the disk.
    void saveFloors() {
        retention.saveFloors();
    }

    /// Waits for what is under way.
    void close() {
        retention.close();
    }

    /// As [#close()], without waiting.
    void abandon() {
        retention.abandon();
    }
}
