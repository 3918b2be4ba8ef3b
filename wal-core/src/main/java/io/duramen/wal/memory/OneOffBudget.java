package io.duramen.wal.memory;

import io.duramen.wal.WalException;

/// What the one-off buffers of a pool take together, kept under its limit.
final class OneOffBudget {
    private final String pool;
    private final long bytesMax;
    private int buffers;
    private long bytes;

    OneOffBudget(BufferPoolSettings settings) {
        this.pool = settings.name();
        this.bytesMax = settings.unpooledBytesMax();
    }

    synchronized void reserve(long asked) {
        if (asked > bytesMax - bytes) {
            throw new WalException.Overloaded(
                    "a one-off buffer of " + asked + " bytes is more than buffer pool '"
                            + pool + "' may still allocate: " + bytes + " of " + bytesMax
                            + " bytes are in use");
        }
        buffers++;
        bytes += asked;
    }

    synchronized void giveBack(long returned) {
        buffers--;
        bytes -= returned;
    }

    synchronized int buffers() {
        return buffers;
    }

    synchronized long bytes() {
        return bytes;
    }
}
