package io.duramen.wal.tools;

import org.apache.pekko.util.ByteString;

/// One entry of all the input, also where that is empty.
final class WholeSplitter implements Splitter {
    private final PartialEntry all;

    WholeSplitter(int largestBytes) {
        this.all = new PartialEntry(largestBytes);
    }

    @Override
    public void feed(ByteString bytes) {
        byte[] chunk = bytes.toArrayUnsafe();
        all.add(chunk, 0, chunk.length);
    }

    @Override
    public ByteString next() {
        return null;
    }

    @Override
    public ByteString end() {
        return all.take();
    }
}
