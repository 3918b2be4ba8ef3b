package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentHeaderTest {
    private static final Path FILE = Path.of("fragment_00000000000000000042");
    private static final FragmentHeader HEADER = new FragmentHeader(FragmentHeader.hashOf("orders"),
            0x0123456789abcdefL, 42, 64L << 20, 4096, 7, 1_767_225_600_000_000_000L, 41,
            0xcafebabe);

    private final MemorySegment page = Arena.ofAuto().allocate(FragmentHeader.BYTES, 8);

    private FragmentHeader read() {
        return FragmentHeader.readFrom(page, FILE);
    }

    private static FragmentHeader startingAt(long firstId, int predecessorCrc) {
        return new FragmentHeader(-1, -1, firstId, 16384, 4096, Long.MAX_VALUE, Long.MAX_VALUE,
                firstId - 1, predecessorCrc);
    }

    @Test
    void a_header_reads_back_as_it_was_written() {
        HEADER.writeTo(page);
        assertThat(read()).isEqualTo(HEADER);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, (1L << 31) - 1, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE})
    void every_first_id_reads_back(long firstId) {
        startingAt(firstId, 0).writeTo(page);
        assertThat(read()).isEqualTo(startingAt(firstId, 0));
    }

    @Test
    void checksums_with_the_top_bit_set_read_back() {
        startingAt(1, 0x80000001).writeTo(page);
        assertThat(read().predecessorLastCrc()).isEqualTo(0x80000001);
    }

    @Test
    void fields_lie_where_the_specification_says() {
        HEADER.writeTo(page);
        byte[] magic = page.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE);
        assertThat(new String(magic, StandardCharsets.US_ASCII)).isEqualTo("DURAFRAG");
        assertThat(page.get(Layouts.U32, 8)).isEqualTo(1);
        assertThat(page.get(Layouts.U32, 12)).isEqualTo(4096);
        assertThat(page.get(Layouts.U64, 16)).isEqualTo(FragmentHeader.hashOf("orders"));
        assertThat(page.get(Layouts.U64, 24)).isEqualTo(0x0123456789abcdefL);
        assertThat(page.get(Layouts.U64, 32)).isEqualTo(42);
        assertThat(page.get(Layouts.U64, 40)).isEqualTo(64L << 20);
        assertThat(page.get(Layouts.U64, 48)).isEqualTo(7);
        assertThat(page.get(Layouts.U64, 56)).isEqualTo(1_767_225_600_000_000_000L);
        assertThat(page.get(Layouts.U64, 64)).isEqualTo(41);
        assertThat(page.get(Layouts.U32, 72)).isEqualTo(0xcafebabe);
        MemorySegment rest = page.asSlice(76, FragmentHeader.BYTES - 4 - 76);
        assertThat(rest.mismatch(Arena.ofAuto().allocate(rest.byteSize()))).isEqualTo(-1);
    }

    @Test
    void what_the_page_held_before_leaves_no_trace() {
        HEADER.writeTo(page);
        byte[] onZeros = page.toArray(ValueLayout.JAVA_BYTE);
        page.fill((byte) 0xff);
        HEADER.writeTo(page);
        assertThat(page.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(onZeros);
    }

    @Test
    void every_single_wrong_bit_is_noticed() {
        HEADER.writeTo(page);
        BitFlips.each(page, 0, FragmentHeader.BYTES, bit -> assertThatThrownBy(this::read)
                .as("bit %d", bit)
                .isInstanceOfAny(WalException.Corrupt.class, WalException.Incompatible.class));
        assertThat(read()).isEqualTo(HEADER);
    }

    /// The version decides where a checksum lies, so it is looked at first.
    @Test
    void a_newer_format_version_is_refused_with_both_numbers() {
        HEADER.writeTo(page);
        page.set(Layouts.U32, 8, 2);
        PageChecksum.seal(page);
        WalException.Incompatible refusal =
                catchThrowableOfType(WalException.Incompatible.class, this::read);
        assertThat(refusal.found()).isEqualTo(2);
        assertThat(refusal.supported()).isEqualTo(1);
        assertThat(refusal).hasMessageContaining("format version 2")
                .hasMessageContaining("up to version 1").hasMessageContaining(FILE.toString());
    }

    @Test
    void a_version_with_the_top_bit_set_is_newer_and_not_negative() {
        HEADER.writeTo(page);
        page.set(Layouts.U32, 8, 0x80000000);
        PageChecksum.seal(page);
        assertThatThrownBy(this::read).isInstanceOf(WalException.Incompatible.class);
    }

    /// It was version 1 when its checksum was made.
    @Test
    void a_version_that_was_hit_by_damage_is_not_taken_for_a_newer_one() {
        HEADER.writeTo(page);
        page.set(Layouts.U32, 8, 3);
        WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class, this::read);
        assertThat(damage.offset()).isEqualTo(8);
        assertThat(damage).hasMessageContaining("was 1 and is 3");
    }

    @Test
    void version_zero_is_damage() {
        HEADER.writeTo(page);
        page.set(Layouts.U32, 8, 0);
        PageChecksum.seal(page);
        WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class, this::read);
        assertThat(damage.offset()).isEqualTo(8);
        assertThat(damage).hasMessageContaining("format version is 0");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -4096, 0, 8192, 16384 + 8, (32L << 30) + 4096})
    void a_file_size_that_no_fragment_has_is_damage(long sizeBytes) {
        new FragmentHeader(1, 2, 3, sizeBytes, 4096, 1, 1, 2, 0).writeTo(page);
        WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class, this::read);
        assertThat(damage.offset()).isEqualTo(40);
        assertThat(damage).hasMessageContaining(String.valueOf(sizeBytes));
    }

    @Test
    void a_page_of_zeros_is_no_header() {
        assertThatThrownBy(this::read).isInstanceOf(WalException.Corrupt.class)
                .hasMessageContaining(FILE.toString());
    }

    @Test
    void a_footer_is_no_header() {
        new FragmentFooter(1, 1, 42, 42, 4200, 1, 1, 1, 1).writeTo(page);
        assertThatThrownBy(this::read).isInstanceOf(WalException.Corrupt.class);
    }

    /// Published test vectors of FNV-1a, 64 bit.
    @Test
    void the_log_id_hash_is_fnv_1a() {
        assertThat(FragmentHeader.hashOf("")).isEqualTo(0xcbf29ce484222325L);
        assertThat(FragmentHeader.hashOf("a")).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(FragmentHeader.hashOf("foobar")).isEqualTo(0x85944171f73967e8L);
    }
}
