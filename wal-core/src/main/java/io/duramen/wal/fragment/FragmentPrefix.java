package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Writes a fragment's entries up to one of them to a new file. Every one must hold: what cannot be
/// read is not left out. An atomic batch that goes on behind the last one ends with it.
public final class FragmentPrefix implements FragmentVisitor {
    private final Path file;
    private final long headId;
    private final long endId;
    private final FragmentRewriter rewriter;

    private FragmentPrefix(Path file, long headId, long endId, FragmentRewriter rewriter) {
        this.file = file;
        this.headId = headId;
        this.endId = endId;
        this.rewriter = rewriter;
    }

    /// @param bytes the whole file
    /// @param headId the log's first entry: those before it get marks, where they are gone
    /// @param endId the first id that is left out; all before it are durable
    /// @throws WalException.Corrupt where one of the entries fails its check
    /// @throws InternalError where the device fails under the mapping
    public static void write(Path file, MemorySegment bytes, long headId, long endId,
            FragmentRewriter rewriter) {
        FragmentPrefix prefix = new FragmentPrefix(file, headId, endId, rewriter);
        FragmentCheck check = FragmentCheck.run(file, bytes,
                new FragmentPromise(endId - 1, false, true, headId, Optional.empty()), prefix);
        if (!prefix.isComplete()) {
            throw prefix.corrupt(check.reachedEntries() ? check.endOfData() : 0,
                    "the entry is not there");
        }
    }

    private boolean isComplete() {
        return rewriter.nextId() == endId;
    }

    private WalException corrupt(long offset, String what) {
        return new WalException.Corrupt(file, offset, rewriter.nextId(), what);
    }

    @Override
    public void finding(FragmentFinding finding) {
        if (!isComplete() && finding.severity() == FragmentFinding.Severity.DAMAGE) {
            throw corrupt(finding.offset(), finding.what());
        }
    }

    @Override
    public void group(long offset, GroupRecord group) {
        if (group.firstId() == headId && rewriter.nextId() < headId) {
            rewriter.markUpTo(headId - 1);
        }
        if (!isComplete()) {
            rewriter.group(group);
        }
    }

    @Override
    public void entry(SeenEntry entry) {
        if (!isComplete()) {
            requireNext(entry.offset(), entry.id());
            boolean continues = entry.batchContinues() && entry.id() < endId - 1;
            rewriter.entry(new SeenEntry(entry.offset(), entry.id(), entry.crc(), continues,
                    entry.payload()));
        }
    }

    @Override
    public void lost(long offset, long entryId, long recordBytes) {
        if (!isComplete()) {
            requireNext(offset, entryId);
            rewriter.markUpTo(entryId);
        }
    }

    private void requireNext(long offset, long entryId) {
        if (entryId != rewriter.nextId()) {
            throw corrupt(offset, "the entry is not there");
        }
    }
}
