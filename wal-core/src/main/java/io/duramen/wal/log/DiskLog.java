package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import net.openhft.chronicle.bytes.BytesStore;

/// A log on this machine's disk, open for writing: the API without actors.
///
/// - **Threads**: any number may append, read, sync and close at the same time; those that append
///   while the disk is busy share the next group and its sync.
/// - **Answers**: an append that returns, or whose stage completes, is as durable as it asked for.
///   One that fails with [WalException.OutcomeUnknown] may be in the log; with any other failure it
///   is not.
/// - **Order**: ids are given in the order in which appends arrive, without gaps. Entries become
///   visible and are acknowledged in the order of their ids.
/// - **Limits**: at most `pendingBytesMax` bytes wait for the disk; beyond it an append waits, at
///   most `admissionTimeout`, and is then refused.
/// - **Failure**: the first failed write or sync ends appending; opening the log again recovers it.
public final class DiskLog implements ReadableLog {
    private static final int OWN_BUFFERS = 16;

    private final LogDirectory directory;
    private final LogSettings settings;
    private final LogEnvironment environment;
    private final boolean ownsEnvironment;
    private final LogMeter meter;
    private final WriterLock lock;
    private final RecoveryReport report;
    private final LogFragments fragments;
    /// Held by who truncates, trims or closes.
    private final ReentrantLock reshaping = new ReentrantLock();
    private volatile LogWriting writing;
    /// Of a truncation that failed: what readers have of the fragment it was to replace.
    private FragmentLease replaced;
    private boolean closed;

    /// Opens a log for writing, with an environment of its own; creates it where it is not there.
    ///
    /// @param basePath the directory that holds logs; created where it is missing
    /// @throws WalException.Locked when another writer has the log open, here or in another process
    /// @throws WalException.Fenced when a writer of a higher epoch than the settings' has had it
    /// @throws WalException.UnusablePath when the base path cannot hold logs
    /// @throws WalException.Corrupt when recovery finds that something it was promised is damaged
    public static DiskLog open(Path basePath, LogId logId, LogSettings settings) {
        LogEnvironment environment = LogEnvironment.open(1, OWN_BUFFERS);
        try {
            return new DiskLog(basePath, logId, settings, environment, true);
        } catch (RuntimeException | Error failure) {
            environment.close();
            throw failure;
        }
    }

    /// Opens a log on an environment that several share; it stays open when the log is closed.
    public static DiskLog open(Path basePath, LogId logId, LogSettings settings,
            LogEnvironment environment) {
        return new DiskLog(basePath, logId, settings, environment, false);
    }

    private DiskLog(Path basePath, LogId logId, LogSettings settings, LogEnvironment environment,
            boolean ownsEnvironment) {
        this.directory = LogDirectory.of(environment.disk(), basePath, logId);
        this.environment = environment;
        this.ownsEnvironment = ownsEnvironment;
        this.meter = LogMeter.of(logId);
        directory.create();
        this.lock = WriterLock.acquire(directory);
        try {
            RecoveredLog recovered = LogRecovery.run(directory, lock, environment, settings);
            this.settings = recovered.settings();
            report = recovered.report();
            fragments = LogFragments.of(recovered);
            writing = new LogWriting(directory, environment, recovered, fragments, lock, meter);
        } catch (RuntimeException | Error failure) {
            lock.close();
            throw failure;
        }
    }

    /// Appends an entry and waits until it is as durable as the log's settings say.
    ///
    /// @return the entry's id
    public long append(byte[] payload) {
        return append(Payload.of(payload));
    }

    /// As [#append(byte\[\])], with the bytes between position and limit.
    public long append(ByteBuffer payload) {
        return append(Payload.of(payload));
    }

    /// As [#append(byte\[\])].
    public long append(MemorySegment payload) {
        return append(Payload.of(payload));
    }

    /// As [#append(byte\[\])], with the bytes from read position to read limit.
    public long append(BytesStore<?, ?> payload) {
        return append(new BytesPayload(payload));
    }

    public long append(Payload payload) {
        return append(payload, settings.durability());
    }

    /// Appends an entry and waits until it is as durable as asked.
    ///
    /// @throws WalException.TooLarge when it does not fit a fragment
    /// @throws WalException.Overloaded when there was no room for it in time
    /// @throws WalException.DiskFull when the disk has no room for a new fragment
    /// @throws WalException.Poisoned when an earlier write or sync failed
    /// @throws WalException.OutcomeUnknown when a write or sync failed under it
    public long append(Payload payload, Durability durability) {
        return writing.queue().append(new Submission.One(payload, null), durability);
    }

    /// Appends an entry; the stage completes when it is as durable as the log's settings say, on a
    /// thread that must not be blocked.
    public CompletionStage<Appended> appendAsync(byte[] payload) {
        return appendAsync(Payload.of(payload), settings.durability());
    }

    /// As [#append(Payload, Durability)], without waiting for the answer; it only waits for room.
    /// The payload's bytes may be used again as soon as it returns.
    public CompletionStage<Appended> appendAsync(Payload payload, Durability durability) {
        return writing.queue().appendAsync(new Submission.One(payload, null), durability);
    }

    /// Appends entries that a crash leaves in the log whole or not at all, with consecutive ids,
    /// and waits until they are as durable as asked. They lie in one fragment and one group.
    ///
    /// @param payloads one for each entry, at least one
    /// @throws WalException.TooLarge when they do not fit a fragment together; and as
    ///     [#append(Payload, Durability)]
    public Appended appendBatch(List<Payload> payloads, Durability durability) {
        long firstId = writing.queue().append(Submission.Batch.of(payloads), durability);
        return new Appended(firstId, firstId + payloads.size() - 1, durability);
    }

    /// As [#appendBatch(List, Durability)], without waiting for the answer; it only waits for room.
    public CompletionStage<Appended> appendBatchAsync(List<Payload> payloads,
            Durability durability) {
        return writing.queue().appendAsync(Submission.Batch.of(payloads), durability);
    }

    /// Appends entries if the first one's id is the expected one, as an atomic batch where they are
    /// several, and waits until they are as durable as asked. Where the log has the same bytes
    /// there already it appends nothing, and says so once they are on the device: so an append
    /// whose answer was lost can be sent again. One that comes before its turn waits in the reorder
    /// window, where the settings have one.
    ///
    /// @param payloads one for each entry, at least one
    /// @throws WalException.Conflict when the log has other bytes there, or has trimmed them
    /// @throws WalException.OutOfOrder when entries in front of it are missing, and it cannot wait
    ///     for them; and as [#appendBatch(List, Durability)]
    public AppendedAt appendAt(long expectedId, List<Payload> payloads, Durability durability) {
        return writing.queue().conditional().append(Submission.At.of(expectedId, payloads),
                durability);
    }

    /// As [#appendAt(long, List, Durability)]; waits for room only, and to compare what is resent.
    public CompletionStage<AppendedAt> appendAtAsync(long expectedId, List<Payload> payloads,
            Durability durability) {
        return writing.queue().conditional().appendAsync(Submission.At.of(expectedId, payloads),
                durability);
    }

    /// Room for an entry of this size, to be filled in place.
    ///
    /// @throws WalException.TooLarge when it does not fit a fragment
    /// @throws WalException.Overloaded when no buffer became free in time
    public Claim claim(int sizeBytes) {
        return Claim.of(sizeBytes, settings, environment, writing.queue());
    }

    /// Waits until everything appended before is on the device.
    public void sync() {
        writing.queue().sync();
    }

    /// Lets the log go on in another fragment, and waits until that is there. What was appended
    /// before stays in the one before, which is sealed in the background.
    ///
    /// @return false where the fragment that grows is empty: then nothing has changed
    /// @throws WalException.DiskFull when there is no room for another one; the log goes on
    public boolean rotate() {
        return writing.queue().rotate();
    }

    /// Drops entries from the head, as far as they share no fragment with one that stays, no floor
    /// is in the way, and they are not in the fragment that grows. Their ids are not given again.
    /// It is on the device when this returns; files that a reader has on lease go when it has done.
    ///
    /// @throws WalException.PastEnd when the rule names an entry that does not exist yet
    /// @throws WalException.Poisoned when an earlier write or sync failed
    public TrimOutcome trim(TrimRule rule) {
        return reshape(() -> writing.trim(rule));
    }

    /// Drops entries before this one; see [#trim(TrimRule)].
    public TrimOutcome trimBefore(long entryId) {
        return trim(new TrimRule.Before(entryId));
    }

    /// What [#trim(TrimRule)] would do now.
    public TrimOutcome planTrim(TrimRule rule) {
        return reshape(() -> writing.retention().plan(rule));
    }

    /// Sets, raises or removes a consumer's floor, which holds back every trim.
    ///
    /// @throws WalException.UnknownFloor when it is to be raised or removed, and there is none
    /// @throws WalException.Trimmed when it is to be set lower than the first entry there is
    /// @throws WalException.PastEnd when it is to be higher than the next entry
    public void changeFloor(FloorChange change) {
        reshape(() -> {
            writing.change(change);
            return change;
        });
    }

    /// Drops every entry behind one of them, for good; their ids are given again. It is on the
    /// device when this returns. A reader that has read beyond the entry is refused with
    /// [WalException.Truncated], any other one reads on. An atomic batch that the entry lies in
    /// ends with it.
    ///
    /// Appends and syncs that are asked for meanwhile are refused as overloaded, trims wait; what
    /// is under way is completed first. A failure of the disk that leaves open whether it was done
    /// poisons the log, and opening it again tells; with any other nothing has changed.
    ///
    /// @param lastId the entry that is to be the last one; the one in front of the first there is
    ///     drops all, -1 for a log that starts with 0
    /// @throws WalException.PastEnd when it does not exist yet
    /// @throws WalException.Trimmed when it is further before the first there is
    /// @throws WalException.Corrupt when what is to stay of its fragment is damaged
    /// @throws WalException.DiskFull when there is no room to write that anew
    /// @throws WalException.Poisoned when an earlier write or sync failed
    public TruncateOutcome truncateAfter(long lastId) {
        return reshape(() -> {
            if (closed) {
                throw new WalException.Closed("the log");
            }
            writing.checkNotPoisoned();
            TruncateOutcome.check(lastId, firstId(), writing.queue().nextId());
            writing.retention().saveFloors();
            return truncate(writing, lastId);
        });
    }

    private <T> T reshape(Supplier<T> work) {
        reshaping.lock();
        try {
            return work.get();
        } finally {
            reshaping.unlock();
        }
    }

    private TruncateOutcome truncate(LogWriting before, long lastId) {
        try {
            before.close(() -> new WalException.Overloaded(
                    "the log is being truncated: nothing was written, append again later"));
            before.checkNotPoisoned();
            return truncateClosed(lastId);
        } catch (RuntimeException | Error failure) {
            if (writing == before) {
                before.poison(failure);
            }
            throw failure;
        }
    }

    /// What fails in front of the point of no return is a refusal: the log goes on as it was.
    private TruncateOutcome truncateClosed(long lastId) {
        LogTruncation truncation = new LogTruncation(directory, environment, lock);
        Optional<WalException> refusal = Optional.empty();
        TruncateOutcome outcome = null;
        try {
            outcome = TruncateOutcome.plan(fragments, lastId);
            if (outcome.entries() > 0) {
                cut(truncation, outcome.nextId());
            }
        } catch (WalException failure) {
            if (replaced != null) {
                throw failure;
            }
            refusal = Optional.of(failure);
        }
        writing = recover();
        letGoOfReplaced();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return outcome;
    }

    private void cut(LogTruncation truncation, long nextId) {
        Fragment tail = fragments.endingBefore(nextId).orElseThrow();
        FragmentFiles.Standby standby = truncation.prepare(tail, fragments.firstId(), nextId);
        replaced = tail.lease(); // readers have its file until they have the next one
        try {
            truncation.commit(standby, new NewEnd(nextId, tail.firstId()));
        } catch (WalException.DiskFull refusal) {
            letGoOfReplaced();
            throw refusal;
        }
        fragments.truncate(nextId);
        truncation.complete();
    }

    private LogWriting recover() {
        RecoveredLog recovered = LogRecovery.run(directory, lock, environment, settings);
        fragments.takeIn(recovered);
        return new LogWriting(directory, environment, recovered, fragments, lock, meter);
    }

    private void letGoOfReplaced() {
        if (replaced != null) {
            replaced.close();
            replaced = null;
        }
    }

    @Override
    public long firstIdAtOrAfter(Instant time) {
        return fragments.firstIdAtOrAfter(time);
    }

    @Override
    public LogReader read(ReadRange range) {
        return new LogReader(fragments, range);
    }

    @Override
    public LogId id() {
        return directory.logId();
    }

    @Override
    public long firstId() {
        return fragments.firstId();
    }

    @Override
    public long nextId() {
        return fragments.visibleId() + 1;
    }

    /// What opening the log found and did.
    public RecoveryReport recoveryReport() {
        return report;
    }

    /// What the log has done since it was opened.
    public LogMetrics metrics() {
        return meter.metrics();
    }

    public LogInfo info() {
        return writing.info(settings);
    }

    /// Refuses new appends, completes those under way, syncs, and gives the lock back. Readers that
    /// are open may read on. A second close does nothing.
    ///
    /// @throws WalException.OutcomeUnknown when the last sync failed
    @Override
    public void close() {
        reshape(() -> {
            if (!closed) {
                closed = true;
                closeNow();
            }
            return closed;
        });
    }

    private void closeNow() {
        try (lock) {
            writing.close(() -> new WalException.Closed("the log"));
        } finally {
            letGoOfReplaced();
            if (ownsEnvironment) {
                environment.close();
            }
        }
    }
}
