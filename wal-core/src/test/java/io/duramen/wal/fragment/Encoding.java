package io.duramen.wal.fragment;

import io.duramen.wal.memory.BufferLease;

/// Where a test's groups are encoded: each of the ways in which a log's modes do it.
enum Encoding {
    /// In a buffer that is written as it is: buffered mode.
    BUFFER,
    /// In a buffer of whole blocks: direct mode.
    BLOCKS,
    /// In the file itself: mapped mode.
    IN_PLACE;

    GroupMemory memory(FragmentOnDisk fragment, BufferLease lease) {
        return switch (this) {
            case BUFFER -> GroupMemory.in(lease);
            case BLOCKS -> GroupMemory.inBlocks(lease, fragment.tail());
            case IN_PLACE -> GroupMemory.inPlace(
                    fragment.mapped().asSlice(fragment.writer().endOfData()));
        };
    }
}
