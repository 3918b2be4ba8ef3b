package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.FragmentVisitor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Follows the check of one fragment: counts its entries, and tells how far it is every now and
/// then.
final class ReadProgress implements FragmentVisitor {
    private static final long STEP_BYTES = 1 << 20;

    private final long headId;
    private final Consumer<FragmentFinding> findings;
    private final LongConsumer checked;
    private long toldBytes;
    private long entries;
    private long lost;

    /// @param headId entries before this one do not count
    /// @param checked told bytes that were checked since it was told last
    ReadProgress(long headId, Consumer<FragmentFinding> findings, LongConsumer checked) {
        this.headId = headId;
        this.findings = findings;
        this.checked = checked;
    }

    @Override
    public void finding(FragmentFinding finding) {
        findings.accept(finding);
    }

    @Override
    public void entry(SeenEntry entry) {
        entries += entry.id() >= headId ? 1 : 0;
        if (entry.offset() - toldBytes >= STEP_BYTES) {
            reached(entry.offset());
        }
    }

    @Override
    public void lost(long offset, long entryId, long recordBytes) {
        lost += entryId >= headId ? 1 : 0;
    }

    /// Everything up to this offset was checked.
    void reached(long offset) {
        checked.accept(offset - toldBytes);
        toldBytes = offset;
    }

    long entries() {
        return entries;
    }

    /// Entries that a repair has marked as lost.
    long lost() {
        return lost;
    }
}
