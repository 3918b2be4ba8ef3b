package io.duramen.wal.log;

import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.FragmentVisitor;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// Follows the check of one fragment: counts its entries, and tells how far it is every now and
/// then.
final class ReadProgress implements FragmentVisitor {
    private static final long STEP_BYTES = 1 << 20;

    private final Consumer<FragmentFinding> findings;
    private final LongConsumer checked;
    private long toldBytes;
    private long entries;
    private long lost;

    /// @param checked told bytes that were checked since it was told last
    ReadProgress(Consumer<FragmentFinding> findings, LongConsumer checked) {
        this.findings = findings;
        this.checked = checked;
    }

    @Override
    public void finding(FragmentFinding finding) {
        findings.accept(finding);
    }

    @Override
    public void entry(SeenEntry entry) {
        entries++;
        if (entry.offset() - toldBytes >= STEP_BYTES) {
            reached(entry.offset());
        }
    }

    @Override
    public void lost(long offset, long entryId, long recordBytes) {
        lost++;
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
