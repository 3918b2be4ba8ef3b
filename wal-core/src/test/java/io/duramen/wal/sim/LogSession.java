package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.Claim;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.ReadRange;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/// A log that is being used: what [Operation]s act on. Tells the oracle what was asked of the log
/// and what it answered. A failure of the log ends here where the log answered with it, and the
/// test asks with [#failure()].
final class LogSession implements AutoCloseable {
    static final LogId ID = LogId.of("orders");
    static final Duration AGE_MAX = Duration.ofHours(1);
    private static final int SMALL_BYTES = 50;
    /// More often a log is not opened in a life.
    private static final int EPOCHS_UNNAMED_MAX = 1000;

    private final SimMachine machine;
    private final LogOracle oracle;
    private final LogSettings settings;
    private final Dice dice;
    private DiskLog log;
    private WalException failure;

    /// Opens the log; recovery may fail.
    ///
    /// @param dice what the user of the log does
    LogSession(SimMachine machine, LogOracle oracle, LogSettings settings, Dice dice) {
        this.machine = machine;
        this.oracle = oracle;
        this.settings = settings;
        this.dice = dice;
        open();
    }

    private void open() {
        open(settings);
    }

    private void open(LogSettings how) {
        machine.faults().forgive();
        log = DiskLog.open(SimMachine.BASE, ID, how, machine.environment());
        machine.giveWay();
    }

    DiskLog log() {
        return log;
    }

    Dice dice() {
        return dice;
    }

    SimMachine machine() {
        return machine;
    }

    /// The first answer that says that the log takes no more, null while there is none.
    WalException failure() {
        return failure;
    }

    void append(int sizeBytes, Durability durability) {
        String payload = oracle.nextPayload(sizeBytes);
        waitFor(payload, durability, () -> log.append(payloadOf(payload), durability));
    }

    /// Appends through a claim, which promises what the log's settings say.
    void claim(int sizeBytes) {
        String payload = oracle.nextPayload(sizeBytes);
        waitFor(payload, settings.durability(), () -> {
            byte[] bytes = payload.getBytes(US_ASCII);
            try (Claim claim = log.claim(bytes.length + dice.below(100))) {
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, claim.memory(), 0,
                        bytes.length);
                return claim.commit(bytes.length);
            }
        });
    }

    /// Takes room for an entry and gives it back.
    void abandonClaim(int sizeBytes) {
        try (Claim claim = log.claim(sizeBytes)) {
            claim.memory().fill((byte) 'x');
        } catch (WalException refused) {
            note(refused);
        }
    }

    /// Appends at the next id, sends it again, and asks for what must be refused.
    void appendAt(int sizeBytes, Durability durability) {
        String payload = oracle.nextPayload(sizeBytes);
        long id = log.info().nextId();
        if (waitFor(payload, durability, () -> appendAt(id, payload, durability, false))) {
            resend(id, payload);
        }
    }

    /// What is in the log already is acknowledged again, once it is on the device.
    private void resend(long id, String payload) {
        try {
            appendAt(id, payload, Durability.SYNCED, true);
        } catch (WalException failed) { // says nothing of what was acknowledged before
            note(failed);
            return;
        }
        oracle.acknowledgedSynced(id, payload);
        requireRefused(WalException.Conflict.class, id);
        requireRefused(WalException.OutOfOrder.class, id + 2);
    }

    private long appendAt(long id, String payload, Durability durability, boolean duplicate) {
        AppendedAt answer = log.appendAt(id, List.of(payloadOf(payload)), durability);
        if (answer.firstId() != id || answer.duplicate() != duplicate) {
            throw new AssertionError("at " + id + " the answer is " + answer);
        }
        return id;
    }

    private void requireRefused(Class<? extends WalException> how, long id) {
        try {
            log.appendAt(id, List.of(payloadOf("nobody's")), Durability.WRITTEN);
            throw new AssertionError("at " + id + " something else was taken");
        } catch (WalException refused) {
            if (!how.isInstance(refused)) {
                note(refused);
            }
        }
    }

    /// @return true where it was acknowledged
    private boolean waitFor(String payload, Durability durability, LongSupplier append) {
        try {
            long id = append.getAsLong();
            machine.giveWay();
            acknowledge(payload, new Appended(id, id, durability));
            return true;
        } catch (WalException failed) {
            machine.giveWay();
            answer(payload, failed);
            return false;
        }
    }

    /// Appends without waiting for the answer.
    void appendAsync(int sizeBytes, Durability durability) {
        String payload = oracle.nextPayload(sizeBytes);
        log.appendAsync(payloadOf(payload), durability).whenComplete((appended, failed) -> {
            if (failed == null) {
                acknowledge(payload, appended);
            } else {
                answer(payload, failed);
            }
        });
        machine.giveWay();
    }

    /// Appends entries that belong together, without waiting for the answer.
    void appendBatchAsync(int entries, int sizeBytes, Durability durability) {
        List<String> batch = oracle.nextBatch(entries, sizeBytes);
        log.appendBatchAsync(batch.stream().map(LogSession::payloadOf).toList(), durability)
                .whenComplete((appended, failed) -> tellOracle(batch, appended, failed));
        machine.giveWay();
    }

    private synchronized void tellOracle(List<String> batch, Appended appended,
            Throwable failed) {
        for (int i = 0; i < batch.size(); i++) {
            if (failed == null) {
                long id = appended.firstId() + i;
                acknowledge(batch.get(i), new Appended(id, id, appended.durability()));
            } else {
                answer(batch.get(i), failed);
            }
        }
    }

    private static Payload payloadOf(String payload) {
        return Payload.of(payload.getBytes(US_ASCII));
    }

    private synchronized void acknowledge(String payload, Appended appended) {
        if (appended.durability() == Durability.SYNCED) {
            oracle.acknowledgedSynced(appended.firstId(), payload);
        } else {
            oracle.acknowledgedWritten(appended.firstId(), payload);
        }
    }

    private synchronized void answer(String payload, Throwable failed) {
        Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
        if (!(cause instanceof WalException answer)) {
            throw new AssertionError("an append failed with something of another kind", cause);
        }
        if (!(answer instanceof WalException.OutcomeUnknown)) {
            oracle.refused(payload);
        }
        note(answer);
    }

    private void note(WalException answer) {
        boolean goesOn = answer instanceof WalException.Overloaded
                || answer instanceof WalException.DiskFull
                || answer instanceof WalException.TooLarge;
        if (!goesOn && failure == null) {
            failure = answer;
        }
    }

    /// All that was appended is on the device when it returns.
    void sync() {
        try {
            log.sync();
            machine.giveWay();
            oracle.synced();
        } catch (WalException failed) {
            machine.giveWay();
            note(failed);
        }
    }

    /// Time goes by until the fragment is too old for the next append.
    void letFragmentAge() {
        machine.clock().advance(AGE_MAX);
    }

    void rotate() {
        try {
            log.rotate();
        } catch (WalException failed) {
            note(failed);
        }
        machine.giveWay();
    }

    /// Drops what lies before any entry, or all.
    void trim() {
        trimBefore(log.firstId() + dice.below((int) (log.nextId() - log.firstId()) + 1));
    }

    /// Drops what the newest fragment does not hold.
    void trimToTip() {
        trimBefore(log.nextId());
    }

    void trimBefore(long before) {
        oracle.trimming(before);
        try {
            oracle.trimmed(log.trimBefore(before).firstId());
            machine.giveWay();
        } catch (WalException failed) {
            machine.giveWay();
            note(failed);
        }
    }

    /// Drops what lies behind any entry, or all.
    void truncate() {
        truncateAfter(log.firstId() - 1 + dice.below((int) (log.nextId() - log.firstId()) + 1));
    }

    void truncateAfter(long lastId) {
        oracle.truncating(lastId);
        machine.awaitCommits(); // as it does itself, in a way that cannot be repeated
        try {
            log.truncateAfter(lastId);
            machine.giveWay();
            oracle.truncated(lastId);
        } catch (WalException.Trimmed _) {
            oracle.notTruncated(); // the log did so by itself, just now
        } catch (WalException failed) {
            machine.giveWay();
            if (log.info().poisonedBy().isEmpty()) {
                oracle.notTruncated();
            }
            note(failed);
        }
    }

    /// A reader of the log, and one of a view, read on where all they have read is still there, and
    /// are refused where it is not.
    void truncateUnderReaders() {
        try (LogView view = LogView.open(SimMachine.BASE, ID, machine.disk(),
                machine.environment().scheduler());
                SimReader reader = new SimReader(log, dice);
                SimReader viewReader = new SimReader(view, dice)) {
            truncate();
            append(SMALL_BYTES, Durability.SYNCED);
            if (failure == null) {
                view.refresh();
                reader.readOn();
                viewReader.readOn();
            }
        } catch (WalException.Trimmed _) {
            // the log did so by itself, just now
        } catch (WalException.Corrupt dropped) { // by a system that could not sync what it showed
            if (!machine.faults().hasReverted() || dropped.entryId() <= log.info().durableId()) {
                throw dropped;
            }
        }
    }

    /// What a reader has on lease stays as it is.
    void trimUnderReader() {
        try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            if (!reader.hasNext()) {
                return;
            }
            Entry entry = reader.next();
            byte[] before = entry.toByteArray();
            trim();
            letFragmentAge();
            append(SMALL_BYTES, Durability.SYNCED);
            boolean isLost = machine.faults().hasReverted()
                    && entry.id() > log.info().durableId();
            if (!isLost && !Arrays.equals(before, entry.toByteArray())) {
                throw new AssertionError("entry " + entry.id() + " changed under its reader");
            }
        } catch (WalException.Trimmed _) {
            // the log did so by itself, just now
        }
    }

    void read() {
        try {
            oracle.checkReader(log, settings.durability() == Durability.SYNCED);
        } catch (WalException.Trimmed _) {
            // the log did so by itself, just now
        }
    }

    /// Reads as another process does.
    void view() {
        try (LogView view = LogView.open(SimMachine.BASE, ID, machine.disk(),
                machine.environment().scheduler())) {
            oracle.checkReader(view, true);
        } catch (WalException.Trimmed _) {
            // the log did so by itself, just now
        }
    }

    /// Closes and, where that succeeds, opens again.
    void reopen() {
        close();
        if (failure == null) {
            open();
            oracle.check(log, machine.faults().hasReverted());
        }
    }

    /// Closes, and where that succeeds opens again in an epoch that is named; one before any that
    /// was named is refused.
    void reopenInNextEpoch() {
        close();
        if (failure != null) {
            return;
        }
        try {
            if (oracle.epoch() > 0) {
                open(settings.withEpoch(oracle.epoch() - 1));
                throw new AssertionError("a writer of an epoch that is over got in");
            }
        } catch (WalException.Fenced _) {
            // as it must be
        }
        long next = oracle.highestEpoch() + EPOCHS_UNNAMED_MAX;
        oracle.opening(next);
        open(settings.withEpoch(next));
        oracle.opened(next);
        oracle.check(log, machine.faults().hasReverted());
    }

    @Override
    public void close() {
        machine.awaitCommits();
        try {
            log.close();
        } catch (WalException.OutcomeUnknown failed) {
            note(failed);
        }
        machine.giveWay();
    }
}
