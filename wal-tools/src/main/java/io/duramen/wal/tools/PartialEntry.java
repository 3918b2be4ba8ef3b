package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.util.ByteString;

/// An entry whose bytes come in pieces, up to the largest that the log takes.
final class PartialEntry {
    private final int largestBytes;
    private final List<byte[]> pieces = new ArrayList<>();
    private int sizeBytes;

    PartialEntry(int largestBytes) {
        this.largestBytes = largestBytes;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    void add(byte[] from, int start, int end) {
        if ((long) sizeBytes + end - start > largestBytes) {
            throw WalException.TooLarge.atLeast((long) sizeBytes + end - start, largestBytes);
        }
        if (end > start) {
            byte[] piece = new byte[end - start];
            System.arraycopy(from, start, piece, 0, piece.length);
            pieces.add(piece);
            sizeBytes += piece.length;
        }
    }

    /// All bytes so far, in one piece; it is empty then.
    ByteString take() {
        byte[] whole = new byte[sizeBytes];
        int at = 0;
        for (byte[] piece : pieces) {
            System.arraycopy(piece, 0, whole, at, piece.length);
            at += piece.length;
        }
        pieces.clear();
        sizeBytes = 0;
        return ByteString.fromArrayUnsafe(whole);
    }
}
