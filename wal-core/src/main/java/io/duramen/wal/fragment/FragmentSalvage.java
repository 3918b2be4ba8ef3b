package io.duramen.wal.fragment;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What can be saved of a fragment: which entries hold, and which are lost between them. An atomic
/// batch that goes on into a lost entry is lost from its start on; what follows a lost entry is
/// kept, since only that entry could have told that it belonged together.
///
/// Takes as much memory as [FragmentCheck], and a little for each of at most [#RANGES_MAX] ranges.
public final class FragmentSalvage implements FragmentVisitor {
    /// Ranges of lost entries that are told; those behind only count.
    public static final int RANGES_MAX = 10_000;

    private final FragmentVisitor listener;
    private final Optional<FragmentRewriter> rewriter;
    private final long limitId;
    private final long headId;
    private final List<Range> lost = new ArrayList<>();
    private boolean sealed;
    private int lastEntryCrc;
    private long end = FragmentGeometry.DATA_START;
    private long endOfData = FragmentGeometry.DATA_START;
    private long nextId;
    private long kept;
    private long keptBeforeLoss = -1;
    private long lostEntries;
    private long lostBytes;
    private long damages;
    private long firstTimestampNanos;
    private long batchAt = -1;
    private long batchId;

    /// Entries that are lost.
    ///
    /// @param offset where the first one was, or would have been
    /// @param bytes that lie in their place
    public record Range(long firstId, long lastId, long offset, long bytes) {
        public long entries() {
            return lastId - firstId + 1;
        }
    }

    private FragmentSalvage(long firstId, long limitId, long headId,
            Optional<FragmentRewriter> rewriter, FragmentVisitor listener) {
        this.nextId = firstId;
        this.limitId = limitId;
        this.headId = headId;
        this.rewriter = rewriter;
        this.listener = listener;
    }

    /// Looks what there is.
    ///
    /// @param bytes the whole file
    /// @param firstId of the entries the file is to hold
    /// @param listener told what the check finds
    public static FragmentSalvage of(Path file, MemorySegment bytes, long firstId,
            FragmentPromise promise, FragmentVisitor listener) {
        FragmentSalvage salvage =
                new FragmentSalvage(firstId, Long.MAX_VALUE, promise.headId(), Optional.empty(),
                        listener);
        salvage.run(file, bytes, promise);
        return salvage;
    }

    /// Writes what there is to another file.
    ///
    /// @param limitId entries from this one on are left out
    public static void write(Path file, MemorySegment bytes, long firstId, FragmentPromise promise,
            long limitId, FragmentRewriter rewriter) {
        new FragmentSalvage(firstId, limitId, promise.headId(), Optional.of(rewriter), _ -> {})
                .run(file, bytes, promise);
    }

    private void run(Path file, MemorySegment bytes, FragmentPromise promise) {
        FragmentCheck check = FragmentCheck.run(file, bytes, promise, this);
        sealed = check.footer().isPresent();
        lastEntryCrc = check.reachedEntries() ? check.lastEntryCrc() : 0;
        long endId = Math.max(nextId, promise.lastId() + 1);
        if (check.reachedEntries()) {
            endId = check.footer().map(FragmentFooter::lastId).map(lastId -> lastId + 1)
                    .orElse(Math.max(endId, check.nextId()));
        }
        endId = Math.min(endId, limitId);
        endOfData = check.reachedEntries() ? Math.max(end, check.endOfData()) : end;
        if (nextId < endId) {
            gap(endOfData, endId);
        } else if (check.cutsPromisedBatch()) {
            endBatch(endOfData);
        } else if (batchAt >= 0) {
            rewriter.ifPresent(FragmentRewriter::dropOpenBatch);
            kept -= nextId - batchId;
            nextId = batchId;
        }
    }

    @Override
    public void finding(FragmentFinding finding) {
        if (finding.severity() == FragmentFinding.Severity.DAMAGE) {
            damages++;
        }
        listener.finding(finding);
    }

    @Override
    public void group(long offset, GroupRecord group) {
        if (group.firstId() >= limitId) {
            return;
        }
        gap(offset, group.firstId());
        if (firstTimestampNanos == 0) {
            firstTimestampNanos = group.timestampNanos();
        }
        rewriter.ifPresent(it -> it.group(group));
        end = offset + GroupRecord.BYTES;
    }

    @Override
    public void entry(SeenEntry entry) {
        listener.entry(entry);
        if (entry.id() >= limitId) {
            return;
        }
        gap(entry.offset(), entry.id());
        rewriter.ifPresent(it -> it.entry(entry));
        if (!entry.batchContinues()) {
            batchAt = -1;
        } else if (batchAt < 0) {
            batchAt = entry.offset();
            batchId = entry.id();
        }
        end = entry.offset() + EntryHeader.entryBytes(entry.payload().byteSize());
        nextId = entry.id() + 1;
        kept++;
    }

    @Override
    public void lost(long offset, long entryId, long recordBytes) {
        if (entryId >= limitId) {
            return;
        }
        gap(offset, entryId);
        endBatch(offset);
        rewriter.ifPresent(it -> it.markUpTo(entryId));
        end = offset + recordBytes;
        nextId = entryId + 1;
    }

    /// The next record that holds lies here: whatever is missing in front of it is lost.
    private void gap(long offset, long entryId) {
        passTrimmed(Math.min(headId, entryId));
        if (entryId > nextId) {
            long firstLost = batchAt < 0 ? nextId : batchId;
            long start = batchAt < 0 ? end : batchAt;
            kept -= nextId - firstLost;
            keptBeforeLoss = keptBeforeLoss < 0 ? kept : keptBeforeLoss;
            lostEntries += entryId - firstLost;
            lostBytes += offset - start;
            if (lost.size() < RANGES_MAX) {
                lost.add(new Range(firstLost, entryId - 1, start, offset - start));
            }
            rewriter.ifPresent(it -> it.markUpTo(entryId - 1));
            batchAt = -1;
            nextId = entryId;
        }
    }

    /// What is trimmed is not lost where it cannot be read.
    private void passTrimmed(long toId) {
        if (nextId < toId && batchAt < 0) {
            rewriter.ifPresent(it -> it.markUpTo(toId - 1));
            nextId = toId;
        }
    }

    /// The last entry says that its batch goes on, and it does not: its entries are lost.
    private void endBatch(long offset) {
        if (batchAt >= 0) {
            long entryId = nextId;
            kept -= nextId - batchId;
            nextId = batchId;
            end = batchAt;
            batchAt = -1;
            gap(offset, entryId);
        }
    }

    /// True where the fragment has a footer that holds.
    public boolean isSealed() {
        return sealed;
    }

    /// The checksum of the last entry that could be read, 0 where none could.
    public int lastEntryCrc() {
        return lastEntryCrc;
    }

    /// Lost entries that are not marked as such yet, in order; at most [#RANGES_MAX] ranges.
    public List<Range> lostRanges() {
        return List.copyOf(lost);
    }

    public long lostEntries() {
        return lostEntries;
    }

    /// Bytes that lie in the places of the lost entries.
    public long lostBytes() {
        return lostBytes;
    }

    /// Entries that hold.
    public long keptEntries() {
        return kept;
    }

    /// Entries that hold in front of the first lost one.
    public long keptBeforeLoss() {
        return keptBeforeLoss < 0 ? kept : keptBeforeLoss;
    }

    /// Places that are damaged, whether an entry is lost there or not.
    public long damages() {
        return damages;
    }

    /// The id after the last entry, lost ones included.
    public long nextId() {
        return nextId;
    }

    /// Behind the last record, held or lost, in this file.
    public long endOfData() {
        return endOfData;
    }

    /// The time of the first group record that holds, 0 where none does.
    public long firstTimestampNanos() {
        return firstTimestampNanos;
    }
}
