package io.duramen.wal.os;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// How far a vectored transfer has come in its pieces of memory. One thread at a time.
public final class PieceCursor {
    private final List<MemorySegment> pieces;
    private int index;
    private long moved; // of the piece at the index

    public PieceCursor(List<MemorySegment> pieces) {
        this.pieces = pieces;
        skipEmpty();
    }

    /// Lists what comes next: as many pieces as one call takes and the list has room for, together
    /// not longer than `bytesMax`; the last of them is cut where it would be. Empty ones are left
    /// out.
    ///
    /// @return their length together, 0 at the end
    public long listNext(IovecList list, long bytesMax) {
        int room = Math.min(list.free(), IovecList.CALL_PIECES_MAX);
        long bytes = 0;
        long skip = moved;
        for (int i = index; i < pieces.size() && room > 0 && bytes < bytesMax; i++) {
            long length = Math.min(pieces.get(i).byteSize() - skip, bytesMax - bytes);
            if (length > 0) {
                list.add(pieces.get(i).asSlice(skip, length));
                bytes += length;
                room--;
            }
            skip = 0;
        }
        return bytes;
    }

    /// What comes next: no piece, or one that is not empty and the others behind it.
    public List<MemorySegment> rest() {
        List<MemorySegment> rest = pieces.subList(index, pieces.size());
        if (moved == 0) {
            return rest;
        }
        List<MemorySegment> cut = new ArrayList<>(rest);
        cut.set(0, rest.getFirst().asSlice(moved));
        return cut;
    }

    /// So many more bytes were moved.
    public void advance(long bytes) {
        moved += bytes;
        while (index < pieces.size() && moved >= pieces.get(index).byteSize()) {
            moved -= pieces.get(index).byteSize();
            index++;
        }
        assert index < pieces.size() || moved == 0 : "more was moved than there is";
    }

    private void skipEmpty() {
        advance(0);
    }

    public boolean isAtEnd() {
        return index == pieces.size();
    }
}
