package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriterStatusTest {
    private static final long LOG = FragmentHeader.hashOf("orders");
    private static final ClosedEnd END = new ClosedEnd(0x0123456789abcdefL, 40_960);
    private static final int DURABLE_AT = 48;
    private static final int FLIPPED_AT = 56;

    private final MemorySegment page = Arena.ofAuto().allocate(WriterStatus.BYTES, 8);
    private final WriterStatus status = new WriterStatus(page);

    @BeforeEach
    void a_writer_begins_behind_entry_99() {
        status.begin(LOG, 4711, 3, 99, "buffered", "posix");
    }

    @Test
    void the_page_tells_who_writes_and_how_far() {
        assertThat(status.isOf(LOG)).isTrue();
        assertThat(status.pid()).isEqualTo(4711);
        assertThat(status.writerEpoch()).isEqualTo(3);
        assertThat(status.written()).isEqualTo(99);
        assertThat(status.durable()).isEqualTo(99);
        status.written(105);
        status.durable(104);
        assertThat(status.written()).isEqualTo(105);
        assertThat(status.durable()).isEqualTo(104);
        assertThat(status.durableWitness(LOG)).isEqualTo(104);
    }

    @Test
    void the_page_tells_how_its_last_writer_writes() {
        assertThat(status.ioMode()).isEqualTo("buffered");
        assertThat(status.ioDriver()).isEqualTo("posix");
        status.begin(LOG, 4712, 4, 99, "a-name-of-16-chr", "");
        assertThat(status.ioMode()).isEqualTo("a-name-of-16-chr");
        assertThat(status.ioDriver()).isEmpty();
    }

    @Test
    void fields_lie_where_the_specification_says() {
        status.written(101);
        status.durable(100);
        assertThat(page.getString(0)).startsWith("DURALOCK");
        assertThat(page.get(Layouts.U32, 8)).isEqualTo(1);
        assertThat(page.get(Layouts.U32, 12)).isZero();
        assertThat(page.get(Layouts.U64, 16)).isEqualTo(LOG);
        assertThat(page.get(Layouts.U64, 24)).isEqualTo(4711);
        assertThat(page.get(Layouts.U64, 32)).isEqualTo(3);
        assertThat(page.get(Layouts.U64, 40)).isEqualTo(101);
        assertThat(page.get(Layouts.U64, DURABLE_AT)).isEqualTo(100);
        assertThat(page.get(Layouts.U64, FLIPPED_AT)).isEqualTo(~100L);
        assertThat(page.getString(128)).isEqualTo("buffered");
        assertThat(page.getString(144)).isEqualTo("posix");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 1L << 31, 1L << 62, Long.MAX_VALUE})
    void the_durable_id_is_its_own_witness(long id) {
        status.durable(id);
        assertThat(status.durableWitness(LOG)).isEqualTo(id);
    }

    @Test
    void a_torn_flipped_word_is_no_witness() {
        page.set(Layouts.U64, FLIPPED_AT, ~100L);
        assertThat(status.durable()).isEqualTo(99);
        assertThat(status.durableWitness(LOG)).isEqualTo(-1);
    }

    @Test
    void a_torn_durable_word_is_no_witness() {
        page.set(Layouts.U64, DURABLE_AT, 100);
        assertThat(status.durableWitness(LOG)).isEqualTo(-1);
    }

    /// Process id, epoch and written id are no part of the testimony.
    @Test
    void a_wrong_bit_gives_no_witness_or_the_right_one() {
        BitFlips.each(page, 0, WriterStatus.BYTES, bit -> {
            boolean testifies = bit < 12 * 8 || bit >= 16 * 8 && bit < 24 * 8
                    || bit >= DURABLE_AT * 8 && bit < (FLIPPED_AT + 8) * 8;
            assertThat(status.durableWitness(LOG)).as("bit %d", bit)
                    .isEqualTo(testifies ? -1 : 99);
        });
    }

    @Test
    void the_page_of_another_log_is_no_witness() {
        long other = FragmentHeader.hashOf("invoices");
        assertThat(status.isOf(other)).isFalse();
        assertThat(status.durableWitness(other)).isEqualTo(-1);
    }

    @Test
    void the_page_of_another_version_is_no_witness() {
        page.set(Layouts.U32, 8, 2);
        assertThat(status.durableWitness(LOG)).isEqualTo(-1);
    }

    @Test
    void a_page_that_nobody_filled_tells_nothing() {
        page.fill((byte) 0);
        assertThat(status.isOf(0)).isFalse();
        assertThat(status.pid()).isZero();
        assertThat(status.durableWitness(0)).isEqualTo(-1);
    }

    @Test
    void the_page_tells_where_a_closed_log_ends() {
        assertThat(status.closedEnd(LOG)).isEmpty();
        status.closed(3, END);
        assertThat(status.closedEnd(LOG)).contains(END);
        assertThat(page.get(Layouts.U64, 72)).isEqualTo(3);
        assertThat(page.get(Layouts.U64, 80)).isEqualTo(END.generation());
        assertThat(page.get(Layouts.U64, 88)).isEqualTo(END.endOfData());
        assertThat(page.get(Layouts.U64, 96))
                .isEqualTo(~(3 ^ END.generation() ^ END.endOfData()));
        assertThat(status.closedEnd(FragmentHeader.hashOf("invoices"))).isEmpty();
        status.begin(LOG, 4712, 3, 99, "buffered", "posix");
        assertThat(status.closedEnd(LOG)).isEmpty();
    }

    @Test
    void a_close_by_a_writer_that_was_fenced_does_not_count() {
        status.begin(LOG, 4712, 4, 99, "buffered", "posix");
        status.closed(3, END);
        assertThat(status.closedEnd(LOG)).isEmpty();
    }

    @Test
    void a_wrong_bit_gives_no_end_or_the_right_one() {
        status.closed(3, END);
        BitFlips.each(page, 0, WriterStatus.BYTES, bit -> assertThat(status.closedEnd(LOG))
                .as("bit %d", bit).isIn(Optional.empty(), Optional.of(END)));
        BitFlips.each(page, 72, 104, bit -> assertThat(status.closedEnd(LOG))
                .as("bit %d", bit).isEmpty());
    }

    @Test
    void a_new_writer_takes_the_page_over() {
        status.begin(LOG, 4712, 4, 50, "direct", "io_uring");
        assertThat(status.pid()).isEqualTo(4712);
        assertThat(status.writerEpoch()).isEqualTo(4);
        assertThat(status.written()).isEqualTo(50);
        assertThat(status.durableWitness(LOG)).isEqualTo(50);
    }
}
