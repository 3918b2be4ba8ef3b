package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import org.apache.pekko.util.ByteString;

/// One entry for each line, its line feed included; the last line need not have one. So the entries
/// put together are the input, whatever bytes it has.
final class LineSplitter implements Splitter {
    private final int largestBytes;
    private final PartialEntry begun;
    private byte[] chunk = new byte[0];
    private int at;

    LineSplitter(int largestBytes) {
        this.largestBytes = largestBytes;
        this.begun = new PartialEntry(largestBytes);
    }

    @Override
    public void feed(ByteString bytes) {
        chunk = bytes.toArrayUnsafe();
        at = 0;
    }

    @Override
    public ByteString next() {
        int start = at;
        for (int i = start; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                at = i + 1;
                return line(start, at);
            }
        }
        at = chunk.length;
        begun.add(chunk, start, at);
        return null;
    }

    private ByteString line(int start, int end) {
        if (begun.sizeBytes() > 0) {
            begun.add(chunk, start, end);
            return begun.take();
        }
        if (end - start > largestBytes) {
            throw new WalException.TooLarge(end - start, largestBytes);
        }
        return ByteString.fromArrayUnsafe(chunk, start, end - start);
    }

    @Override
    public ByteString end() {
        return begun.sizeBytes() == 0 ? null : begun.take();
    }
}
