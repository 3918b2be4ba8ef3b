package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Checks every byte of one fragment and shows a [FragmentVisitor] what is there. Damage is
/// reported, and what can still be read behind it is read. Nothing is changed.
///
/// Needs no memory that grows with the fragment, but 4 bytes for each entry of one that is not
/// sealed. Reading the mapping may fail with `InternalError` where the disk does. A footer that is
/// damaged is not believed: the fragment is checked as one that is not sealed.
public final class FragmentCheck {
    private static final int SECTOR_BYTES = 512;

    private final Path file;
    private final MemorySegment bytes;
    private final FragmentPromise promise;
    private final FragmentVisitor visitor;
    private Optional<FragmentHeader> header = Optional.empty();
    private Optional<FragmentFooter> footer = Optional.empty();
    private boolean headerHolds;
    private boolean footerReported;
    private boolean cutsBatch;
    private RecordWalk walk;

    private FragmentCheck(Path file, MemorySegment bytes, FragmentPromise promise,
            FragmentVisitor visitor) {
        this.file = file;
        this.bytes = bytes;
        this.promise = promise;
        this.visitor = visitor;
    }

    /// @param file named in errors
    /// @param bytes the whole file
    /// @throws WalException.Incompatible where a newer version wrote it
    public static FragmentCheck run(Path file, MemorySegment bytes, FragmentPromise promise,
            FragmentVisitor visitor) {
        FragmentCheck check = new FragmentCheck(file, bytes, promise, visitor);
        check.run();
        return check;
    }

    private void run() {
        if (bytes.byteSize() < FragmentHeader.BYTES) {
            damage(bytes.byteSize(), "it ends here, inside its header");
            return;
        }
        readHeader();
        if (header.isEmpty()) {
            damage(0, "without its header, its entries cannot be checked");
            return;
        }
        boolean whole = isWhole();
        FragmentGeometry geometry = new FragmentGeometry(header.get().fileSizeBytes());
        if (whole) {
            readFooter(geometry);
        }
        walk = new RecordWalk(bytes, header.get(), footer, promise, visitor);
        walk.run();
        if (!promise.live() && walk.cutsPromisedBatch()) {
            damage(walk.cutBatchStart(), "an atomic batch starts here whose end is missing, and it"
                    + " was durable");
            cutsBatch = true;
            return;
        }
        if (footer.isPresent()) {
            checkSealed(geometry, footer.get());
            visitor.footer(footer.get(), true);
        } else if (whole) {
            checkGrowing(geometry);
        }
    }

    private void readHeader() {
        try {
            header = Optional.of(FragmentHeader.readFrom(bytes, file));
            headerHolds = true;
            visitor.header(header.get(), true);
        } catch (WalException.Corrupt corrupt) {
            damage(corrupt.offset(), corrupt.what());
            visitor.header(FragmentHeader.readUnchecked(bytes), false);
            header = new HeaderGuess(file, bytes).guess();
        }
    }

    private boolean isWhole() {
        long told = header.get().fileSizeBytes();
        if (bytes.byteSize() < told) {
            damage(bytes.byteSize(), "it ends here, its header says it has " + told + " bytes");
        } else if (bytes.byteSize() > told) {
            damage(told, "it goes on behind the " + told + " bytes that its header says it has");
        }
        return bytes.byteSize() >= told;
    }

    private void readFooter(FragmentGeometry geometry) {
        MemorySegment page = bytes.asSlice(geometry.footerStart(), FragmentFooter.BYTES);
        footer = FragmentFooter.readFrom(page, header.get()).filter(it -> isPossible(it, geometry));
        if (footer.isEmpty() && !promise.live()) {
            checkFooterPage(geometry, page);
        }
    }

    /// Of a fragment without a valid footer.
    private void checkFooterPage(FragmentGeometry geometry, MemorySegment page) {
        UnusedSpace space = new UnusedSpace(page);
        long end = page.byteSize();
        FragmentFooter told = FragmentFooter.readUnchecked(page);
        boolean looksLikeFooter = FragmentFooter.isMeant(page) || isPossible(told, geometry);
        if (space.firstOther(0, end) == end || !looksLikeFooter && !promise.complete()) {
            return;
        }
        footerReported = true;
        boolean torn = space.firstOther(0, SECTOR_BYTES) == SECTOR_BYTES
                || space.firstOther(end - SECTOR_BYTES, end) == end;
        if (torn && promise.complete()) {
            note(geometry.footerStart(), "writing its footer was cut short by a crash");
        } else {
            damage(geometry.footerStart(), "the checksum of its footer does not match");
        }
        if (isPossible(told, geometry)) {
            visitor.footer(told, false);
        }
    }

    private boolean isPossible(FragmentFooter told, FragmentGeometry geometry) {
        return told.entryCount() > 0 && told.entryCount() <= bytes.byteSize()
                && told.firstId() == header.get().firstId()
                && told.lastId() - told.firstId() + 1 == told.entryCount()
                && told.endOfData() >= FragmentGeometry.DATA_START
                && told.endOfData() % EntryHeader.ALIGNMENT == 0
                && told.endOfData() <= geometry.indexStart(told.entryCount());
    }

    private void checkSealed(FragmentGeometry geometry, FragmentFooter seal) {
        if (walk.nextId() <= seal.lastId()) {
            damage(walk.endOfData(), "entries " + walk.nextId() + " to " + seal.lastId()
                    + " are not there");
        }
        if (!walk.foundDamage() && (walk.nextId() != seal.lastId() + 1
                || walk.endOfData() != seal.endOfData()
                || walk.lastEntryCrc() != seal.lastEntryCrc()
                || !walk.hasSkipped()
                        && walk.lastGroup().firstTimestampNanos() != seal.firstTimestampNanos()
                || walk.lastGroup().lastTimestampNanos() != seal.lastTimestampNanos())) {
            damage(geometry.footerStart(), "its footer does not tell what the fragment holds");
        }
        long indexStart = geometry.indexStart(seal.entryCount());
        checkUnused(seal.endOfData(), indexStart);
        if (!new SealedIndex(bytes, geometry, seal).holds()) {
            damage(indexStart, "the checksum of its index does not match");
        }
    }

    private void checkUnused(long from, long to) {
        long other = new UnusedSpace(bytes).firstOther(from, to);
        if (other < to) {
            damage(other, "unused space is not zero");
        }
    }

    private void checkGrowing(FragmentGeometry geometry) {
        if (promise.live() || walk.foundDamage()) {
            return;
        }
        long end = walk.endOfData();
        if (promise.complete()) {
            checkUnused(end, geometry.indexStart(walk.entryCount()));
            checkBegunIndex(geometry);
            return;
        }
        if (footerReported) {
            return; // what lies there was said
        }
        UnusedSpace space = new UnusedSpace(bytes);
        long other = space.firstOther(end, bytes.byteSize());
        long closedAt = promise.closed().filter(it -> it.isOf(header.get()))
                .map(ClosedEnd::endOfData).orElse(-1L);
        if (walk.cutBatchStart() >= 0) {
            note(walk.cutBatchStart(), "an atomic batch starts here whose end is missing: the next"
                    + " writer cuts it and keeps a copy");
        } else if (other == bytes.byteSize()) {
            return;
        } else if (closedAt == end) {
            damage(other, "unused space is not zero");
        } else if (closedAt > end) {
            damage(end, "the log was closed with its end at " + closedAt
                    + ", and the record here fails its check");
        } else {
            note(end, "a torn tail of " + (space.endOfOthers(end, bytes.byteSize()) - end)
                    + " bytes that nobody was promised: the next writer cuts it and keeps a copy");
        }
    }

    /// A crash while the fragment was being sealed may leave words of its index.
    private void checkBegunIndex(FragmentGeometry geometry) {
        note(geometry.footerStart(), "it is complete but not sealed: the next writer seals it");
        for (long number = 0; number < walk.entryCount(); number++) {
            long at = geometry.indexStart(number + 1);
            long told = EntryIndex.readOffset(bytes, at);
            if (told != 0 && told != walk.offsets().offset(number)) {
                damage(at, "unused space is not zero");
            }
        }
    }

    private void damage(long offset, String what) {
        visitor.finding(FragmentFinding.damage(offset, -1, what));
    }

    private void note(long offset, String what) {
        visitor.finding(FragmentFinding.note(offset, -1, what));
    }

    /// The header; where it is damaged, what it must have been; empty where nothing tells.
    public Optional<FragmentHeader> header() {
        return header;
    }

    /// True where the header is as it was written.
    public boolean headerHolds() {
        return headerHolds;
    }

    /// Empty where the fragment is not sealed, or its footer is damaged.
    public Optional<FragmentFooter> footer() {
        return footer;
    }

    /// True where the entries could be looked at.
    public boolean reachedEntries() {
        return walk != null;
    }

    /// The id after the last entry.
    public long nextId() {
        return walk.nextId();
    }

    /// Where the last record ends that was looked at.
    public long endOfData() {
        return walk.endOfData();
    }

    public int lastEntryCrc() {
        return walk.lastEntryCrc();
    }

    /// True where the last entry was read, so that its checksum is known.
    public boolean isSound() {
        return walk != null && !walk.foundDamage() && !cutsBatch;
    }

    /// True where an atomic batch that was durable has no end.
    public boolean cutsPromisedBatch() {
        return cutsBatch;
    }
}
