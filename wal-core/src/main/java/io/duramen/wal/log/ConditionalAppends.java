package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Appends that say which id they are for: those whose turn it is go to the log's [AppendQueue], a
/// resent one is compared with what the log has, one that comes too early waits in a
/// [ReorderWindow]. Every one gets exactly one answer.
///
/// Any thread may call. Its own monitor may be held when the queue's lock is taken, never the other
/// way round.
final class ConditionalAppends {
    private record Held(Submission.At append, Durability durability,
            CompletableFuture<AppendedAt> answer) {}

    /// What a copy costs beside its bytes.
    private static final long COPY_BYTES = 256;

    private final AppendQueue queue;
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final GroupCommit commit;
    private final ReorderWindow<Held> window;
    private volatile boolean anyHeld;
    private Supplier<WalException> refusal;
    private boolean proceeding;
    private boolean roundScheduled;
    private long comparingBytes;

    ConditionalAppends(AppendQueue queue, LogEnvironment environment, LogSettings settings,
            GroupCommit commit) {
        this.queue = queue;
        this.environment = environment;
        this.settings = settings;
        this.commit = commit;
        this.window = new ReorderWindow<>(settings.reorder());
    }

    /// Appends and waits for the answer.
    AppendedAt append(Submission.At append, Durability durability) {
        while (true) {
            try {
                queue.append(append, durability);
                return append.answer(durability, false);
            } catch (WalException.Conflict _) {
                if (isInLog(append)) {
                    return append.answer(durability, true);
                }
            } catch (WalException.OutOfOrder early) {
                return await(hold(append, durability, early));
            }
        }
    }

    private static AppendedAt await(CompletableFuture<AppendedAt> answer) {
        try {
            return answer.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof WalException refused ? refused : failed;
        }
    }

    CompletableFuture<AppendedAt> appendAsync(Submission.At append, Durability durability) {
        CompletableFuture<Appended> appended = queue.appendAsync(append, durability);
        CompletableFuture<AppendedAt> answer = new CompletableFuture<>();
        Throwable refused = appended.isCompletedExceptionally() ? appended.exceptionNow() : null;
        if (refused instanceof WalException.Conflict) {
            compare(append, durability, answer);
            return answer;
        }
        if (refused instanceof WalException.OutOfOrder early) {
            return hold(append, durability, early);
        }
        appended.whenComplete((_, failed) -> complete(answer, failed,
                append.answer(durability, false)));
        return answer;
    }

    private static void complete(CompletableFuture<AppendedAt> answer, Throwable failed,
            AppendedAt value) {
        if (failed == null) {
            answer.complete(value);
        } else {
            answer.completeExceptionally(
                    failed instanceof CompletionException wrapped ? wrapped.getCause() : failed);
        }
    }

    /// Compares at once with what is on the device; what is on its way there is waited for in the
    /// background.
    private void compare(Submission.At append, Durability durability,
            CompletableFuture<AppendedAt> answer) {
        if (append.lastId() <= commit.durableId()) {
            answerWith(answer, append, durability);
            return;
        }
        long bytes = append.entriesBytes() + COPY_BYTES;
        synchronized (this) {
            if (comparingBytes > 0 && comparingBytes + bytes > settings.pendingBytesMax()) {
                answer.completeExceptionally(new WalException.Overloaded(
                        "too many resent appends wait for the first ones: send again later"));
                return;
            }
            comparingBytes += bytes;
        }
        Submission.At copy = append.copy();
        environment.background().execute(() -> {
            answerWith(answer, copy, durability);
            synchronized (this) {
                comparingBytes -= bytes;
            }
        });
    }

    private void answerWith(CompletableFuture<AppendedAt> answer, Submission.At append,
            Durability durability) {
        try {
            answer.complete(append(append, durability));
        } catch (RuntimeException | Error failed) {
            answer.completeExceptionally(failed);
        }
    }

    /// @return false where there is nothing at its place any more, and it may be appended
    /// @throws WalException.Conflict when there is something else
    private boolean isInLog(Submission.At append) {
        long nextId = queue.nextId();
        if (append.expectedId() >= nextId) {
            return false;
        }
        if (append.lastId() >= nextId) {
            throw new WalException.Conflict(append.expectedId(), nextId);
        }
        if (append.lastId() > commit.durableId()) {
            queue.sync();
        }
        ReadRange range = ReadRange.from(append.expectedId());
        try (LogReader reader = new LogReader(commit.fragments(), range)) {
            for (Payload payload : append.payloads()) {
                if (!reader.hasNext()) {
                    return false;
                }
                if (!Arrays.equals(reader.next().toByteArray(), Submission.At.bytesOf(payload))) {
                    throw new WalException.Conflict(append.expectedId(), queue.nextId());
                }
            }
            return true;
        } catch (WalException.Trimmed _) {
            throw new WalException.Conflict(append.expectedId(), queue.nextId());
        } catch (WalException.PastEnd _) {
            return false;
        }
    }

    private CompletableFuture<AppendedAt> hold(Submission.At append, Durability durability,
            WalException.OutOfOrder early) {
        Held held;
        synchronized (this) {
            if (refusal != null) {
                return CompletableFuture.failedFuture(refusal.get());
            }
            long bytes = append.entriesBytes();
            if (!window.hasRoomFor(append.expectedId(), append.entryCount(), bytes,
                    early.nextId())) {
                return CompletableFuture.failedFuture(early);
            }
            held = new Held(append.copy(), durability, new CompletableFuture<>());
            window.hold(append.expectedId(), append.entryCount(), bytes, held);
            anyHeld = true;
            scheduleRound();
        }
        proceed();
        return held.answer();
    }

    /// The log's next id may have moved: appends, in the background, whose turn has come.
    void proceed() {
        if (!anyHeld) {
            return;
        }
        synchronized (this) {
            if (proceeding || !window.isDue(queue.nextId())) {
                return;
            }
            proceeding = true;
        }
        environment.background().execute(this::appendDue);
    }

    private void appendDue() {
        Optional<Held> due = nextDue();
        while (due.isPresent()) {
            Held held = due.get();
            try {
                appendAsync(held.append(), held.durability()).whenComplete(
                        (answer, failed) -> complete(held.answer(), failed, answer));
            } catch (RuntimeException | Error ours) { // a mistake of ours: who waits is told
                held.answer().completeExceptionally(WalException.Defect.orCause(ours));
            }
            due = nextDue();
        }
    }

    private synchronized Optional<Held> nextDue() {
        Optional<Held> due = window.pollDue(queue.nextId());
        proceeding = due.isPresent();
        anyHeld = !window.isEmpty();
        return due;
    }

    private void scheduleRound() {
        if (!roundScheduled && !window.isEmpty()) {
            roundScheduled = true;
            environment.timer().schedule(
                    () -> environment.background().execute(this::endRound),
                    settings.reorder().timeout().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void endRound() {
        List<Held> late;
        long nextId;
        synchronized (this) {
            roundScheduled = false;
            late = window.endRound();
            anyHeld = !window.isEmpty();
            nextId = queue.nextId();
            scheduleRound();
        }
        late.forEach(held -> held.answer().completeExceptionally(
                new WalException.OutOfOrder(held.append().expectedId(), nextId)));
    }

    /// Bytes of those that are in no queue: they wait for their turn, or to be compared.
    synchronized long waitingBytes() {
        return window.bytes() + comparingBytes;
    }

    /// Refuses who waits for its turn, and who comes to wait from now on.
    void refuseAll(Supplier<WalException> why) {
        List<Held> held;
        synchronized (this) {
            if (refusal == null) {
                refusal = why;
            }
            held = window.clear();
            anyHeld = false;
        }
        held.forEach(one -> one.answer().completeExceptionally(why.get()));
    }
}
