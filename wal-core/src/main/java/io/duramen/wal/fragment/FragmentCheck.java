package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryReader;
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
/// sealed. Reading the mapping may fail with `InternalError` where the disk does.
public final class FragmentCheck {
    private final Path file;
    private final MemorySegment bytes;
    private final FragmentPromise promise;
    private final FragmentVisitor visitor;
    private Optional<FragmentHeader> header = Optional.empty();
    private Optional<FragmentFooter> footer = Optional.empty();
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
        if (bytes.byteSize() < FragmentGeometry.FILE_BYTES_MIN) {
            damage(bytes.byteSize(), "it ends here, which is less than any fragment has");
            return;
        }
        boolean headerHolds = readHeader();
        if (header.isEmpty()) {
            return;
        }
        visitor.header(header.get(), headerHolds);
        if (!isWhole() || !headerHolds && !startsWithValidRecord()) {
            damage(0, "without its header, its entries cannot be checked");
            return;
        }
        FragmentGeometry geometry = new FragmentGeometry(bytes.byteSize());
        boolean footerHolds = readFooter(geometry);
        walk = new RecordWalk(bytes, header.get(), footer, promise, visitor);
        walk.run();
        if (footer.isPresent()) {
            checkSealed(geometry, footer.get());
            visitor.footer(footer.get(), footerHolds);
        } else {
            checkGrowing(geometry);
        }
    }

    private boolean readHeader() {
        try {
            header = Optional.of(FragmentHeader.readFrom(bytes, file));
            return true;
        } catch (WalException.Corrupt corrupt) {
            damage(corrupt.offset(), corrupt.what());
            header = Optional.of(FragmentHeader.readUnchecked(bytes));
            return false;
        }
    }

    private boolean isWhole() {
        long told = header.get().fileSizeBytes();
        if (told == bytes.byteSize() && told % FragmentGeometry.BLOCK_BYTES == 0) {
            return true;
        }
        damage(bytes.byteSize(), "it ends here, its header says it has " + told + " bytes");
        return false;
    }

    private boolean startsWithValidRecord() {
        EntryReader reader =
                new EntryReader(bytes, header.get().generation(), bytes.byteSize());
        return reader.inspect(FragmentGeometry.DATA_START,
                header.get().firstId()) == EntryReader.Found.GROUP;
    }

    /// A footer that is damaged is still believed where its fields can be true.
    private boolean readFooter(FragmentGeometry geometry) {
        MemorySegment page = bytes.asSlice(geometry.footerStart(), FragmentFooter.BYTES);
        footer = FragmentFooter.readFrom(page, header.get()).filter(it -> isPossible(it, geometry));
        if (footer.isPresent()) {
            return true;
        }
        UnusedSpace space = new UnusedSpace(page);
        if (!promise.live() && space.firstOther(0, page.byteSize()) < page.byteSize()) {
            FragmentFooter told = FragmentFooter.readUnchecked(page);
            if (isPossible(told, geometry)) {
                damage(geometry.footerStart(), "the checksum of its footer does not match");
                footer = Optional.of(told);
            }
        }
        return false;
    }

    private boolean isPossible(FragmentFooter told, FragmentGeometry geometry) {
        return told.entryCount() > 0 && told.entryCount() <= bytes.byteSize()
                && told.firstId() == header.get().firstId()
                && told.lastId() - told.firstId() + 1 == told.entryCount()
                && told.endOfData() >= FragmentGeometry.DATA_START
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
                || walk.lastGroup().firstTimestampNanos() != seal.firstTimestampNanos()
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
        UnusedSpace space = new UnusedSpace(bytes);
        long other = space.firstOther(end, bytes.byteSize());
        if (walk.cutBatchStart() >= 0) {
            note(walk.cutBatchStart(), "an atomic batch starts here whose end is missing: the next"
                    + " writer cuts it and keeps a copy");
        } else if (other == bytes.byteSize()) {
            return;
        } else if (walk.lastGroup().isClosingRecord()) {
            damage(other, "unused space is not zero");
        } else if (space.isDamagedClosingRecord(end, bytes.byteSize(), walk.nextId())) {
            damage(end, "the record of the last close fails its check");
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
        checkUnused(geometry.footerStart(), bytes.byteSize());
    }

    private void damage(long offset, String what) {
        visitor.finding(FragmentFinding.damage(offset, -1, what));
    }

    private void note(long offset, String what) {
        visitor.finding(FragmentFinding.note(offset, -1, what));
    }

    /// The header, also a damaged one; empty where there is none.
    public Optional<FragmentHeader> header() {
        return header;
    }

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

    public int lastEntryCrc() {
        return walk.lastEntryCrc();
    }

    /// True where the last entry was read, so that its checksum is known.
    public boolean isSound() {
        return walk != null && !walk.foundDamage();
    }
}
