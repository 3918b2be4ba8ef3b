package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/// A log that someone else writes, in this process or another, or that nobody writes now:
/// read-only, and nothing in its directory is changed.
///
/// While a writer is alive, entries are visible up to the durable id in its status page. While none
/// is, those are visible that recovery would keep; they are synced before anyone reads them.
/// [#refresh()] looks again.
public final class LogView implements ReadableLog {
    private final LogDirectory directory;
    private final IoScheduler io;
    private final FragmentFiles files;
    private final StatusView status;
    private final LogFragments fragments;
    private GrowingFragment growing;
    /// The first id there was when it was last looked up; empty where nothing said so.
    private OptionalLong head = OptionalLong.empty();
    private boolean closed;

    /// @throws WalException.NoSuchLog when there is no such log
    /// @throws WalException.Corrupt when something that was promised is damaged
    public static LogView open(Path basePath, LogId logId, Disk disk, IoScheduler io) {
        LogDirectory directory = LogDirectory.of(disk, basePath, logId);
        directory.requireExists();
        directory.requireNoRepair();
        return new LogView(directory, io);
    }

    private LogView(LogDirectory directory, IoScheduler io) {
        this.directory = directory;
        this.io = io;
        this.files = new FragmentFiles(directory.disk(), io, directory.path());
        this.status = StatusView.open(directory);
        try {
            List<FragmentChain.Link> sealed = readChain()
                    .links().stream().takeWhile(FragmentChain.Link::isSealed).toList();
            this.fragments = new LogFragments(sealed.stream().map(this::sealed).toList(),
                    sealed.isEmpty() ? head.orElse(0)
                            : sealed.getLast().footer().orElseThrow().lastId() + 1,
                    () -> directory.list().head().orElse(0));
            refresh();
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /// Looks again where the log was trimmed while it was looked at.
    private FragmentChain readChain() {
        while (true) {
            LogDirectory.Listing listing = directory.list();
            head = listing.head();
            try {
                return FragmentChain.read(directory, files, listing);
            } catch (WalException.MissingFragment | WalException.Io failure) {
                if (listing.head().equals(directory.list().head())) {
                    throw failure;
                }
            }
        }
    }

    private Fragment sealed(FragmentChain.Link link) {
        return Fragment.sealed(directory.disk(), link.path(), link.header(),
                link.footer().orElseThrow());
    }

    /// A fragment without footer, followed by scanning what is added to it.
    private record GrowingFragment(Fragment fragment, IoFile file, Arena mapping,
            FragmentScan scan) {
        void close() {
            mapping.close();
            file.close();
        }
    }

    /// Looks how far the log reaches now.
    ///
    /// @return the id after the last visible entry
    public synchronized long refresh() {
        if (closed) {
            throw new WalException.Closed("the view of log " + id());
        }
        while (true) {
            forgetTrimmed();
            try {
                look();
                return nextId();
            } catch (WalException.MissingFragment | WalException.Io failure) {
                if (head.equals(directory.list().head())) {
                    throw failure;
                } // else it was trimmed while it was looked at
            }
        }
    }

    private void look() {
        boolean alive = status.isWriterAlive();
        long limit = alive ? status.durableId() : Long.MAX_VALUE;
        if (limit > fragments.visibleId()) {
            advance(limit);
            if (!alive) {
                settle();
            }
            fragments.makeVisible(endOfScan() - 1);
        }
    }

    /// Drops what the writer has trimmed, and goes on behind it.
    private void forgetTrimmed() {
        if (head.isPresent() && directory.isHead(head.getAsLong())) {
            return;
        }
        head = directory.list().head();
        long firstId = head.orElse(0);
        if (firstId <= fragments.firstId()) {
            return;
        }
        fragments.trimTo(firstId);
        if (growing != null && growing.fragment().firstId() < firstId) {
            growing.close();
            growing = null;
        }
        fragments.makeVisible(firstId - 1);
    }

    /// Scans up to `limit`, from fragment to fragment.
    private void advance(long limit) {
        while (growing != null || openNext()) {
            growing.scan().advance(limit);
            long next = growing.scan().nextId();
            if (!directory.disk().exists(directory.fragment(next))
                    || next == growing.fragment().firstId()) {
                return;
            }
            FragmentChain.Link successor =
                    FragmentChain.readLink(directory, files, directory.fragment(next), next);
            FragmentChain.checkFollows(directory, next, growing.scan().lastEntryCrc(),
                    growing.fragment().path(),
                    successor);
            growing.fragment().completed(next - 1);
            growing.close();
            growing = null;
            fragments.makeVisible(next - 1);
        }
    }

    private boolean openNext() {
        long next = fragments.visibleId() + 1;
        List<Long> there = directory.list().fragments();
        if (fragments.all().isEmpty() && !there.isEmpty()) {
            next = there.getFirst();
        }
        try {
            growing = open(directory.fragment(next), next);
        } catch (WalException.Io failure) {
            if (FragmentSharing.isGone(failure)) {
                return false; // not there yet, or trimmed, which the next look finds out
            }
            throw failure;
        }
        fragments.add(growing.fragment());
        return true;
    }

    private GrowingFragment open(Path path, long firstId) {
        FragmentHeader header = FragmentChain.readLink(directory, files, path, firstId).header();
        IoFile file = FragmentSharing.open(directory.disk(), path);
        Arena mapping = Arena.ofShared();
        try {
            FragmentScan scan = new FragmentScan(header,
                    file.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), mapping));
            return new GrowingFragment(
                    Fragment.growing(directory.disk(), path, header, scan.index()), file, mapping,
                    scan);
        } catch (RuntimeException failure) {
            mapping.close();
            file.close();
            throw failure;
        }
    }

    private long endOfScan() {
        return growing == null ? fragments.visibleId() + 1 : growing.scan().nextId();
    }

    /// Nobody writes: what is there must be all that was promised, and durable before it is shown.
    private void settle() {
        long nextId = endOfScan();
        long witness = status.status().durableWitness(FragmentHeader.hashOf(id().value()));
        if (growing == null) {
            if (witness >= nextId) {
                throw directory.missing(nextId, witness + 1);
            }
            return;
        }
        FragmentScan scan = growing.scan();
        boolean laterFragment =
                directory.list().fragments().getLast() > growing.fragment().firstId();
        boolean provenByRecord = laterFragment || scan.durableIdProvenBeyondEnd() >= nextId;
        TailEvidence seen =
                new TailEvidence(false, scan.cutsBatch(), provenByRecord, witness >= nextId);
        if (TailVerdict.of(seen) == TailVerdict.REFUSE) {
            throw new WalException.Corrupt(growing.fragment().path(), scan.endOfData(), nextId,
                    "the entry fails its check, and it was durable");
        }
        io.execute(IoChain.of(new IoOperation.Fdatasync(growing.file()))).orThrow();
    }

    /// True while a writer has the log open.
    public boolean hasWriter() {
        return status.isWriterAlive();
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

    @Override
    public long firstIdAtOrAfter(Instant time) {
        return fragments.firstIdAtOrAfter(time);
    }

    @Override
    public LogReader read(ReadRange range) {
        return new LogReader(fragments, range);
    }

    /// The fragments and the end, for readers that go from one to the other themselves.
    public LogFragments fragments() {
        return fragments;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (growing != null) {
                growing.close();
            }
            status.close();
        }
    }
}
