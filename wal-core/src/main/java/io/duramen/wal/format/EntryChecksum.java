package io.duramen.wal.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// The checksum in front of every payload: CRC32C (Castagnoli, RFC 3720 appendix B.4) over
///
/// ```
///  0            8          16          20
///  +------------+-----------+-----------+----------~
///  | generation | entry id  | size word | payload
///  +------------+-----------+-----------+----------~
/// ```
///
/// so that an entry of a file's earlier life, of another file or of another place does not
/// validate. A sum of 0 is stored as 1: eight zero bytes are never an entry.
///
/// Holds working memory; an instance belongs to one thread at a time.
final class EntryChecksum {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int PREFIX_BYTES = 20;

    private final CRC32C crc = new CRC32C();
    private final byte[] prefix = new byte[PREFIX_BYTES];

    /// @param payload positioned on the payload; its position moves to its limit
    int of(long generation, long entryId, int sizeWord, ByteBuffer payload) {
        LONG.set(prefix, 0, generation);
        LONG.set(prefix, 8, entryId);
        INT.set(prefix, 16, sizeWord);
        crc.reset();
        crc.update(prefix, 0, PREFIX_BYTES);
        crc.update(payload);
        int sum = (int) crc.getValue();
        return sum == 0 ? 1 : sum;
    }
}
