package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.EntryReader.Found;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupRecordTest {
    private static final long GENERATION = 0x5eed5eed5eed5eedL;
    private static final int START = 64;
    private static final GroupRecord GROUP =
            new GroupRecord(3, 1L << 40, (1L << 40) - 1, 1_767_225_600_000_000_000L, 148);

    private final MemorySegment bytes = Arena.ofAuto().allocate(4096, 8);
    private final EntryWriter writer = new EntryWriter(bytes, GENERATION);
    private final EntryReader reader = new EntryReader(bytes, GENERATION, bytes.byteSize());

    @Test
    void a_group_record_reads_back_as_it_was_written() {
        writer.writeGroupRecord(START, GROUP);
        assertThat(reader.inspect(START, GROUP.firstId())).isEqualTo(Found.GROUP);
        assertThat(reader.group()).isEqualTo(GROUP);
        assertThat(reader.groupTimestampNanos()).isEqualTo(GROUP.timestampNanos());
        assertThat(reader.recordBytes()).isEqualTo(GroupRecord.BYTES).isEqualTo(48);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 31, 1L << 62})
    void every_first_id_reads_back(long firstId) {
        GroupRecord group = new GroupRecord(0, firstId, -1, Long.MAX_VALUE, 48);
        writer.writeGroupRecord(START, group);
        assertThat(reader.inspect(START, firstId)).isEqualTo(Found.GROUP);
        assertThat(reader.group()).isEqualTo(group);
    }

    @Test
    void fields_lie_where_the_specification_says() {
        writer.writeGroupRecord(START, GROUP);
        assertThat(bytes.get(Layouts.U32, START)).isEqualTo(0x80000028);
        assertThat(bytes.get(Layouts.U32, START + 8)).isEqualTo(1);
        assertThat(bytes.get(Layouts.U32, START + 12)).isEqualTo(3);
        assertThat(bytes.get(Layouts.U64, START + 16)).isEqualTo(1L << 40);
        assertThat(bytes.get(Layouts.U64, START + 24)).isEqualTo((1L << 40) - 1);
        assertThat(bytes.get(Layouts.U64, START + 32)).isEqualTo(1_767_225_600_000_000_000L);
        assertThat(bytes.get(Layouts.U64, START + 40)).isEqualTo(148);
        assertThat(bytes.get(Layouts.U64, START + 48)).isZero();
    }

    @Test
    void every_single_wrong_bit_is_noticed() {
        writer.writeGroupRecord(START, GROUP);
        BitFlips.each(bytes, START, START + GroupRecord.BYTES, bit -> {
            assertThat(reader.inspect(START, GROUP.firstId())).as("bit %d", bit - START * 8)
                    .isNotIn(Found.ENTRY, Found.GROUP);
            assertThat(reader.isGroupAt(START)).as("bit %d", bit - START * 8).isFalse();
        });
    }

    @Test
    void a_group_that_expects_another_id_is_invalid_but_known_as_a_group() {
        writer.writeGroupRecord(START, GROUP);
        assertThat(reader.inspect(START, GROUP.firstId() + 1)).isEqualTo(Found.INVALID);
        assertThat(reader.isGroupAt(START)).isTrue();
        assertThat(reader.group()).isEqualTo(GROUP);
    }

    @Test
    void a_group_of_another_generation_is_none() {
        writer.writeGroupRecord(START, GROUP);
        EntryReader other = new EntryReader(bytes, GENERATION + 1, bytes.byteSize());
        assertThat(other.inspect(START, GROUP.firstId())).isEqualTo(Found.INVALID);
        assertThat(other.isGroupAt(START)).isFalse();
    }

    /// A payload may hold what looks like a group record; only the control bit makes one.
    @Test
    void an_entry_whose_payload_is_a_group_record_is_an_entry() {
        writer.writeGroupRecord(START + 8, GROUP);
        writer.finishEntry(START, 5, GroupRecord.BYTES, false);
        assertThat(reader.inspect(START, 5)).isEqualTo(Found.ENTRY);
    }

    @Test
    void a_group_record_needs_all_its_bytes_before_the_limit() {
        writer.writeGroupRecord(START, GROUP);
        assertThat(new EntryReader(bytes, GENERATION, START + 48).isGroupAt(START)).isTrue();
        EntryReader limited = new EntryReader(bytes, GENERATION, START + 47);
        assertThat(limited.isGroupAt(START)).isFalse();
        assertThat(limited.inspect(START, GROUP.firstId())).isEqualTo(Found.INVALID);
    }
}
