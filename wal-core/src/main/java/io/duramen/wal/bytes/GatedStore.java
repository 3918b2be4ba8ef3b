package io.duramen.wal.bytes;

import java.nio.ByteBuffer;
import java.util.Objects;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.RandomDataInput;

/// A [WindowStore] whose every way to write asks first.
abstract class GatedStore extends WindowStore {
    /// Throws where these bytes must not be written.
    abstract void toWrite(long offset, long sizeBytes);

    @Override
    public long addressForWrite(long offset) {
        toWrite(offset, 0);
        return address + offset;
    }

    @Override
    public void move(long from, long to, long length) {
        toWrite(from, length);
        toWrite(to, length);
        memory.copyMemory(address + from, address + to, length);
    }

    @Override
    public GatedStore zeroOut(long start, long end) {
        long from = Math.max(0, start);
        long to = Math.min(capacity(), end);
        toWrite(from, Math.max(0, to - from));
        if (from < to) {
            memory.setMemory(address + from, to - from, (byte) 0);
        }
        return this;
    }

    @Override
    public boolean compareAndSwapInt(long offset, int expected, int value) {
        toWrite(offset, Integer.BYTES);
        return super.compareAndSwapInt(offset, expected, value);
    }

    @Override
    public void testAndSetInt(long offset, int expected, int value) {
        toWrite(offset, Integer.BYTES);
        super.testAndSetInt(offset, expected, value);
    }

    @Override
    public boolean compareAndSwapLong(long offset, long expected, long value) {
        toWrite(offset, Long.BYTES);
        return super.compareAndSwapLong(offset, expected, value);
    }

    @Override
    public GatedStore writeByte(long offset, byte value) {
        toWrite(offset, Byte.BYTES);
        super.writeByte(offset, value);
        return this;
    }

    @Override
    public GatedStore writeShort(long offset, short value) {
        toWrite(offset, Short.BYTES);
        super.writeShort(offset, value);
        return this;
    }

    @Override
    public GatedStore writeInt(long offset, int value) {
        toWrite(offset, Integer.BYTES);
        super.writeInt(offset, value);
        return this;
    }

    @Override
    public GatedStore writeOrderedInt(long offset, int value) {
        toWrite(offset, Integer.BYTES);
        super.writeOrderedInt(offset, value);
        return this;
    }

    @Override
    public GatedStore writeLong(long offset, long value) {
        toWrite(offset, Long.BYTES);
        super.writeLong(offset, value);
        return this;
    }

    @Override
    public GatedStore writeOrderedLong(long offset, long value) {
        toWrite(offset, Long.BYTES);
        super.writeOrderedLong(offset, value);
        return this;
    }

    @Override
    public GatedStore writeFloat(long offset, float value) {
        toWrite(offset, Float.BYTES);
        super.writeFloat(offset, value);
        return this;
    }

    @Override
    public GatedStore writeDouble(long offset, double value) {
        toWrite(offset, Double.BYTES);
        super.writeDouble(offset, value);
        return this;
    }

    @Override
    public GatedStore writeVolatileByte(long offset, byte value) {
        toWrite(offset, Byte.BYTES);
        super.writeVolatileByte(offset, value);
        return this;
    }

    @Override
    public GatedStore writeVolatileShort(long offset, short value) {
        toWrite(offset, Short.BYTES);
        super.writeVolatileShort(offset, value);
        return this;
    }

    @Override
    public GatedStore writeVolatileInt(long offset, int value) {
        toWrite(offset, Integer.BYTES);
        super.writeVolatileInt(offset, value);
        return this;
    }

    @Override
    public GatedStore writeVolatileLong(long offset, long value) {
        toWrite(offset, Long.BYTES);
        super.writeVolatileLong(offset, value);
        return this;
    }

    @Override
    public GatedStore write(long into, byte[] from, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, from.length);
        toWrite(into, length);
        super.write(into, from, offset, length);
        return this;
    }

    /// Byte by byte: the parent asks a direct buffer for its address, which the JDK keeps to itself
    /// without a flag.
    @Override
    public void write(long into, ByteBuffer from, int offset, int length) {
        toWrite(into, length);
        for (int i = 0; i < length; i++) {
            super.writeByte(into + i, from.get(offset + i));
        }
    }

    @Override
    public GatedStore write(long into, RandomDataInput from, long offset, long length) {
        toWrite(into, length);
        super.write(into, from, offset, length);
        return this;
    }

    @Override
    public void nativeWrite(long from, long position, long size) {
        toWrite(position, size);
        super.nativeWrite(from, position, size);
    }

    @Override
    public long write8bit(long position, BytesStore<?, ?> text) {
        toWrite(position, withLengthPrefix(text.readRemaining()));
        return super.write8bit(position, text);
    }

    @Override
    public long write8bit(long position, String text, int start, int length) {
        toWrite(position, withLengthPrefix(length));
        return super.write8bit(position, text, start, length);
    }

    @Override
    public long appendUtf8(long position, char[] text, int offset, int length) {
        toWrite(position, length);
        return super.appendUtf8(position, text, offset, length);
    }

    @Override
    public long appendAndReturnLength(long position, boolean negative, long mantissa, int exponent,
            boolean zero) {
        toWrite(position, 0);
        return super.appendAndReturnLength(position, negative, mantissa, exponent, zero);
    }

    /// Seven bits of the length to a byte, and the text.
    private static long withLengthPrefix(long length) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(length | 1);
        return (bits + 6) / 7 + length;
    }
}
