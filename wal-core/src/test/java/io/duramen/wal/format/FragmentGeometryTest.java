package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentGeometryTest {
    private static final long GIB = 1L << 30;

    private static long endAfterOneEntry(long payloadBytes) {
        return FragmentGeometry.DATA_START + GroupRecord.BYTES
                + EntryHeader.entryBytes(payloadBytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {12 << 10, 16 << 10, 64 << 20, GIB, 32 * GIB})
    void areas_lie_where_the_specification_says(long sizeBytes) {
        FragmentGeometry geometry = new FragmentGeometry(sizeBytes);
        assertThat(geometry.footerStart()).isEqualTo(sizeBytes - 4096);
        assertThat(geometry.indexStart(0)).isEqualTo(sizeBytes - 4096);
        assertThat(geometry.indexStart(1)).isEqualTo(sizeBytes - 4100);
        assertThat(geometry.indexStart(4L << 20)).isEqualTo(sizeBytes - 4096 - (16L << 20));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -4096, 0, 4096, 8192, 12287, 12289, 16 * 1024 + 8,
        32 * GIB + 4096, Long.MAX_VALUE})
    void a_size_outside_the_rule_is_refused_and_the_message_says_the_rule(long sizeBytes) {
        assertThatThrownBy(() -> new FragmentGeometry(sizeBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(String.valueOf(sizeBytes)).hasMessageContaining("4096")
                .hasMessageContaining("12288").hasMessageContaining("34359738368");
    }

    @ParameterizedTest
    @ValueSource(longs = {12 << 10, 16 << 10, 20 << 10, 1 << 20, 64 << 20, GIB})
    void the_largest_payload_fits_with_its_closing_record_and_one_byte_more_does_not(long size) {
        FragmentGeometry geometry = new FragmentGeometry(size);
        long largest = geometry.largestPayloadBytes();
        assertThat(geometry.holds(endAfterOneEntry(largest), 1)).isTrue();
        assertThat(endAfterOneEntry(largest) + GroupRecord.BYTES)
                .isLessThanOrEqualTo(geometry.indexStart(1));
        assertThat(geometry.holds(endAfterOneEntry(largest + 1), 1)).isFalse();
    }

    @Test
    void the_smallest_fragment_takes_a_payload_of_3984_bytes() {
        assertThat(new FragmentGeometry(FragmentGeometry.FILE_BYTES_MIN).largestPayloadBytes())
                .isEqualTo(3984);
    }

    @ParameterizedTest
    @ValueSource(longs = {2 * GIB, 4 * GIB, 32 * GIB})
    void in_a_large_fragment_the_size_bits_are_the_limit(long sizeBytes) {
        FragmentGeometry geometry = new FragmentGeometry(sizeBytes);
        assertThat(geometry.largestPayloadBytes()).isEqualTo(EntryHeader.PAYLOAD_BYTES_MAX);
        assertThat(geometry.holds(endAfterOneEntry(EntryHeader.PAYLOAD_BYTES_MAX), 1)).isTrue();
    }

    @Test
    void data_and_index_may_meet_but_the_closing_record_keeps_its_room() {
        FragmentGeometry geometry = new FragmentGeometry(16 << 10);
        long indexStart = geometry.indexStart(10);
        assertThat(geometry.holds(indexStart - GroupRecord.BYTES, 10)).isTrue();
        assertThat(geometry.holds(indexStart - GroupRecord.BYTES + 1, 10)).isFalse();
        assertThat(geometry.holds(indexStart - GroupRecord.BYTES, 11)).isFalse();
    }

    /// An index word is an unsigned count of eight bytes.
    @Test
    void the_index_reaches_the_last_entry_of_the_largest_fragment() {
        long lastOffset = FragmentGeometry.FILE_BYTES_MAX - EntryHeader.ALIGNMENT;
        assertThat(lastOffset / EntryHeader.ALIGNMENT).isEqualTo(0xffff_ffffL);
    }
}
