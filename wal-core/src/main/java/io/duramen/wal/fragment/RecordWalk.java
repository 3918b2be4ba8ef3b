package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.EntryReader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.OptionalLong;

/// Goes through the records of a fragment and checks each, and each against its neighbours. Where
/// one is damaged it says so and goes on at the next that it can find.
final class RecordWalk {
    private final MemorySegment bytes;
    private final FragmentHeader header;
    private final FragmentVisitor visitor;
    private final FragmentPromise promise;
    private final Optional<SealedIndex> sealed;
    private final EntryReader reader;
    private final NextRecord next;
    private final EntryIndex offsets = new EntryIndex();
    private final long limit;
    private final OpenedGroup group;
    private long at = FragmentGeometry.DATA_START;
    private long nextId;
    private int lastEntryCrc;
    private boolean skipped;
    private boolean damaged;
    private long batchStart = -1;
    private long batchId;
    private long lostAt = -1;
    private long lostId;

    /// @param bytes the file, which may be shorter than its header says
    /// @param footer what the fragment is sealed with
    RecordWalk(MemorySegment bytes, FragmentHeader header, Optional<FragmentFooter> footer,
            FragmentPromise promise, FragmentVisitor visitor) {
        this.bytes = bytes;
        this.header = header;
        this.visitor = visitor;
        this.promise = promise;
        FragmentGeometry geometry = new FragmentGeometry(header.fileSizeBytes());
        this.sealed = footer.map(it -> new SealedIndex(bytes, geometry, it));
        this.limit = footer.map(FragmentFooter::endOfData).orElse(Math.min(geometry.footerStart(),
                bytes.byteSize() / EntryHeader.ALIGNMENT * EntryHeader.ALIGNMENT));
        this.reader = new EntryReader(bytes, header.generation(), limit);
        this.next = new NextRecord(bytes, header, sealed, limit);
        this.group = new OpenedGroup(this::damage, this::note);
        this.nextId = header.firstId();
        this.lastEntryCrc = header.predecessorLastCrc();
        sealed.filter(index -> promise.headId() > header.firstId())
                .filter(index -> index.covers(promise.headId())).ifPresent(this::skipTrimmed);
    }

    /// Starts at the group that the log starts with, where its record holds; else at the beginning,
    /// as it has to be found.
    private void skipTrimmed(SealedIndex index) {
        long group = index.offsetOf(promise.headId()) - GroupRecord.BYTES;
        if (group > at && group < limit && reader.isGroupAt(group)
                && reader.group().firstId() == promise.headId()) {
            at = group;
            nextId = promise.headId();
            skipped = true;
        }
    }

    void run() {
        while (at < limit && !isBeyondLive()) {
            EntryReader.Found found = reader.inspect(at, nextId);
            if (found != EntryReader.Found.LOST) {
                endLost();
            }
            switch (found) {
                case GROUP -> onGroup();
                case ENTRY -> onEntry();
                case LOST -> onLost();
                case FREE, INVALID -> {
                    if (!isPromised() || !goOn()) {
                        return;
                    }
                }
            }
        }
        endLost();
        group.end(at);
        if (sealed.isEmpty() && nextId <= promise.lastId() && !isBeyondLive()) {
            damage(at, nextId, "entries " + nextId + " to " + promise.lastId()
                    + " are not there");
        }
    }

    private boolean isBeyondLive() {
        return promise.live() && sealed.isEmpty() && nextId > promise.lastId();
    }

    /// Whether there must be a record at this place.
    private boolean isPromised() {
        return sealed.isPresent() || nextId <= promise.lastId()
                || next.durableIdProvenBeyond(at) >= nextId;
    }

    private void onGroup() {
        GroupRecord record = reader.group();
        group.begin(at, record);
        visitor.group(at, record);
        at += GroupRecord.BYTES;
    }

    private void onEntry() {
        group.entry(at, nextId);
        checkPadding();
        sealed.ifPresent(index -> index.checkWord(nextId, at, this::damage));
        visitor.entry(new FragmentVisitor.SeenEntry(at, nextId, reader.crc(),
                reader.batchContinues(),
                bytes.asSlice(reader.payloadOffset(), reader.payloadBytes())));
        if (sealed.isEmpty()) {
            offsets.add(at);
        }
        if (!reader.batchContinues()) {
            batchStart = -1;
        } else if (batchStart < 0) {
            batchStart = at;
            batchId = nextId;
        }
        lastEntryCrc = reader.crc();
        at += reader.recordBytes();
        nextId++;
    }

    private void onLost() {
        if (lostAt < 0 && nextId >= promise.headId()) {
            lostAt = at;
            lostId = nextId;
        }
        group.forget();
        sealed.ifPresent(index -> index.checkWord(nextId, at, this::damage));
        visitor.lost(at, nextId, reader.recordBytes());
        if (sealed.isEmpty()) {
            offsets.add(at);
        }
        batchStart = -1;
        lastEntryCrc = reader.crc();
        at += reader.recordBytes();
        nextId++;
    }

    /// Says which entries in a row are marked as lost.
    private void endLost() {
        if (lostAt >= 0) {
            note(lostAt, lostId, (nextId == lostId + 1 ? "the entry is"
                    : "entries " + lostId + " to " + (nextId - 1) + " are")
                    + " marked as lost by a repair");
            lostAt = -1;
        }
    }

    private void checkPadding() {
        long end = at + reader.recordBytes();
        for (long i = reader.payloadOffset() + reader.payloadBytes(); i < end; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, i) != 0) {
                damage(i, nextId, "a byte between two entries is not zero");
            }
        }
    }

    /// Says what is wrong here, and finds the next record that can be read.
    ///
    /// @return false where there is none
    private boolean goOn() {
        NextRecord.Place found = next.after(at, nextId);
        if (found.nextId() > nextId) {
            String which = found.nextId() == nextId + 1 ? "the entry fails its check"
                    : "entries " + nextId + " to " + (found.nextId() - 1) + " cannot be read";
            damage(at, nextId, which);
        } else if (nextId > lastPromised().orElse(Long.MAX_VALUE)) {
            damage(at, -1, "a record fails its check");
        } else {
            damage(at, nextId, found.isNone() ? "the entry is missing or fails its check,"
                    + " and what follows cannot be read"
                    : "the group record in front of the entry fails its check");
        }
        group.forget();
        if (found.isNone()) {
            return false;
        }
        batchStart = -1;
        at = found.offset();
        nextId = found.nextId();
        return true;
    }

    private OptionalLong lastPromised() {
        return sealed.map(index -> OptionalLong.of(index.lastId())).orElse(OptionalLong.empty());
    }

    private void damage(long offset, long entryId, String what) {
        damaged = true;
        visitor.finding(FragmentFinding.damage(offset, entryId, what));
    }

    private void note(long offset, long entryId, String what) {
        visitor.finding(FragmentFinding.note(offset, entryId, what));
    }

    /// Where it ended: all before was looked at.
    long endOfData() {
        return at;
    }

    long nextId() {
        return nextId;
    }

    int lastEntryCrc() {
        return lastEntryCrc;
    }

    /// True where trimmed entries were left out.
    boolean hasSkipped() {
        return skipped;
    }

    boolean foundDamage() {
        return damaged;
    }

    /// Where the atomic batch starts whose end is missing, -1 where there is none.
    long cutBatchStart() {
        return batchStart;
    }

    /// True where it was promised: a part of it is proven to be durable, and so was all of it.
    boolean cutsPromisedBatch() {
        return batchStart >= 0 && (sealed.isPresent() || batchId <= promise.lastId()
                || batchId <= next.durableIdProvenBeyond(at));
    }

    OpenedGroup lastGroup() {
        return group;
    }

    /// The entries seen, where the fragment is not sealed and none was damaged.
    EntryIndex offsets() {
        return offsets;
    }

    long entryCount() {
        return nextId - header.firstId();
    }
}
