package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.pekko.util.ByteString;

/// One entry for each record of the input: its length as a little-endian u32, then its bytes.
final class LengthPrefixSplitter implements Splitter {
    private static final VarHandle U32 =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final int largestBytes;
    private final byte[] prefix = new byte[Integer.BYTES];
    private final PartialEntry begun;
    private byte[] chunk = new byte[0];
    private int at;
    private int prefixBytes;
    private long records;

    LengthPrefixSplitter(int largestBytes) {
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
        while (prefixBytes < prefix.length) {
            if (at == chunk.length) {
                return null;
            }
            prefix[prefixBytes++] = chunk[at++];
        }
        long size = Integer.toUnsignedLong((int) U32.get(prefix, 0));
        if (size > largestBytes) {
            throw new WalException.TooLarge(size, largestBytes);
        }
        int end = (int) Math.min(chunk.length, at + size - begun.sizeBytes());
        begun.add(chunk, at, end);
        at = end;
        if (begun.sizeBytes() < size) {
            return null;
        }
        prefixBytes = 0;
        records++;
        return begun.take();
    }

    @Override
    public ByteString end() {
        if (prefixBytes > 0) {
            throw new CommandFailure("the input ends inside record " + (records + 1)
                    + ": check that it has a 4-byte little-endian length in front of each");
        }
        return null;
    }
}
