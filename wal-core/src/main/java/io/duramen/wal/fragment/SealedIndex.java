package io.duramen.wal.fragment;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import java.lang.foreign.MemorySegment;

/// The index area of a sealed fragment, as a check sees it.
final class SealedIndex {
    private final MemorySegment bytes;
    private final FragmentGeometry geometry;
    private final FragmentFooter footer;
    private final boolean holds;

    SealedIndex(MemorySegment bytes, FragmentGeometry geometry, FragmentFooter footer) {
        this.bytes = bytes;
        this.geometry = geometry;
        this.footer = footer;
        this.holds = IndexArea.checksumOf(bytes, geometry, footer.entryCount()) == footer
                .indexCrc();
    }

    /// True where the footer's checksum vouches for every word.
    boolean holds() {
        return holds;
    }

    long lastId() {
        return footer.lastId();
    }

    boolean covers(long entryId) {
        return entryId >= footer.firstId() && entryId <= footer.lastId();
    }

    long offsetOf(long entryId) {
        return EntryIndex.readOffset(bytes, wordAt(entryId));
    }

    private long wordAt(long entryId) {
        return geometry.indexStart(entryId - footer.firstId() + 1);
    }

    void checkWord(long entryId, long offset, OpenedGroup.Report damage) {
        if (!covers(entryId)) {
            damage.say(offset, entryId, "the entry is not in the index");
        } else if (offsetOf(entryId) != offset) {
            damage.say(wordAt(entryId), entryId, "the index says that the entry starts at offset "
                    + offsetOf(entryId) + ", it does at " + offset);
        }
    }
}
