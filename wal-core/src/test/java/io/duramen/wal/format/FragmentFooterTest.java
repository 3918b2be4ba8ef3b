package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentFooterTest {
    private static final long GENERATION = 0xfedcba9876543210L;
    private static final FragmentFooter FOOTER = new FragmentFooter(GENERATION, 3, 42, 44, 4320,
            0xdeadbeef, 0x80000001, 1_767_225_600_000_000_000L, 1_767_225_600_000_000_001L);

    private final MemorySegment page = Arena.ofAuto().allocate(FragmentFooter.BYTES, 8);

    private static FragmentHeader header(long generation, long firstId) {
        return new FragmentHeader(1, generation, firstId, 16384, 4096, 1, 1, firstId - 1, 0);
    }

    @Test
    void a_footer_reads_back_as_it_was_written() {
        FOOTER.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(GENERATION, 42))).contains(FOOTER);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 31, 1L << 62})
    void every_first_id_reads_back(long firstId) {
        FragmentFooter footer = new FragmentFooter(1, 5, firstId, firstId + 4, 5000, 0, 1, 1, 1);
        footer.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(1, firstId))).contains(footer);
    }

    @Test
    void the_footer_of_a_fragment_without_entries_reads_back() {
        FragmentFooter footer = new FragmentFooter(1, 0, 0, -1, 4096, 0, 0, 0, 0);
        footer.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(1, 0))).contains(footer);
    }

    @Test
    void fields_lie_where_the_specification_says() {
        FOOTER.writeTo(page);
        assertThat(page.getString(0)).startsWith("DURAFOOT");
        assertThat(page.get(Layouts.U32, 8)).isEqualTo(1);
        assertThat(page.get(Layouts.U32, 12)).isZero();
        assertThat(page.get(Layouts.U64, 16)).isEqualTo(GENERATION);
        assertThat(page.get(Layouts.U64, 24)).isEqualTo(3);
        assertThat(page.get(Layouts.U64, 32)).isEqualTo(42);
        assertThat(page.get(Layouts.U64, 40)).isEqualTo(44);
        assertThat(page.get(Layouts.U64, 48)).isEqualTo(4320);
        assertThat(page.get(Layouts.U32, 56)).isEqualTo(0xdeadbeef);
        assertThat(page.get(Layouts.U32, 60)).isEqualTo(0x80000001);
        assertThat(page.get(Layouts.U64, 64)).isEqualTo(1_767_225_600_000_000_000L);
        assertThat(page.get(Layouts.U64, 72)).isEqualTo(1_767_225_600_000_000_001L);
        MemorySegment rest = page.asSlice(80, FragmentFooter.BYTES - 4 - 80);
        assertThat(rest.mismatch(Arena.ofAuto().allocate(rest.byteSize()))).isEqualTo(-1);
    }

    @Test
    void every_single_wrong_bit_makes_it_no_footer() {
        FOOTER.writeTo(page);
        FragmentHeader header = header(GENERATION, 42);
        BitFlips.each(page, 0, FragmentFooter.BYTES,
                bit -> assertThat(FragmentFooter.readFrom(page, header)).as("bit %d", bit)
                        .isEmpty());
        assertThat(FragmentFooter.readFrom(page, header)).isPresent();
    }

    @Test
    void the_footer_of_another_life_of_the_file_does_not_count() {
        FOOTER.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(GENERATION + 1, 42))).isEmpty();
    }

    @Test
    void the_footer_of_another_place_in_the_log_does_not_count() {
        FOOTER.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(GENERATION, 43))).isEmpty();
    }

    @Test
    void a_count_that_contradicts_the_ids_does_not_count() {
        new FragmentFooter(GENERATION, 4, 42, 44, 4320, 0, 1, 1, 1).writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header(GENERATION, 42))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 0x80000000})
    void a_footer_of_another_version_than_its_header_does_not_count(int version) {
        FOOTER.writeTo(page);
        page.set(Layouts.U32, 8, version);
        PageChecksum.seal(page);
        assertThat(FragmentFooter.readFrom(page, header(GENERATION, 42))).isEmpty();
    }

    @Test
    void zeros_and_headers_are_no_footers() {
        FragmentHeader header = header(GENERATION, 42);
        assertThat(FragmentFooter.readFrom(page, header)).isEmpty();
        header.writeTo(page);
        assertThat(FragmentFooter.readFrom(page, header)).isEmpty();
    }
}
