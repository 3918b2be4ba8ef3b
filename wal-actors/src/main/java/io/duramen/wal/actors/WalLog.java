package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogMetrics;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.TrimOutcome;
import io.duramen.wal.log.TrimRule;
import io.duramen.wal.log.TruncateOutcome;
import io.duramen.wal.log.TruncationWatch;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/// A log in an actor system: its name, the actor that serves it, and the requests to it as calls.
/// Streams, plugins and tools know no more of a log than this. [Wal] gives it.
///
/// Actors send [LogRequest]s to [#ref()]; others call. Of the calls:
///
/// - **Threads**: any thread calls, also a virtual one, and none is blocked; whoever wants to wait
///   joins the stage. Calls of one thread arrive in their order. A stage completes on a thread of
///   the actor system, which must not be blocked.
/// - **Answers**: a stage completes once, and exceptionally with a [WalException] as it is, without
///   another one around it. An append that fails with [WalException.OutcomeUnknown] may be in the
///   log; with any other failure it is not.
/// - **Payloads**: their bytes belong to the log until the stage has completed.
/// - **Limits**: where too much waits, a stage fails with [WalException.Overloaded]; nothing waits
///   without an end, and nothing is tried again by itself.
public final class WalLog {
    private final LogId id;
    private final ActorRef<LogRequest> ref;
    private final Durability durability;
    private final long epoch;
    private final LogLife life;
    private final LogCalls calls;

    /// @param settings say what an append promises that does not say otherwise, and the epoch
    WalLog(LogId id, ActorRef<LogRequest> ref, ActorSystem<?> system, LogSettings settings,
            LogLife life) {
        this.id = id;
        this.ref = ref;
        this.durability = settings.durability();
        this.epoch = settings.epoch();
        this.life = life;
        this.calls = new LogCalls(id, ref, system.scheduler(), life.whenStopped());
    }

    public LogId id() {
        return id;
    }

    /// Answers [LogRequest]s; stops when the log is closed.
    public ActorRef<LogRequest> ref() {
        return ref;
    }

    /// Where the log is in its life, now. Changes are published on the actor system's event stream,
    /// as [LogPhase.Changed].
    public LogPhase phase() {
        return life.phase();
    }

    /// What the log has done since this handle was made; asks nobody and costs next to nothing.
    public LogMetrics metrics() {
        return life.meter().metrics();
    }

    /// Makes a reader's progress known to [#metrics()], until [#readsNoMore(LongSupplier)].
    ///
    /// @param nextId the entry it reads next; called by any thread, at any time
    public void reads(LongSupplier nextId) {
        life.meter().reads(nextId);
    }

    public void readsNoMore(LongSupplier nextId) {
        life.meter().readsNoMore(nextId);
    }

    /// Appends an entry; the stage completes when it is as durable as the configuration asks.
    public CompletionStage<Appended> append(byte[] payload) {
        return append(Payload.of(payload), durability);
    }

    /// Appends an entry; the stage completes when it is as durable as asked.
    ///
    /// It fails with [WalException.TooLarge], [WalException.Overloaded], [WalException.DiskFull],
    /// [WalException.Poisoned], [WalException.Closed] or [WalException.OutcomeUnknown], or with the
    /// reason why the log could not be opened.
    public CompletionStage<Appended> append(Payload payload, Durability asked) {
        return appendAll(List.of(payload), asked);
    }

    /// Appends entries in their order, with consecutive ids. A crash may leave the first of them in
    /// the log and not the rest.
    ///
    /// @param payloads one for each entry, at least one
    public CompletionStage<Appended> appendAll(List<Payload> payloads, Durability asked) {
        return append(payloads, asked, false);
    }

    /// As [#appendAll(List, Durability)], as durable as the configuration asks.
    public CompletionStage<Appended> appendAll(List<Payload> payloads) {
        return appendAll(payloads, durability);
    }

    /// Appends entries that a crash leaves in the log whole or not at all, with consecutive ids.
    /// They must fit a fragment together; else the stage fails with [WalException.TooLarge].
    ///
    /// @param payloads one for each entry, at least one
    public CompletionStage<Appended> appendBatch(List<Payload> payloads, Durability asked) {
        return append(payloads, asked, true);
    }

    /// As [#appendBatch(List, Durability)], as durable as the configuration asks.
    public CompletionStage<Appended> appendBatch(List<Payload> payloads) {
        return appendBatch(payloads, durability);
    }

    private CompletionStage<Appended> append(List<Payload> payloads, Durability asked,
            boolean atomic) {
        List<Payload> own = List.copyOf(payloads);
        return calls.append(replyTo -> new LogRequest.Append(own, asked, atomic, replyTo));
    }

    /// Appends entries if the first one gets this id, as an atomic batch where they are several.
    /// Where the log has the same bytes there already it appends nothing, and says so once they are
    /// on the device: so an append whose answer was lost can be sent again. One that comes before
    /// its turn waits in the reorder window, where the configuration has one.
    ///
    /// It fails as [#append(Payload, Durability)], and with [WalException.Conflict] where the log
    /// has other bytes there, or [WalException.OutOfOrder] where entries in front are missing.
    ///
    /// @param expectedId the first entry's, 0 or more
    /// @param payloads one for each entry, at least one
    public CompletionStage<AppendedAt> appendAt(long expectedId, List<Payload> payloads,
            Durability asked) {
        List<Payload> own = List.copyOf(payloads);
        return calls.appendAt(
                replyTo -> new LogRequest.AppendAt(expectedId, own, asked, replyTo));
    }

    /// As [#appendAt(long, List, Durability)], as durable as the configuration asks.
    public CompletionStage<AppendedAt> appendAt(long expectedId, List<Payload> payloads) {
        return appendAt(expectedId, payloads, durability);
    }

    /// Drops entries from the head of the log, as far as they share no fragment with one that
    /// stays, no floor is in the way, and they are not in the fragment that grows. Their ids are
    /// not given again. The stage completes when that is on the device, and fails with
    /// [WalException.PastEnd] where the rule names an entry that does not exist yet.
    public CompletionStage<TrimOutcome> trim(TrimRule rule) {
        return status(replyTo -> new LogRequest.Trim(rule, replyTo));
    }

    /// Drops entries before this one; see [#trim(TrimRule)].
    public CompletionStage<TrimOutcome> trimBefore(long entryId) {
        return trim(new TrimRule.Before(entryId));
    }

    /// Sets, raises or removes a consumer's floor, which holds back every trim. It fails with
    /// [WalException.UnknownFloor] where there is none to raise or remove, and with
    /// [WalException.Trimmed] or [WalException.PastEnd] where its id is out of the log's range.
    public CompletionStage<Done> changeFloor(FloorChange change) {
        return status(replyTo -> new LogRequest.ChangeFloor(change, replyTo));
    }

    /// Lets the log go on in another fragment; the stage completes when that is there. Appends that
    /// are answered already stay in the one before, which is sealed in the background.
    ///
    /// It fails with [WalException.DiskFull] where there is no room for another one: the log goes
    /// on then.
    ///
    /// @return false where the fragment that grows is empty: then nothing has changed
    public CompletionStage<Boolean> rotate() {
        return status(LogRequest.Rotate::new);
    }

    /// Drops every entry behind one of them, for good; their ids are given again. Appends that were
    /// called before on this thread are completed first; what comes meanwhile waits.
    ///
    /// It fails with [WalException.PastEnd], [WalException.Trimmed], [WalException.Corrupt] or
    /// [WalException.DiskFull] where nothing has changed, and with [WalException.OutcomeUnknown]
    /// where that is not known: then the log takes no more until [Wal#reopen(WalLog)] tells.
    ///
    /// @param lastId the entry that is to be the last one; the one in front of the first there is
    ///     drops all, -1 for a log that starts with 0
    public CompletionStage<TruncateOutcome> truncateAfter(long lastId) {
        return status(replyTo -> new LogRequest.Truncate(lastId, replyTo));
    }

    /// For a reader that is about to start: tells it before each entry whether what it reads still
    /// follows what it has read. A view does not need it, which fails as a whole.
    public TruncationWatch watchTruncations() {
        return life.truncations().watch();
    }

    /// See [LogRequest.Fence].
    CompletionStage<Done> fence(long higher) {
        return status(replyTo -> new LogRequest.Fence(higher, replyTo));
    }

    /// The epoch that it was opened with; 0 where none was named.
    long epoch() {
        return epoch;
    }

    /// The first visible entry whose time is not before this one. The time of an entry is that of
    /// its group; it never goes back from entry to entry, whatever the clock did.
    ///
    /// @return its id; the id after the last visible entry where there is none
    public CompletionStage<Long> firstIdAtOrAfter(Instant time) {
        return calls.find(replyTo -> new LogRequest.FindTime(time, replyTo));
    }

    /// Completes when all appends that were called before on this thread are answered and on the
    /// device, also those that asked for less.
    public CompletionStage<Done> sync() {
        return status(LogRequest.Sync::new);
    }

    /// The log's state.
    public CompletionStage<LogInfo> info() {
        return status(LogRequest.Describe::new);
    }

    /// See [Wal#reopen(WalLog)].
    CompletionStage<LogInfo> reopen() {
        return status(LogRequest.Reopen::new);
    }

    private <T> CompletionStage<T> status(Function<ActorRef<StatusReply<T>>, LogRequest> request) {
        return calls.status(request);
    }

    /// Completes what the log has accepted, syncs it, and gives it back. This handle is of no use
    /// afterwards. Closing again does no more than wait.
    ///
    /// @see Wal#close(WalLog) which gives up after a time
    public CompletionStage<Done> close() {
        calls.close();
        return life.whenStopped();
    }

    @Override
    public String toString() {
        return "WalLog(" + id + ")";
    }
}
