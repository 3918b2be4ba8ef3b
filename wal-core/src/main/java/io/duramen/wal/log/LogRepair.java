package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.io.Disk;
import io.duramen.wal.log.LogDiagnosis.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Saves what can be saved of a damaged log. Nothing that is damaged is changed: fragments are
/// written anew from the records that hold, and the originals are moved to a folder beside the
/// log's, `log_<id>.damaged-<n>`.
///
/// Holds the writer's lock meanwhile, so it refuses a log that is open for writing, and nobody
/// opens one that is being repaired. It may be interrupted at any point: then the log is as it was,
/// or it refuses to open until [#apply] is called again and completes what was begun.
public final class LogRepair {
    private static final System.Logger LOG = System.getLogger(LogRepair.class.getName());

    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final RepairPlan.Mode mode;
    private final LogVerification.Listener listener;

    /// What was done.
    ///
    /// @param originals where the files are now that were written anew or moved away; empty where
    ///     there was nothing to do
    /// @param completed a repair that had been interrupted was completed first
    public record Outcome(RepairPlan plan, Optional<Path> originals, boolean completed) {}

    /// What is known from the status page.
    ///
    /// @param witness the highest id that was durable, -1 where nothing tells
    /// @param closed where the log ends, if its last writer closed it
    private record Status(boolean holds, long witness, Optional<ClosedEnd> closed,
            long writerEpoch) {}

    private LogRepair(LogDirectory directory, LogEnvironment environment, RepairPlan.Mode mode,
            LogVerification.Listener listener) {
        this.directory = directory;
        this.environment = environment;
        this.mode = mode;
        this.listener = listener;
    }

    /// What a repair would do. Reads every byte and changes nothing.
    ///
    /// @param listener told what is found, and how far the reading is
    /// @throws WalException.NoSuchLog when there is no such log
    /// @throws WalException.Locked when a writer has the log open
    /// @throws WalException.RepairUnfinished when an earlier repair was interrupted
    /// @throws WalException.Irreparable when it takes a person to decide
    /// @throws WalException.Incompatible when a newer version wrote it
    public static RepairPlan plan(Path basePath, LogId logId, RepairPlan.Mode mode,
            LogEnvironment environment, LogVerification.Listener listener) {
        LogDirectory directory = LogDirectory.of(environment.disk(), basePath, logId);
        directory.requireFiles();
        LogRepair repair = new LogRepair(directory, environment, mode, listener);
        if (!environment.disk().exists(directory.lockFile())) {
            directory.requireNoRepair();
            return repair.plan(new Status(false, -1, Optional.empty(), 0));
        }
        Disk.FileLock lock = environment.disk().tryLock(directory.lockFile())
                .orElseThrow(() -> new WalException.Locked(directory.path(),
                        WriterLock.holderOf(directory)));
        try (lock) {
            directory.requireNoRepair();
            return repair.plan(repair.readStatus());
        }
    }

    /// Repairs a log: reads every byte, and where something is to be done does it.
    ///
    /// @throws WalException.Io when the disk is full or fails: the log is as it was, or the
    ///     repair is to be run again
    /// @see #plan
    public static Outcome apply(Path basePath, LogId logId, RepairPlan.Mode mode,
            LogEnvironment environment, LogVerification.Listener listener) {
        LogDirectory directory = LogDirectory.of(environment.disk(), basePath, logId);
        directory.requireFiles();
        try (WriterLock lock = WriterLock.acquire(directory)) {
            return new LogRepair(directory, environment, mode, listener).apply(lock);
        }
    }

    private Status readStatus() {
        try (StatusView view = StatusView.open(directory)) {
            return status(view.status());
        }
    }

    private Status status(WriterStatus page) {
        long hash = FragmentHeader.hashOf(directory.logId().value());
        long witness = page.durableWitness(hash);
        boolean holds = page.isOf(hash) && (witness >= 0 || page.durable() < 0)
                && page.written() >= page.durable();
        return new Status(holds, NewEnd.limit(directory.list().end(), witness),
                page.closedEnd(hash),
                page.isOf(hash) ? page.writerEpoch() : 0);
    }

    private RepairPlan plan(Status status) {
        LogDiagnosis diagnosis =
                LogDiagnosis.of(directory, status.witness(), status.closed(), listener);
        return planOf(RepairWork.of(directory, diagnosis, mode), status);
    }

    private RepairPlan planOf(RepairWork work, Status status) {
        boolean hasFragments = !directory.list().fragments().isEmpty();
        boolean statusIsReset = !status.holds() && hasFragments
                || status.witness() >= work.nextId();
        return work.plan(mode, statusIsReset);
    }

    private Outcome apply(WriterLock lock) {
        boolean completed = directory.isBeingRepaired();
        if (completed) {
            complete(RepairList.read(directory, environment.scheduler()), lock);
        }
        completeTruncation(lock);
        Status status = status(lock.status());
        LogDiagnosis diagnosis =
                LogDiagnosis.of(directory, status.witness(), status.closed(), listener);
        RepairWork work = RepairWork.of(directory, diagnosis, mode);
        RepairPlan plan = planOf(work, status);
        if (plan.isNothingToDo()) {
            return new Outcome(plan, Optional.empty(), completed);
        }
        RepairList list = prepare(diagnosis, work, plan, status);
        complete(list, lock);
        return new Outcome(plan, Optional.of(list.originals()), completed);
    }

    private void complete(RepairList list, WriterLock lock) {
        list.complete(directory, lock, environment.scheduler());
        try {
            new ClosingNote(directory, lock, environment.scheduler()).write(firstId -> list.puts()
                    .stream().anyMatch(put -> put.firstId() == firstId));
        } catch (WalException failure) { // the repair is complete, and the note may be missing
            LOG.log(System.Logger.Level.WARNING, "it is not noted where the repaired log ends: "
                    + failure.getMessage());
        }
    }

    /// The files are those of one log again.
    private void completeTruncation(WriterLock lock) {
        try {
            new LogTruncation(directory, environment, lock).complete();
        } catch (WalException.Corrupt damaged) {
            throw new WalException.Irreparable(damaged.file(), "is damaged, and is where a"
                    + " truncation was to end the log: move it out of the folder, and the log ends"
                    + " where its fragments do");
        }
    }

    /// All that can fail for want of space or for a defect comes first, beside what is there.
    private RepairList prepare(LogDiagnosis diagnosis, RepairWork work, RepairPlan plan,
            Status status) {
        Disk disk = environment.disk();
        directory.list().standbys().forEach(name -> disk.delete(directory.path().resolve(name)));
        long writerEpoch = diagnosis.pieces().stream().filter(Piece::headerHolds)
                .mapToLong(it -> it.header().orElseThrow().writerEpoch())
                .reduce(status.writerEpoch(), Math::max);
        List<RepairBuild.Built> built =
                new RepairBuild(directory, environment, diagnosis, work, writerEpoch).run();
        List<RepairList.Put> puts = new ArrayList<>();
        built.forEach(it -> puts.add(new RepairList.Put(it.firstId(),
                it.standby().path().getFileName().toString())));
        List<Long> takes = plan.changes().stream()
                .filter(it -> it.action() == RepairPlan.Action.MOVE_AWAY)
                .map(it -> FragmentName.firstId(it.file().getFileName().toString()).getAsLong())
                .toList();
        RepairList list = new RepairList(originals(), writerEpoch, durableId(work, status), puts,
                takes);
        list.write(directory, environment.scheduler(), FragmentName.standby(built.size()));
        return list;
    }

    /// An end that is written anew is synced; where the log was cut, what is in front of the cut
    /// was proven to be durable. Else the old witness is all there is.
    private long durableId(RepairWork work, Status status) {
        boolean isCut = mode == RepairPlan.Mode.CUT && work.losesEntries();
        return work.rebuildsEnd() || isCut ? work.nextId() - 1
                : Math.min(status.witness(), work.nextId() - 1);
    }

    /// A folder of its own beside the log's, so that no original is ever overwritten.
    private Path originals() {
        Disk disk = environment.disk();
        for (int number = 1;; number++) {
            Path folder = directory.originals(number);
            if (!disk.exists(folder) || disk.list(folder).isEmpty()) {
                disk.createDirectory(folder);
                disk.syncDirectory(directory.basePath());
                return folder;
            }
        }
    }
}
