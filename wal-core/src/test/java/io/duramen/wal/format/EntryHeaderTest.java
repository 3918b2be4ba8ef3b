package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryHeaderTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, EntryHeader.PAYLOAD_BYTES_MAX - 1,
        EntryHeader.PAYLOAD_BYTES_MAX})
    void size_flags_and_checksum_do_not_touch_each_other(int payloadBytes) {
        for (int crc : new int[] {1, 0x7fffffff, 0x80000000, -1}) {
            long plain = EntryHeader.pack(EntryHeader.sizeWord(payloadBytes, false), crc);
            long batch = EntryHeader.pack(EntryHeader.sizeWord(payloadBytes, true), crc);
            long control = EntryHeader.pack(EntryHeader.controlSizeWord(payloadBytes), crc);
            for (long header : new long[] {plain, batch, control}) {
                assertThat(EntryHeader.payloadBytes(header)).isEqualTo(payloadBytes);
                assertThat(EntryHeader.crc(header)).isEqualTo(crc);
                assertThat(header).isNotZero();
            }
            assertThat(EntryHeader.batchContinues(plain)).isFalse();
            assertThat(EntryHeader.batchContinues(batch)).isTrue();
            assertThat(EntryHeader.batchContinues(control)).isFalse();
            assertThat(EntryHeader.isControl(plain)).isFalse();
            assertThat(EntryHeader.isControl(batch)).isFalse();
            assertThat(EntryHeader.isControl(control)).isTrue();
        }
    }

    @Test
    void the_largest_payload_is_two_to_the_thirty_less_one() {
        assertThat(EntryHeader.PAYLOAD_BYTES_MAX).isEqualTo(1_073_741_823);
        assertThat(EntryHeader.entryBytes(EntryHeader.PAYLOAD_BYTES_MAX))
                .isEqualTo(1_073_741_824L + 8);
    }

    @Test
    void the_arithmetic_does_not_overflow_beyond_what_is_legal() {
        assertThat(EntryHeader.entryBytes(Integer.MAX_VALUE)).isEqualTo((1L << 31) + 8);
    }

    @Test
    void an_entry_takes_whole_units_of_eight_bytes() {
        assertThat(EntryHeader.entryBytes(0)).isEqualTo(8);
        assertThat(EntryHeader.entryBytes(1)).isEqualTo(16);
        assertThat(EntryHeader.entryBytes(7)).isEqualTo(16);
        assertThat(EntryHeader.entryBytes(8)).isEqualTo(16);
        assertThat(EntryHeader.entryBytes(9)).isEqualTo(24);
        assertThat(EntryHeader.entryBytes(4087)).isEqualTo(4096);
        assertThat(EntryHeader.entryBytes(4088)).isEqualTo(4096);
        assertThat(EntryHeader.entryBytes(4089)).isEqualTo(4104);
    }
}
