package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class EntryChecksumTest {
    private static final long GENERATION = 0x1122334455667788L;
    private static final long ID = 77;
    private static final int SIZE_WORD = 4;

    private static int plainCrc(int payload) {
        ByteBuffer covered = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(GENERATION).putLong(ID).putInt(SIZE_WORD).putInt(payload).flip();
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return (int) crc.getValue();
    }

    private static int stored(int payload) {
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(payload);
        return new EntryChecksum().of(GENERATION, ID, SIZE_WORD, bytes.flip());
    }

    /// The four payload bytes for which the CRC has this value. A CRC is linear: with the effect of
    /// each single bit known, elimination tells which of them together make the difference.
    private static int payloadWithCrc(int wanted) {
        int[] effects = new int[32];
        int[] sources = new int[32];
        for (int bit = 0; bit < 32; bit++) {
            effects[bit] = plainCrc(1 << bit) ^ plainCrc(0);
            sources[bit] = 1 << bit;
        }
        int difference = plainCrc(0) ^ wanted;
        int payload = 0;
        for (int column = 0; column < 32; column++) {
            int pivot = column;
            while ((effects[pivot] >>> column & 1) == 0) {
                pivot++;
            }
            swap(effects, pivot, column);
            swap(sources, pivot, column);
            for (int row = column + 1; row < 32; row++) {
                if ((effects[row] >>> column & 1) != 0) {
                    effects[row] ^= effects[column];
                    sources[row] ^= sources[column];
                }
            }
            if ((difference >>> column & 1) != 0) {
                difference ^= effects[column];
                payload ^= sources[column];
            }
        }
        return payload;
    }

    private static void swap(int[] values, int a, int b) {
        int kept = values[a];
        values[a] = values[b];
        values[b] = kept;
    }

    @Test
    void it_is_crc32c_over_generation_id_size_word_and_payload() {
        assertThat(stored(0x01020304)).isEqualTo(plainCrc(0x01020304));
    }

    @Test
    void a_sum_of_zero_is_stored_as_one() {
        int payload = payloadWithCrc(0);
        assertThat(plainCrc(payload)).isZero();
        assertThat(stored(payload)).isEqualTo(1);
    }

    @Test
    void a_sum_of_one_is_stored_as_it_is() {
        int payload = payloadWithCrc(1);
        assertThat(plainCrc(payload)).isEqualTo(1);
        assertThat(stored(payload)).isEqualTo(1);
    }
}
