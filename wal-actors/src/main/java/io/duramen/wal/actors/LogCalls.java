package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.LogId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/// Requests to a log as stages. A log answers every request that it receives; those that its actor
/// did not receive before it stopped are answered here. So there is no time-out, after which nobody
/// could say what became of an append.
///
/// Any thread may call.
final class LogCalls {
    /// A limit that is never meant to be reached, since one has to be named.
    private static final Duration EVER = Section.DELAY_MAX;

    private record Call(CompletableFuture<?> answer, WalException whenStopped) {}

    private final ActorRef<LogRequest> log;
    private final Scheduler scheduler;
    private final CompletableFuture<Done> stopped;
    private final WalException closed;
    private final Set<Call> waiting = ConcurrentHashMap.newKeySet();

    LogCalls(LogId id, ActorRef<LogRequest> log, Scheduler scheduler,
            CompletableFuture<Done> stopped) {
        this.log = log;
        this.scheduler = scheduler;
        this.stopped = stopped;
        this.closed = new WalException.Closed("log " + id);
        stopped.thenRun(() -> waiting.forEach(LogCalls::end));
    }

    private static void end(Call call) {
        call.answer().completeExceptionally(call.whenStopped());
    }

    CompletionStage<Appended> append(
            Function<ActorRef<LogRequest.AppendAnswer>, LogRequest> request) {
        return call(new WalException.OutcomeUnknown(closed), request, (answer, appended) -> {
            switch (answer) {
                case LogRequest.Acknowledged done -> appended.complete(done.appended());
                case LogRequest.Duplicate there -> appended.complete(there.appended());
                case LogRequest.Overloaded overloaded ->
                        appended.completeExceptionally(overloaded.cause());
                case LogRequest.NotWritten refused ->
                        appended.completeExceptionally(refused.cause());
                case LogRequest.Unknown unknown ->
                        appended.completeExceptionally(unknown.cause());
            }
        });
    }

    CompletionStage<AppendedAt> appendAt(
            Function<ActorRef<LogRequest.AppendAnswer>, LogRequest> request) {
        return call(new WalException.OutcomeUnknown(closed), request, (answer, appended) -> {
            switch (answer) {
                case LogRequest.Acknowledged done ->
                        appended.complete(answerOf(done.appended(), false));
                case LogRequest.Duplicate there ->
                        appended.complete(answerOf(there.appended(), true));
                case LogRequest.Overloaded overloaded ->
                        appended.completeExceptionally(overloaded.cause());
                case LogRequest.NotWritten refused ->
                        appended.completeExceptionally(refused.cause());
                case LogRequest.Unknown unknown ->
                        appended.completeExceptionally(unknown.cause());
            }
        });
    }

    private static AppendedAt answerOf(Appended appended, boolean duplicate) {
        return new AppendedAt(appended.firstId(), appended.lastId(), appended.durability(),
                duplicate);
    }

    CompletionStage<Long> find(Function<ActorRef<LogRequest.ReadAnswer>, LogRequest> request) {
        return call(closed, request, (answer, found) -> {
            switch (answer) {
                case LogRequest.Found one -> found.complete(one.entryId());
                case LogRequest.ReadFailed failed -> found.completeExceptionally(failed.cause());
                case LogRequest.Lent _,LogRequest.Visible _ -> found.completeExceptionally(
                        new IllegalStateException("no answer to this: " + answer));
            }
        });
    }

    <T> CompletionStage<T> status(Function<ActorRef<StatusReply<T>>, LogRequest> request) {
        return call(closed, request, (reply, answer) -> {
            if (reply.isSuccess()) {
                answer.complete(reply.getValue());
            } else {
                answer.completeExceptionally(reply.getError());
            }
        });
    }

    void close() {
        this.<Done, Done> call(closed, LogRequest.Close::new,
                (_, done) -> done.complete(Done.done()));
    }

    /// @param whenStopped the failure where nobody answers any more
    private <A, T> CompletableFuture<T> call(WalException whenStopped,
            Function<ActorRef<A>, LogRequest> request, BiConsumer<A, CompletableFuture<T>> pass) {
        if (stopped.isDone()) {
            return CompletableFuture.failedFuture(closed);
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        Call call = new Call(answer, whenStopped);
        CompletionStage<A> asked =
                AskPattern.<LogRequest, A> ask(log, request::apply, EVER, scheduler);
        waiting.add(call);
        asked.whenComplete((reply, notDelivered) -> {
            waiting.remove(call);
            if (notDelivered == null) {
                pass.accept(reply, answer);
            } else {
                answer.completeExceptionally(closed);
            }
        });
        if (stopped.isDone() && !answer.isDone()) {
            waiting.remove(call);
            end(call);
        }
        return answer;
    }
}
