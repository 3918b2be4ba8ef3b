package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class EntryIndexTest {
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final EntryIndex index = new EntryIndex();

    private void addAll(int count) {
        for (int i = 0; i < count; i++) {
            index.add(offset(i));
        }
    }

    private static long offset(long number) {
        return 4096 + number * 24;
    }

    @Test
    void entries_are_found_by_number_across_all_chunks() {
        addAll(5000);
        assertThat(index.count()).isEqualTo(5000);
        for (int i = 0; i < 5000; i++) {
            assertThat(index.offset(i)).isEqualTo(offset(i));
        }
    }

    @Test
    void the_highest_offset_of_the_largest_fragment_is_kept() {
        long last = (32L << 30) - 8;
        index.add(last);
        assertThat(index.offset(0)).isEqualTo(last);
    }

    @Test
    void what_is_cut_can_be_added_again() {
        addAll(3000);
        index.cutTo(1024);
        assertThat(index.count()).isEqualTo(1024);
        index.add(8);
        assertThat(index.offset(1023)).isEqualTo(offset(1023));
        assertThat(index.offset(1024)).isEqualTo(8);
        index.cutTo(0);
        assertThat(index.count()).isZero();
    }

    @Test
    void words_are_written_with_the_highest_number_first() {
        addAll(10);
        MemorySegment area = Arena.ofAuto().allocate(12, 4);
        index.writeTo(area, 4, 7);
        assertThat(area.get(U32, 0)).isEqualTo((int) (offset(6) / 8));
        assertThat(area.get(U32, 4)).isEqualTo((int) (offset(5) / 8));
        assertThat(area.get(U32, 8)).isEqualTo((int) (offset(4) / 8));
        assertThat(EntryIndex.readOffset(area, 8)).isEqualTo(offset(4));
    }

    @Test
    void a_word_with_the_top_bit_set_is_no_negative_offset() {
        MemorySegment area = Arena.ofAuto().allocate(4, 4);
        area.set(U32, 0, -1);
        assertThat(EntryIndex.readOffset(area, 0)).isEqualTo((32L << 30) - 8);
    }
}
