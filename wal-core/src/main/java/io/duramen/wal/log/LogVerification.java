package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.fragment.FragmentCheck;
import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.FragmentPromise;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks every byte of a log, and changes none. One fragment is mapped at a time; [FragmentCheck]
/// says what memory it takes.
///
/// A log that a writer has open is checked up to its durable id; what lies beyond is not looked at.
/// Where it is trimmed or truncated meanwhile, so that files do not fit, the check begins anew.
public final class LogVerification {
    private static final int HELD_MAX = 1000;

    private final LogDirectory directory;
    private final LogShape shape;
    private final Listener listener;
    private final long logIdHash;
    /// What was found and not told yet: it may be that somebody just changes the log.
    private final List<Finding> held = new ArrayList<>();
    private LogDirectory.Listing listing;
    private boolean live;
    private long promisedId;
    private Optional<ClosedEnd> closedEnd = Optional.empty();
    private long damages;
    private long entries;
    private long lost;
    private long bytes;
    private FragmentCheck before;

    /// A finding and its file.
    public record Finding(Path file, FragmentFinding what) {
        public boolean isDamage() {
            return what.severity() == FragmentFinding.Severity.DAMAGE;
        }
    }

    /// Is told what happens, on the calling thread.
    public interface Listener {
        void finding(Finding finding);

        /// Before the first fragment. Called again, and all that was told before may be told again,
        /// where the check begins anew.
        ///
        /// @param sizeBytes of all fragment files to be checked
        default void begins(long sizeBytes) {}

        /// @param sizeBytes that have been checked since the last call
        default void checked(long sizeBytes) {}
    }

    /// What was checked.
    ///
    /// @param live a writer had the log open, so only entries up to its durable id were checked
    /// @param fragments that were checked
    /// @param entries that hold
    /// @param lost entries that a repair has marked as lost
    public record Result(LogId logId, boolean live, int fragments, long entries, long lost,
            long bytes, long damages) {}

    /// The log is another one than it was when this check of it began.
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super(null, null, false, false);
        }
    }

    private LogVerification(LogDirectory directory, Listener listener) {
        this.directory = directory;
        this.shape = LogShape.of(directory);
        this.listener = listener;
        this.logIdHash = FragmentHeader.hashOf(directory.logId().value());
    }

    /// @throws WalException.NoSuchLog when there is no such log
    /// @throws WalException.Incompatible when a newer version wrote it
    /// @throws WalException.Io when a file cannot be opened
    public static Result run(Path basePath, LogId logId, Disk disk, Listener listener) {
        return run(basePath, logId, disk, 0, listener);
    }

    /// As [#run(Path, LogId, Disk, Listener)], without the fragments that end before an entry.
    ///
    /// @param sinceId the first entry that must be checked
    public static Result run(Path basePath, LogId logId, Disk disk, long sinceId,
            Listener listener) {
        LogDirectory directory = LogDirectory.of(disk, basePath, logId);
        directory.requireFiles();
        while (true) {
            LogVerification look = new LogVerification(directory, listener);
            try {
                return look.run(sinceId);
            } catch (Overtaken _) {
                // begins anew
            } catch (WalException.Io failure) {
                if (look.shape.isStillOf(directory)) {
                    throw failure;
                }
            }
        }
    }

    private Result run(long sinceId) {
        if (directory.isBeingRepaired()) {
            damage(directory.repairList(), 0, -1, "a repair was interrupted: 'wal repair --apply'"
                    + " completes it");
        }
        listing = directory.list();
        promisedId = NewEnd.limit(listing.end(), readStatus());
        List<Long> all = listing.fragments();
        List<Long> firstIds = all.subList(firstToCheck(all, sinceId), all.size());
        checkHead();
        listener.begins(firstIds.stream().mapToLong(this::sizeOf).sum());
        for (int i = 0; i < firstIds.size(); i++) {
            boolean complete = i + 1 < firstIds.size();
            long promised = complete ? firstIds.get(i + 1) - 1 : promisedId;
            check(firstIds.get(i), new FragmentPromise(promised, complete, live,
                    listing.head().orElse(0), closedEnd));
            if (i == 0) {
                checkHolds(firstIds);
            }
            tellHeld();
        }
        long nextId = firstIds.isEmpty() ? 0
                : before == null ? Long.MAX_VALUE : before.nextId();
        boolean reported = before != null && before.footer().isEmpty();
        if (!live && promisedId >= nextId && !reported) {
            damage(directory.path(), 0, nextId,
                    "entries up to " + promisedId + " were durable and are not there");
        }
        tellHeld();
        return new Result(directory.logId(), live, firstIds.size(), entries, lost, bytes, damages);
    }

    /// The number of the fragment that holds an entry, or where it would be.
    private static int firstToCheck(List<Long> firstIds, long sinceId) {
        int number = 0;
        while (number + 1 < firstIds.size() && firstIds.get(number + 1) <= sinceId) {
            number++;
        }
        return number;
    }

    /// Whether the log starts where its head says.
    private void checkHead() {
        long head = listing.head().orElse(-1);
        List<Long> firstIds = listing.fragments();
        if (live || head < 0 || head == 0 && firstIds.isEmpty()) {
            return;
        }
        if (firstIds.isEmpty()) {
            damage(directory.fragment(head), 0, head,
                    "it is not there, and the log starts with it");
        } else if (firstIds.getFirst() > head) {
            damage(directory.fragment(head), 0, head, "it is not there: entries up to "
                    + (firstIds.getFirst() - 1) + " have no fragment");
        }
    }

    /// Whether the head lies in the first fragment, or just behind it where the log ends there. The
    /// fragment in front of the one that is missing may still be there, trimmed.
    private void checkHolds(List<Long> checked) {
        long head = listing.head().orElse(0);
        boolean isFirst = checked.size() == listing.fragments().size();
        if (live || !isFirst || before == null || !before.isSound()
                || checked.getFirst() == head) {
            return;
        }
        boolean mayEnd = before.footer().isEmpty() && checked.size() == 1;
        if (before.nextId() < head || before.nextId() == head && !mayEnd) {
            damage(directory.fragment(head), 0, head,
                    "it is not there, and the log starts with it");
        }
    }

    /// @return the id up to which entries were promised
    private long readStatus() {
        if (!directory.disk().exists(directory.lockFile())) {
            noteNoStatus("it is missing");
            return -1;
        }
        try (StatusView view = StatusView.open(directory)) {
            live = view.isWriterAlive();
            if (live) {
                return view.durableId();
            }
            long witness = view.status().durableWitness(logIdHash);
            closedEnd = view.status().closedEnd(logIdHash);
            if (listing.fragments().isEmpty()) {
                return witness;
            }
            if (view.status().isBlank()) {
                noteNoStatus("no writer has filled it");
            } else if (!view.status().isOf(logIdHash)) {
                damage(directory.lockFile(), 0, -1, "the writer's status is not that of this log");
            } else if (witness < 0 && view.status().durable() >= 0
                    || view.status().written() < view.status().durable()) {
                damage(directory.lockFile(), 0, -1, "the writer's status contradicts itself");
            }
            return witness;
        }
    }

    /// A crash before the page reached the device can leave it so.
    private void noteNoStatus(String what) {
        report(directory.lockFile(), new FragmentFinding(FragmentFinding.Severity.NOTE, 0, -1,
                what + ", so nothing tells how far the log was durable: the next writer makes it"
                        + " anew"));
    }

    private long sizeOf(long firstId) {
        try (IoFile file = open(firstId)) {
            return file == null ? 0 : file.sizeBytes();
        }
    }

    private Path fileOf(long firstId) {
        return directory.fragment(listing.end(), firstId);
    }

    /// Null where the fragment was trimmed meanwhile.
    private IoFile open(long firstId) {
        try {
            return FragmentSharing.open(directory.disk(), fileOf(firstId));
        } catch (WalException.Io failure) {
            if (live && FragmentSharing.isGone(failure)) {
                return null;
            }
            throw failure;
        }
    }

    private void check(long firstId, FragmentPromise promise) {
        try (IoFile file = open(firstId); Arena mapping = Arena.ofConfined()) {
            if (file == null) {
                return;
            }
            long size = file.sizeBytes();
            Path path = file.path();
            if (size == 0) {
                damage(path, 0, -1, "it is empty");
                before = null;
                return;
            }
            ReadProgress progress =
                    new ReadProgress(promise.headId(), finding -> report(path, finding),
                            listener::checked);
            FragmentCheck check = FragmentCheck.run(path,
                    file.map(IoFile.Mapping.READ_ONLY, 0, size, mapping), promise, progress);
            if (check.headerHolds()) {
                checkPlace(path, firstId, check.header().orElseThrow());
            }
            before = check.reachedEntries() ? check : null;
            bytes += size;
            entries += progress.entries();
            lost += progress.lost();
            progress.reached(size);
        } catch (InternalError fault) {
            damage(fileOf(firstId), 0, -1, "it cannot be read: " + fault.getMessage());
            before = null;
        }
    }

    /// Whether the fragment belongs where it is.
    private void checkPlace(Path path, long firstId, FragmentHeader header) {
        if (header.logIdHash() != logIdHash) {
            damage(path, 16, -1, "it belongs to another log than " + directory.logId());
        }
        if (header.firstId() != firstId) {
            damage(path, 32, -1, "its header says it starts with entry " + header.firstId());
        }
        if (before == null || !before.isSound()) {
            return;
        }
        long nextId = before.nextId();
        if (header.firstId() > nextId) {
            damage(directory.path(), 0, nextId, "entries " + nextId + " to "
                    + (header.firstId() - 1) + " have no fragment");
        } else if (header.firstId() != nextId || header.predecessorLastId() != nextId - 1
                || header.predecessorLastCrc() != before.lastEntryCrc()) {
            damage(path, 64, firstId, "it was not written behind "
                    + FragmentName.fragment(before.header().orElseThrow().firstId())
                    + ", which ends with entry " + (nextId - 1));
        }
    }

    private void damage(Path file, long offset, long entryId, String what) {
        report(file, new FragmentFinding(FragmentFinding.Severity.DAMAGE, offset, entryId, what));
    }

    private void report(Path file, FragmentFinding finding) {
        if (finding.severity() == FragmentFinding.Severity.DAMAGE) {
            damages++;
        }
        held.add(new Finding(file, finding));
        if (held.size() == HELD_MAX) {
            tellHeld();
        }
    }

    private void tellHeld() {
        if (held.stream().anyMatch(Finding::isDamage) && !shape.isStillOf(directory)) {
            throw new Overtaken();
        }
        held.forEach(listener::finding);
        held.clear();
    }
}
