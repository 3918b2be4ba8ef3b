package io.duramen.wal.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.BufferUnderflowException;
import java.util.Objects;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.bytes.VanillaBytes;

/// A Chronicle store over a stretch of memory that somebody else owns, with the checks its parent
/// leaves out: the parent makes an address of any offset. The reads are here, the writes in
/// [GatedStore].
abstract class WindowStore extends PointerBytesStore {
    /// An address the parent accepts and nobody uses: a detached store lets no access through.
    private static final long NOWHERE = 1L << 20;

    private boolean attached;

    final void attach(MemorySegment memory, long offset, long sizeBytes) {
        if (!memory.isNative()) {
            throw new IllegalArgumentException("a payload is viewed in off-heap memory only");
        }
        Objects.checkFromIndexSize(offset, sizeBytes, memory.byteSize());
        set(memory.address() + offset, sizeBytes);
        attached = true;
    }

    final void detach() {
        attached = false;
        set(NOWHERE, 0);
    }

    final void requireAttached() {
        if (!attached) {
            throw new IllegalStateException("the memory of this payload was given back");
        }
    }

    final boolean holds(long offset, long sizeBytes) {
        requireAttached();
        return offset >= 0 && sizeBytes >= 0 && offset <= limit - sizeBytes;
    }

    private long toRead(long offset, long sizeBytes) {
        if (!holds(offset, sizeBytes)) {
            throw new BufferUnderflowException();
        }
        return address + offset;
    }

    /// What the parent turns into an address by itself, in its quick ways to read text.
    @Override
    public final long translate(long offset) {
        toRead(offset, 0);
        return offset;
    }

    @Override
    public VanillaBytes<Void> bytesForWrite() {
        requireAttached();
        VanillaBytes<Void> bytes = newBytes();
        bytes.writeLimit(capacity());
        bytes.singleThreadedCheckDisabled(true);
        return bytes;
    }

    VanillaBytes<Void> newBytes() {
        return super.bytesForWrite();
    }

    @Override
    public byte readByte(long offset) {
        return memory.readByte(toRead(offset, Byte.BYTES));
    }

    @Override
    public short readShort(long offset) {
        return memory.readShort(toRead(offset, Short.BYTES));
    }

    @Override
    public int readInt(long offset) {
        return memory.readInt(toRead(offset, Integer.BYTES));
    }

    @Override
    public long readLong(long offset) {
        return memory.readLong(toRead(offset, Long.BYTES));
    }

    @Override
    public float readFloat(long offset) {
        return memory.readFloat(toRead(offset, Float.BYTES));
    }

    @Override
    public double readDouble(long offset) {
        return memory.readDouble(toRead(offset, Double.BYTES));
    }

    @Override
    public byte readVolatileByte(long offset) {
        return memory.readVolatileByte(toRead(offset, Byte.BYTES));
    }

    @Override
    public short readVolatileShort(long offset) {
        return memory.readVolatileShort(toRead(offset, Short.BYTES));
    }

    @Override
    public int readVolatileInt(long offset) {
        return memory.readVolatileInt(toRead(offset, Integer.BYTES));
    }

    @Override
    public long readVolatileLong(long offset) {
        return memory.readVolatileLong(toRead(offset, Long.BYTES));
    }

    @Override
    public int peekUnsignedByte(long offset) {
        return holds(offset, Byte.BYTES) ? readUnsignedByte(offset) : -1;
    }

    @Override
    public long read(long from, byte[] into, int offset, int length) {
        toRead(from, 0);
        int count = (int) Math.min(length, limit - from);
        Objects.checkFromIndexSize(offset, count, into.length);
        memory.readBytes(address + from, into, offset, count);
        return count;
    }

    @Override
    public void read8bit(long position, char[] into, int length) {
        toRead(position, length);
        super.read8bit(position, into, length);
    }

    @Override
    public void nativeRead(long position, long into, long size) {
        memory.copyMemory(toRead(position, size), into, size);
    }

    @Override
    public long addressForRead(long offset) {
        return toRead(offset, 0);
    }

    @Override
    public int byteCheckSum(long position, long end) {
        toRead(position, end - position);
        return super.byteCheckSum(position, end);
    }

    @Override
    public boolean isEqual(long start, long length, String text) {
        return holds(start, length) && super.isEqual(start, length, text);
    }
}
