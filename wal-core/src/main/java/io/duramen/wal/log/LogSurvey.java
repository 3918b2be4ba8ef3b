package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A log as its files show it, without opening it for writing and without changing anything. Never
/// fails for damage: that is part of what it shows. Entries of sealed fragments are not looked at.
///
/// @param writerPid the process that has the log open for writing
/// @param ioMode how the writer, or the last one, writes; empty where there was none, as `ioDriver`
/// @param nextId the id after the last entry that may be read
/// @param durableId highest id known to be on the device, one less than `firstId` for none
/// @param leftovers fragments that were trimmed and are not deleted yet
/// @param floors what holds back trimming
/// @param standbys files prepared for fragments to come
/// @param torn copies of what recovery has cut
/// @param foreign names of files that are not the log's
/// @param recovery what the next writer would do
public record LogSurvey(LogId logId, Path directory, OptionalLong writerPid, String ioMode,
        String ioDriver, long firstId, long nextId, long durableId, List<FragmentSurvey> fragments,
        int leftovers, List<Floor> floors, List<String> standbys,
        List<String> torn, List<String> foreign, Forecast recovery) {
    /// What opening the log for writing would do.
    ///
    /// @param verdict about the end of the log
    /// @param cutBytes bytes that would be cut from it
    /// @param reseal fragments that would be sealed
    /// @param why the reason where it would refuse
    public record Forecast(TailVerdict verdict, long cutBytes, int reseal, String why) {}

    public LogSurvey {
        fragments = List.copyOf(fragments);
    }

    /// Entries found; fewer than the ids from `firstId` to `nextId` where some are damaged or
    /// missing.
    public long entries() {
        return fragments.stream().mapToLong(FragmentSurvey::entries).sum();
    }

    /// True where the next writer would be refused, or a repair has to go on.
    public boolean isDamaged() {
        return recovery.verdict() == TailVerdict.REFUSE;
    }

    /// Bytes of all fragment files; those without blocks count as well.
    public long sizeBytes() {
        return fragments.stream().mapToLong(FragmentSurvey::sizeBytes).sum();
    }

    public long usedBytes() {
        return fragments.stream().mapToLong(FragmentSurvey::usedBytes).sum();
    }

    /// What a writer would trim by this rule.
    ///
    /// @throws WalException.PastEnd when it names an entry that does not exist yet
    public TrimOutcome planTrim(TrimRule rule, InstantSource clock) {
        return planTrim(rule, false, clock);
    }

    /// @param punchHoles whether it might punch holes, which [LogView] finds out
    public TrimOutcome planTrim(TrimRule rule, boolean punchHoles, InstantSource clock) {
        if (rule instanceof TrimRule.Before(long id) && id > nextId) {
            throw new WalException.PastEnd(id, nextId);
        }
        return TrimOutcome.plan(List.of(rule), punchHoles,
                fragments.stream().map(FragmentSurvey::extent).toList(), firstId, nextId, floors,
                clock.instant());
    }

    /// True where there is such a log; the folder of one that was never opened does not count.
    public static boolean exists(Path basePath, LogId logId, Disk disk) {
        return LogDirectory.of(disk, basePath, logId).hasFiles();
    }

    /// @throws WalException.NoSuchLog when there is no such log
    public static LogSurvey of(Path basePath, LogId logId, Disk disk, IoScheduler io) {
        LogDirectory directory = LogDirectory.of(disk, basePath, logId);
        directory.requireFiles();
        while (true) {
            LogShape shape = LogShape.of(directory);
            LogSurvey survey = new Survey(directory, io).run();
            if (!survey.isDamaged() || shape.isStillOf(directory)) {
                return survey;
            } // else it was trimmed, truncated or opened while it was looked at
        }
    }

    /// The work under way.
    private static final class Survey {
        private final LogDirectory directory;
        private final IoScheduler io;
        private final ChainReader chains;
        private final List<FragmentSurvey> fragments = new ArrayList<>();
        private LogDirectory.Listing listing;
        private OptionalLong writerPid = OptionalLong.empty();
        private String ioMode = "";
        private String ioDriver = "";
        private long promisedId = -1;
        private Optional<ClosedEnd> closedEnd = Optional.empty();
        private TailVerdict verdict = TailVerdict.KEEP;
        private long cutBytes;
        private int reseal;
        private String why = "";

        Survey(LogDirectory directory, IoScheduler io) {
            this.directory = directory;
            this.io = io;
            this.chains = ChainReader.ofReader(directory, io);
        }

        LogSurvey run() {
            if (directory.isBeingRepaired()) {
                refuse(new WalException.RepairUnfinished(directory.path()).getMessage());
            }
            listing = directory.list();
            if (directory.disk().exists(directory.lockFile())) {
                readStatus();
            }
            List<Long> firstIds = listing.fragments();
            for (int i = 0; i < firstIds.size(); i++) {
                long successor = i + 1 < firstIds.size() ? firstIds.get(i + 1) : -1;
                look(firstIds.get(i), successor).ifPresent(fragments::add);
            }
            checkNoneMissing(listing.head());
            long nextId = fragments.isEmpty() ? 0 : fragments.getLast().lastId() + 1;
            long firstId = fragments.isEmpty() ? nextId : fragments.getFirst().firstId();
            long durableId = promisedId < 0 ? nextId - 1 : Math.min(promisedId, nextId - 1);
            return new LogSurvey(directory.logId(), directory.path(), writerPid, ioMode, ioDriver,
                    firstId, nextId, Math.max(durableId, firstId - 1), fragments,
                    listing.leftovers().size(), listing.floors(), listing.standbys(),
                    directory.listTorn(), listing.foreign(),
                    new Forecast(verdict, cutBytes, reseal, why));
        }

        private void readStatus() {
            try (StatusView view = StatusView.open(directory)) {
                boolean alive = view.isWriterAlive();
                writerPid = alive ? OptionalLong.of(view.status().pid()) : OptionalLong.empty();
                ioMode = view.status().ioMode();
                ioDriver = view.status().ioDriver();
                long logIdHash = FragmentHeader.hashOf(directory.logId().value());
                promisedId = NewEnd.limit(listing.end(), alive ? view.durableId()
                        : view.status().durableWitness(logIdHash));
                closedEnd = view.status().closedEnd(logIdHash);
            }
        }

        /// Empty where the fragment was trimmed meanwhile.
        private Optional<FragmentSurvey> look(long firstId, long successor) {
            Path path = directory.fragment(listing.end(), firstId);
            try {
                FragmentChain.Link link = chains.read(path, firstId);
                return Optional.of(link.footer().isPresent() ? sealed(link, link.footer().get())
                        : scan(link, successor));
            } catch (WalException failure) {
                if (FragmentSharing.isGone(failure)
                        && directory.list().head().orElse(0) > firstId) {
                    return Optional.empty();
                }
                refuse(failure.getMessage());
                long lastId = successor < 0 ? firstId - 1 : successor - 1;
                return Optional.of(new FragmentSurvey(path, FragmentSurvey.State.DAMAGED, firstId,
                        lastId, 0, 0, 0, failure.getMessage()));
            }
        }

        /// The first entry of a fragment that is not trimmed.
        private long headIn(long firstId) {
            return Math.max(firstId, listing.head().orElse(0));
        }

        private FragmentSurvey sealed(FragmentChain.Link link, FragmentFooter footer) {
            FragmentExtent extent = FragmentExtent.sealed(link.header(), footer);
            return new FragmentSurvey(link.path(), FragmentSurvey.State.SEALED,
                    headIn(extent.firstId()),
                    extent.lastId(), extent.bytes(), link.header().fileSizeBytes(),
                    extent.lastTimestampNanos(), "");
        }

        private FragmentSurvey scan(FragmentChain.Link link, long successor) {
            FragmentHeader header = link.header();
            try (IoFile file = FragmentSharing.open(directory.disk(), link.path());
                    Arena mapping = Arena.ofShared()) {
                FragmentScan scan = new FragmentScan(header, file.map(IoFile.Mapping.READ_ONLY, 0,
                        header.fileSizeBytes(), mapping));
                boolean live = writerPid.isPresent();
                scan.advance(!live ? Long.MAX_VALUE : successor < 0 ? promisedId : successor - 1);
                boolean complete = successor >= 0;
                if (!live) {
                    forecast(file, header, scan, complete, successor);
                }
                return new FragmentSurvey(link.path(),
                        complete ? FragmentSurvey.State.COMPLETE : FragmentSurvey.State.ACTIVE,
                        headIn(header.firstId()), scan.nextId() - 1, scan.endOfData(),
                        header.fileSizeBytes(), 0, "");
            } catch (InternalError fault) {
                throw new WalException.Io("read", link.path(), 0, fault.getMessage());
            }
        }

        private void forecast(IoFile file, FragmentHeader header, FragmentScan scan,
                boolean complete, long successor) {
            if (complete) {
                reseal++;
                if (scan.nextId() < successor) {
                    refuse(file + " lacks entries from " + scan.nextId() + " on");
                }
                return;
            }
            long tail = TornTail.endOfBytes(io, file, scan, header, closedEnd)
                    - scan.endOfData();
            TailVerdict decided = TailVerdict.of(new TailEvidence(tail > 0, scan.cutsBatch(),
                    tail > 0 && scan.durableIdProvenBeyondEnd() >= scan.nextId(),
                    promisedId >= scan.nextId()));
            switch (decided) {
                case KEEP -> {
                }
                case CUT -> {
                    verdict = verdict == TailVerdict.REFUSE ? verdict : decided;
                    cutBytes = tail;
                }
                case REFUSE -> refuse(file + " lacks entries from " + scan.nextId()
                        + " on, which were durable");
            }
        }

        private void checkNoneMissing(OptionalLong head) {
            long nextId = fragments.isEmpty() ? 0 : fragments.getLast().lastId() + 1;
            long firstId = fragments.isEmpty() ? nextId : fragments.getFirst().firstId();
            boolean holdsHead = head.orElse(firstId) == firstId && (fragments.isEmpty()
                    || fragments.getFirst().holds(firstId));
            if (!holdsHead && writerPid.isEmpty()) {
                refuse("entries from " + head.getAsLong() + " on have no fragment");
            }
            if (writerPid.isEmpty() && promisedId >= nextId) {
                refuse("entries " + nextId + " to " + promisedId + " were durable and are lost");
            }
            for (int i = 1; i < fragments.size(); i++) {
                long expected = fragments.get(i - 1).lastId() + 1;
                if (fragments.get(i).firstId() != expected) {
                    refuse("entries " + expected + " to " + (fragments.get(i).firstId() - 1)
                            + " have no fragment");
                }
            }
        }

        private void refuse(String reason) {
            verdict = TailVerdict.REFUSE;
            why = why.isEmpty() ? reason : why;
        }
    }
}
