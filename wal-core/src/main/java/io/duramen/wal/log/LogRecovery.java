package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Opens a log after whatever happened to it. Footers are trusted; what has none is checked entry
/// by entry, and [TailVerdict] decides about the end. Holds the writer's lock while it runs.
///
/// Changes nothing where it refuses. Where it succeeds, all that is left is on the device before
/// the first new append.
public final class LogRecovery {
    private final LogDirectory directory;
    private final Disk disk;
    private final IoScheduler io;
    private final FragmentFiles files;
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final InstantSource clock;
    private final RecoveryProgress progress;
    private final long startedNanos;
    private final Map<FragmentChain.Link, FragmentScan> unsealed = new HashMap<>();
    private final List<Fragment> sealed = new ArrayList<>();
    private Optional<ClosedEnd> closedEnd = Optional.empty();
    private RecoveryScans scans;
    private int resealed;
    private long cutBytes;
    private Optional<Path> evidence = Optional.empty();
    private OptionalLong completedTruncation = OptionalLong.empty();

    private LogRecovery(LogDirectory directory, LogEnvironment environment, LogSettings settings,
            RecoveryProgress progress) {
        this.directory = directory;
        this.disk = directory.disk();
        this.environment = environment;
        this.settings = settings.withIoMode(settings.ioMode().on(disk, directory.lockFile()));
        this.io = environment.scheduler();
        this.files = new FragmentFiles(disk, io, directory.path());
        this.clock = environment.clock();
        this.progress = progress;
        this.startedNanos = EpochNanos.now(clock);
    }

    /// @param settings how the log will be written, and in which epoch
    /// @throws WalException.Fenced when a writer of a higher epoch has had the log
    /// @throws WalException.Unsupported when the file system cannot be written in this mode
    /// @throws WalException.Corrupt when something is damaged that was promised
    /// @throws WalException.MissingFragment when entries that were promised have no file
    /// @throws WalException.Incompatible when a newer version wrote the log
    /// @throws WalException.RepairUnfinished when a repair was interrupted
    public static RecoveredLog run(LogDirectory directory, WriterLock lock,
            LogEnvironment environment, LogSettings settings) {
        return run(directory, lock, environment, settings, RecoveryProgress.NONE);
    }

    /// As [#run(LogDirectory, WriterLock, LogEnvironment, LogSettings)], telling how far it is.
    public static RecoveredLog run(LogDirectory directory, WriterLock lock,
            LogEnvironment environment, LogSettings settings, RecoveryProgress progress) {
        return new LogRecovery(directory, environment, settings, progress).run(lock);
    }

    /// Looks at everything before it changes anything: what is refused stays as it was found.
    private RecoveredLog run(WriterLock lock) {
        directory.requireNoRepair();
        LogDirectory.Listing listing = directory.list();
        ChainReader chains = ChainReader.ofWriter(directory, io);
        List<FragmentChain.Link> links = chains.read(listing).links();
        if (listing.end().isPresent()) { // it is decided where the log ends
            new LogTruncation(directory, environment, lock).complete();
            completedTruncation = OptionalLong.of(listing.end().get().nextId());
            listing = directory.list();
            links = chains.read(listing).links();
        }
        scans = new RecoveryScans(progress,
                links.stream().filter(link -> !link.isSealed()).toList());
        long epoch = epoch(settings.epoch(), lock, links);
        long logIdHash = FragmentHeader.hashOf(directory.logId().value());
        long witness = lock.status().durableWitness(logIdHash);
        closedEnd = lock.status().closedEnd(logIdHash);
        for (int i = 0; i + 1 < links.size(); i++) {
            checkCompleted(links.get(i), links.get(i + 1));
        }
        boolean grows = !links.isEmpty() && !links.getLast().isSealed();
        if (!grows) {
            checkNoneMissing(links, witness);
        }
        Optional<WritableFragment> tip =
                grows ? Optional.of(openTip(links.getLast(), witness, listing.head().orElse(0)))
                        : Optional.empty();
        try {
            links.forEach(this::openSealed);
            listing.standbys().forEach(name -> disk.delete(directory.path().resolve(name)));
            settleHead(listing, links);
            disk.syncDirectory(directory.path());
            return recovered(listing, links, tip, epoch);
        } catch (RuntimeException | Error failure) {
            tip.ifPresent(WritableFragment::close);
            throw failure;
        }
    }

    /// Finishes a trim that was interrupted, and writes the head of a log that has none.
    private void settleHead(LogDirectory.Listing listing, List<FragmentChain.Link> links) {
        if (!listing.leftovers().isEmpty() || listing.heads().size() > 1) {
            disk.syncDirectory(directory.path()); // the writer may have ended before it did
        }
        listing.leftovers().forEach(firstId -> disk.delete(directory.fragment(firstId)));
        listing.heads().stream().limit(Math.max(0, listing.heads().size() - 1))
                .forEach(directory::deleteHead);
        if (listing.head().isEmpty()) {
            directory.moveHead(OptionalLong.empty(),
                    links.isEmpty() ? 0 : links.getFirst().header().firstId());
        }
    }

    private RecoveredLog recovered(LogDirectory.Listing listing, List<FragmentChain.Link> links,
            Optional<WritableFragment> tip,
            long epoch) {
        TailVerdict verdict = evidence.isPresent() ? TailVerdict.CUT : TailVerdict.KEEP;
        LogEnd end = tip.map(it -> LogEnd.of(it.writer())).orElseGet(this::endOfSealed);
        long nextId = end.nextId();
        long firstId = links.isEmpty() ? nextId
                : Math.max(listing.head().orElse(0), links.getFirst().header().firstId());
        RecoveryReport report =
                new RecoveryReport(directory.logId(), links.size(), resealed,
                        scans.scannedBytes(), verdict, cutBytes, evidence,
                        listing.leftovers().size(),
                        completedTruncation, firstId, nextId, listing.foreign(),
                        Duration.ofNanos(EpochNanos.now(clock) - startedNanos));
        return new RecoveredLog(List.copyOf(sealed), tip, end, settings, epoch,
                listing.floors(), report);
    }

    private void checkNoneMissing(List<FragmentChain.Link> links, long witness) {
        long nextId = links.isEmpty() ? 0 : links.getLast().footer().orElseThrow().lastId() + 1;
        if (witness >= nextId) {
            throw directory.missing(nextId, witness + 1);
        }
    }

    private long epoch(long asked, WriterLock lock, List<FragmentChain.Link> links) {
        long highest =
                links.stream().mapToLong(link -> link.header().writerEpoch()).max().orElse(0);
        boolean known = lock.status().isOf(FragmentHeader.hashOf(directory.logId().value()));
        highest = Math.max(highest, known ? lock.status().writerEpoch() : 0);
        if (asked != 0 && asked < highest) {
            throw new WalException.Fenced(directory.path(), asked, highest);
        }
        return asked == 0 ? highest + 1 : asked;
    }

    private LogEnd endOfSealed() {
        if (sealed.isEmpty()) {
            return LogEnd.OF_NOTHING;
        }
        FragmentFooter last = sealed.getLast().footer().orElseThrow();
        return new LogEnd(last.lastId() + 1, last.lastEntryCrc(), last.lastTimestampNanos());
    }

    /// A fragment that others follow must hold all that its successor says; without a footer, the
    /// writer ended between rotating and sealing.
    private void checkCompleted(FragmentChain.Link link, FragmentChain.Link successor) {
        if (link.isSealed()) {
            return;
        }
        try (IoFile file = disk.open(link.path(), Disk.Access.READ_ONLY);
                Arena arena = Arena.ofConfined()) {
            FragmentScan scan = scans.scan(file, link, arena);
            if (scan.nextId() < successor.header().firstId()) {
                throw new WalException.Corrupt(link.path(), scan.endOfData(), scan.nextId(),
                        "the entry fails its check, and a later fragment proves that it was"
                                + " durable");
            }
            FragmentChain.checkFollows(directory, scan.nextId(), scan.lastEntryCrc(), link.path(),
                    successor);
            unsealed.put(link, scan);
        }
    }

    private void openSealed(FragmentChain.Link link) {
        FragmentScan scan = unsealed.get(link);
        if (scan != null) {
            sealed.add(Fragment.sealed(disk, link.path(), link.header(), seal(link, scan)));
        } else if (link.isSealed()) {
            sealed.add(Fragment.sealed(disk, link.path(), link.header(), link.footer().get()));
        }
    }

    private FragmentFooter seal(FragmentChain.Link link, FragmentScan scan) {
        try (IoFile file = disk.open(link.path(), Disk.Access.READ_WRITE)) {
            resealed++;
            return files.seal(file, FragmentWriter.resume(link.header(), scan));
        }
    }

    /// The last fragment, where appends go on.
    private WritableFragment openTip(FragmentChain.Link link, long witness, long head) {
        IoFile file = disk.open(link.path(), Disk.Access.READ_WRITE);
        try (Arena arena = Arena.ofConfined()) {
            FragmentScan scan = scans.scan(file, link, arena);
            if (scan.nextId() < head) {
                throw new WalException.Corrupt(link.path(), scan.endOfData(), scan.nextId(),
                        "the log starts with entry " + head + ", and it ends in front of it");
            }
            EarlierCuts earlier = EarlierCuts.of(directory);
            settleTail(file, link, scan, witness);
            earlier.zeroAgain(io, file, link.header().firstId(), scan.endOfData());
            new UnprovenTail(io, file, link.header(), scan).writeAgain(witness);
            io.execute(IoChain.of(new IoOperation.Fsync(file))).orThrow();
            FragmentWriter writer = FragmentWriter.resume(link.header(), scan);
            WritableFragment tip = new WritableFragment(writer, settings.ioMode());
            tip.readTail(io, file);
            tip.attach(Fragment.growing(disk, link.path(), link.header(), writer.index()), file,
                    writer.endOfData(), 0, environment);
            return tip;
        } catch (RuntimeException | Error failure) {
            file.close();
            throw failure;
        }
    }

    private void settleTail(IoFile file, FragmentChain.Link link, FragmentScan scan, long witness) {
        TornTail tail = new TornTail(directory, io, file, link.header().firstId(), scan,
                TornTail.endOfBytes(io, file, scan, link.header(), closedEnd));
        long size = tail.sizeBytes();
        boolean provenByRecord = size > 0 && scan.durableIdProvenBeyondEnd() >= scan.nextId();
        TailEvidence seen = new TailEvidence(size > 0, scan.cutsBatch(), provenByRecord,
                witness >= scan.nextId());
        switch (TailVerdict.of(seen)) {
            case KEEP -> {
            }
            case CUT -> {
                evidence = Optional.of(tail.cut(startedNanos));
                cutBytes = size;
            }
            case REFUSE -> throw new WalException.Corrupt(link.path(), scan.endOfData(),
                    scan.nextId(),
                    "the entry fails its check, and "
                            + (provenByRecord ? "a later group record" : "the writer's status")
                            + " proves that it was durable");
        }
    }
}
