package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A log that someone else writes, in this process or another, or that nobody writes now:
/// read-only, and nothing in its directory is changed.
///
/// While a writer is alive, entries are visible up to the durable id in its status page. While none
/// is, those are visible that recovery would keep; they are synced before anyone reads them.
/// [#refresh()] looks again. Where the log was truncated meanwhile, readers that have read beyond
/// its new end are refused with `Truncated`, and the others read on.
public final class LogView implements ReadableLog {
    private final LogDirectory directory;
    private final IoScheduler io;
    private final ChainReader chains;
    private final StatusView status;
    private final LogFragments fragments;
    private GrowingFragment growing;
    /// The first id there was when it was last looked up; empty where nothing said so.
    private volatile OptionalLong head = OptionalLong.empty();
    /// The end that a truncation gave the log, which is not complete.
    private Optional<NewEnd> end = Optional.empty();
    private long truncationsSeen;
    /// What was found when it was last tried to go on from another end.
    private Optional<NewEnd> endTried = Optional.empty();
    private long truncationsTried;
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
        this.chains = ChainReader.ofReader(directory, io);
        this.status = StatusView.open(directory);
        try {
            List<FragmentChain.Link> sealed = readChain()
                    .links().stream().takeWhile(FragmentChain.Link::isSealed).toList();
            this.fragments = new LogFragments(sealed.stream().map(this::sealed).toList(),
                    head.orElse(sealed.isEmpty() ? 0 : sealed.getFirst().header().firstId()),
                    sealed.isEmpty() ? head.orElse(0)
                            : sealed.getLast().footer().orElseThrow().lastId() + 1,
                    new Writer());
            refresh();
        } catch (RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /// The one who writes the log.
    private final class Writer implements LogFragments.Elsewhere {
        @Override
        public long firstId() {
            OptionalLong known = head;
            return known.isPresent() && directory.isHead(known.getAsLong()) ? known.getAsLong()
                    : directory.list().head().orElse(0);
        }

        @Override
        public boolean catchUp() {
            synchronized (LogView.this) {
                if (closed || !isTruncated()) {
                    return false;
                }
                refresh();
                return true;
            }
        }
    }

    /// Looks again where the log was trimmed or truncated while it was looked at.
    private FragmentChain readChain() {
        while (true) {
            truncationsSeen = status.truncations();
            truncationsTried = truncationsSeen;
            LogDirectory.Listing listing = directory.list();
            head = listing.head();
            end = listing.end();
            endTried = end;
            try {
                return chains.read(listing);
            } catch (WalException.MissingFragment | WalException.Io
                    | WalException.Corrupt failure) {
                if (isAsItWas()) {
                    throw failure;
                }
            }
        }
    }

    private boolean isAsItWas() {
        LogDirectory.Listing now = directory.list();
        return head.equals(now.head()) && endTried.equals(now.end())
                && status.truncations() == truncationsTried;
    }

    private boolean isTruncated() {
        return status.truncations() != truncationsSeen || !end.equals(directory.list().end());
    }

    private Fragment sealed(FragmentChain.Link link) {
        return Fragment.sealed(directory.disk(), link.path(), link.header(),
                link.footer().orElseThrow());
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
            boolean alive = status.isWriterAlive();
            long limit = alive ? status.durableId() : Long.MAX_VALUE;
            try {
                if (!forgetTruncated(alive)) { // asked after the limit, which is of the same life
                    look(alive, limit);
                    return nextId();
                }
            } catch (WalException.MissingFragment | WalException.Io
                    | WalException.Corrupt failure) {
                if (isAsItWas()) {
                    throw failure;
                } // else it was trimmed or truncated while it was looked at
            }
        }
    }

    private void look(boolean alive, long limit) {
        if (limit > fragments.visibleId()) {
            advance(limit);
            if (!alive) {
                settle();
            }
            fragments.makeVisible(endOfScan() - 1);
        }
    }

    /// Drops what the writer has truncated, and goes on from the new end. A writer tells of it in
    /// its status page; one that was killed before it could has left the name of the end.
    ///
    /// @return true where there was something to do
    private boolean forgetTruncated(boolean alive) {
        long truncations = status.truncations();
        if (truncations == truncationsSeen && alive) {
            return false;
        }
        Optional<NewEnd> found = directory.list().end();
        if (truncations == truncationsSeen && found.equals(end)) {
            return false;
        }
        truncationsTried = truncations;
        endTried = found;
        goOnFrom(Math.min(status.status().lowestEndSince(truncationsSeen),
                found.map(NewEnd::nextId).orElse(Long.MAX_VALUE)));
        truncationsSeen = truncations;
        end = found;
        return true;
    }

    /// @param endId where the log ended for a while
    private void goOnFrom(long endId) {
        long nextId = Math.max(fragments.firstId(), Math.min(endId, fragments.visibleId() + 1));
        if (growing != null) {
            growing.close();
            growing = null;
        }
        Optional<Fragment> tail = fragments.endingBefore(nextId);
        if (tail.isEmpty()) {
            fragments.truncate(nextId, endId);
            return;
        }
        long firstId = tail.get().firstId();
        Path path = directory.fragment(endTried, firstId);
        FragmentChain.Link link = chains.read(path, firstId);
        if (link.isSealed()) {
            requireReaches(nextId, path, link.footer().orElseThrow().lastId() + 1);
            fragments.truncate(nextId, sealed(link), endId);
            fragments.makeVisible(link.footer().orElseThrow().lastId());
        } else {
            growing = GrowingFragment.open(directory.disk(), path, link.header());
            growing.scan().advance(nextId - 1);
            requireReaches(nextId, path, growing.scan().nextId());
            fragments.truncate(nextId, growing.fragment(), endId);
        }
    }

    /// Where it does not, the log was truncated again, or is damaged.
    private static void requireReaches(long nextId, Path file, long endId) {
        if (endId < nextId) {
            throw new WalException.Corrupt(file, 0, endId, "the entry is not there");
        }
    }

    /// Drops what the writer has trimmed, and goes on behind it.
    private void forgetTrimmed() {
        if (head.isPresent() && directory.isHead(head.getAsLong())) {
            return;
        }
        LogDirectory.Listing listing = directory.list();
        head = listing.head();
        long firstId = head.orElse(0);
        if (firstId <= fragments.firstId()) {
            return;
        }
        long fragmentId = listing.fragments().stream().findFirst().orElse(firstId);
        if (growing != null && (growing.fragment().firstId() < fragmentId
                || growing.scan().nextId() < firstId)) {
            fragmentId = Math.max(fragmentId, growing.fragment().firstId() + 1);
            growing.close();
            growing = null;
        }
        fragments.trimTo(fragmentId, firstId);
        fragments.makeVisible(firstId - 1);
    }

    /// Scans up to `limit`, from fragment to fragment.
    private void advance(long limit) {
        while (growing != null || openNext()) {
            growing.scan().advance(limit);
            long next = growing.scan().nextId();
            if (end.isPresent() && next >= end.get().nextId()
                    || !directory.disk().exists(directory.fragment(end, next))
                    || next == growing.fragment().firstId()) {
                return;
            }
            FragmentChain.Link successor = chains.read(directory.fragment(end, next), next);
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
            Path path = directory.fragment(end, next);
            FragmentChain.Link link = chains.read(path, next);
            if (link.isSealed() && next < fragments.firstId()) { // it may have holes
                fragments.add(sealed(link));
                fragments.makeVisible(link.footer().orElseThrow().lastId());
                return openNext();
            }
            growing = GrowingFragment.open(directory.disk(), path, link.header());
        } catch (WalException.Io failure) {
            if (FragmentSharing.isGone(failure)) {
                return false; // not there yet, or trimmed, which the next look finds out
            }
            throw failure;
        }
        fragments.add(growing.fragment());
        return true;
    }

    private long endOfScan() {
        return growing == null ? fragments.visibleId() + 1 : growing.scan().nextId();
    }

    /// Nobody writes: what is there must be all that was promised, and durable before it is shown.
    private void settle() {
        long nextId = endOfScan();
        long witness = NewEnd.limit(end,
                status.status().durableWitness(FragmentHeader.hashOf(id().value())));
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

    /// Why what was read from here may be no log: empty where it was not truncated since it was
    /// last looked at.
    synchronized Optional<WalException> truncation() {
        long lastId = nextId() - 1;
        return isTruncated()
                ? Optional.of(new WalException.Truncated(lastId, Math.min(lastId,
                        status.status().lowestEndSince(truncationsSeen))))
                : Optional.empty();
    }

    /// What a trim would do that may punch holes.
    ///
    /// @param outcome of one that drops whole fragments
    public TrimOutcome planHole(TrimOutcome outcome, List<Floor> floors, InstantSource clock) {
        return HeadHole.of(fragments, outcome.firstId(), outcome.keepId(floors, clock.instant()))
                .map(hole -> outcome.with(hole, hole.sizeBytes())).orElse(outcome);
    }

    /// What it would drop to truncate the log after an entry, as far as it is visible.
    ///
    /// @throws WalException.Trimmed when the entry is before the one in front of the first there is
    /// @throws WalException.PastEnd when it does not exist yet
    public TruncateOutcome planTruncate(long lastId) {
        return TruncateOutcome.plan(fragments, lastId);
    }

    /// True while a writer has the log open.
    public boolean hasWriter() {
        return status.isWriterAlive();
    }

    /// Highest id that the writer has written, visible or not yet.
    public long writtenId() {
        return hasWriter() ? Math.max(status.status().written(), fragments.visibleId())
                : fragments.visibleId();
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
