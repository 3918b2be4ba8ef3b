package io.duramen.wal.format;

import static io.duramen.wal.format.Layouts.U64;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// The 8 bytes in front of every payload, as one word.
///
/// ```
///  0                                  4             8
///  +-----------+-----------+----------+-------------+---------------------------~
///  | bits 0-29: payload size          | crc32c      | payload, zeros to 8 bytes
///  | bit 30: batch continues          |             |
///  | bit 31: control record           |             |
///  | both:   lost entry               |             |
///  +-----------+-----------+----------+-------------+---------------------------~
/// ```
///
/// An entry starts at a multiple of 8, so its header never straddles a sector and is published by
/// one store. A header of eight zero bytes is never valid: it is how unused space reads.
public final class EntryHeader {
    public static final int BYTES = 8;
    public static final int ALIGNMENT = 8;
    /// The largest payload the size bits can say: 2^30 - 1 bytes.
    public static final int PAYLOAD_BYTES_MAX = (1 << 30) - 1;

    private static final int CONTROL = 1 << 31;
    private static final int CONTINUES = 1 << 30;
    private static final int LOST = CONTROL | CONTINUES;
    private static final VarHandle WORD = U64.varHandle();

    private EntryHeader() {
    }

    static int sizeWord(int payloadBytes, boolean batchContinues) {
        return payloadBytes | (batchContinues ? CONTINUES : 0);
    }

    static int controlSizeWord(int payloadBytes) {
        return payloadBytes | CONTROL;
    }

    static int lostSizeWord(int payloadBytes) {
        return payloadBytes | LOST;
    }

    static long pack(int sizeWord, int crc) {
        return Integer.toUnsignedLong(sizeWord) | ((long) crc << 32);
    }

    static int sizeWord(long header) {
        return (int) header;
    }

    static int crc(long header) {
        return (int) (header >>> 32);
    }

    static boolean isControl(long header) {
        return (sizeWord(header) & CONTROL) != 0;
    }

    /// True for a control record that marks a lost entry.
    static boolean isLost(long header) {
        return (sizeWord(header) & LOST) == LOST;
    }

    static boolean batchContinues(long header) {
        return (sizeWord(header) & LOST) == CONTINUES;
    }

    static int payloadBytes(long header) {
        return sizeWord(header) & PAYLOAD_BYTES_MAX;
    }

    /// Bytes an entry takes in the file: header, payload and padding.
    public static long entryBytes(long payloadBytes) {
        return BYTES + ((payloadBytes + ALIGNMENT - 1) & -ALIGNMENT);
    }

    static long read(MemorySegment bytes, long offset) {
        return (long) WORD.getAcquire(bytes, offset);
    }

    /// Publishes an entry whose payload and padding are in place.
    static void publish(MemorySegment bytes, long offset, long header) {
        WORD.setRelease(bytes, offset, header);
    }
}
