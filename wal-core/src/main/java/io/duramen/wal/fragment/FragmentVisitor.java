package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.MemorySegment;

/// Is shown what a [FragmentCheck] comes across, in the order of the file, findings in their place.
public interface FragmentVisitor {
    /// An entry that holds.
    ///
    /// @param payload read-only, valid during the call
    record SeenEntry(long offset, long id, int crc, boolean batchContinues,
            MemorySegment payload) {}

    void finding(FragmentFinding finding);

    /// @param holds false where its checksum does not match; a finding said so
    default void header(FragmentHeader header, boolean holds) {}

    default void group(long offset, GroupRecord group) {}

    default void entry(SeenEntry entry) {}

    /// The mark of a lost entry. A run of them is a finding as well: a note.
    default void lost(long offset, long entryId, long recordBytes) {}

    /// @param holds false where its checksum does not match; a finding said so
    default void footer(FragmentFooter footer, boolean holds) {}
}
