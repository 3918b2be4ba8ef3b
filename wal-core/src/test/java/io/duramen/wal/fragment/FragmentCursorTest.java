package io.duramen.wal.fragment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.GroupRecord;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Groups are encoded, written and read back.
@ParameterizedClass
@EnumSource(Encoding.class)
class FragmentCursorTest {
    /// An entry as a reader sees it.
    private record Seen(long id, long timestampNanos, String payload, boolean batchContinues) {}

    @Parameter
    Encoding encoding;
    @TempDir
    Path directory;
    private FragmentWorkbench bench;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory, encoding);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<Seen> read(Fragment fragment, long fromId, long visibleId) {
        List<Seen> seen = new ArrayList<>();
        try (FragmentLease lease = fragment.lease()) {
            FragmentCursor cursor = lease.cursorBefore(fromId);
            while (cursor.advance(visibleId)) {
                byte[] payload = cursor.payload().toArray(ValueLayout.JAVA_BYTE);
                assertThat(cursor.payloadBytes()).isEqualTo(payload.length);
                assertThat(cursor.nextId()).isEqualTo(cursor.id() + 1);
                seen.add(new Seen(cursor.id(), cursor.timestampNanos(),
                        new String(payload, UTF_8), cursor.batchContinues()));
            }
        }
        return seen;
    }

    /// Groups of one, of several, a batch, a closing record, and a group behind it.
    private static FragmentOnDisk filled(FragmentWorkbench bench, long firstId) {
        FragmentOnDisk written = bench.fragment(firstId);
        written.group(firstId - 1, 100, bytes("one"));
        written.group(firstId, 200, bytes(""), bytes("two"), bytes("three-three"));
        written.batch(firstId + 3, 300, bytes("a"), bytes("b"), bytes("c"));
        written.group(firstId + 6, 400);
        written.group(firstId + 6, 500, bytes("behind the closing record"), bytes("last"));
        return written;
    }

    private static List<Seen> expected(long firstId) {
        return List.of(new Seen(firstId, 100, "one", false),
                new Seen(firstId + 1, 200, "", false), new Seen(firstId + 2, 200, "two", false),
                new Seen(firstId + 3, 200, "three-three", false),
                new Seen(firstId + 4, 300, "a", true), new Seen(firstId + 5, 300, "b", true),
                new Seen(firstId + 6, 300, "c", false),
                new Seen(firstId + 7, 500, "behind the closing record", false),
                new Seen(firstId + 8, 500, "last", false));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, 1L << 31, 1L << 62})
    void every_start_id_reads_the_rest_with_its_times_while_the_fragment_grows(long firstId) {
        FragmentOnDisk written = filled(bench, firstId);
        List<Seen> all = expected(firstId);
        for (int from = 0; from < all.size(); from++) {
            assertThat(read(written.fragment(), firstId + from, firstId + 8))
                    .isEqualTo(all.subList(from, all.size()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1L << 62})
    void every_start_id_reads_the_rest_with_its_times_once_it_is_sealed(long firstId) {
        FragmentOnDisk written = filled(bench, firstId);
        Fragment sealed = Fragment.sealed(bench.disk(), written.path(), written.header(),
                written.seal());
        List<Seen> all = expected(firstId);
        for (int from = 0; from < all.size(); from++) {
            assertThat(read(sealed, firstId + from, Long.MAX_VALUE))
                    .isEqualTo(all.subList(from, all.size()));
        }
    }

    /// Entry 3 is the last of its group, 4 the first of the one behind.
    @Test
    void lost_entries_are_an_error_of_their_own_and_what_follows_is_read_with_its_times() {
        FragmentOnDisk written = filled(bench, 0);
        written.markLost(3, 24);
        written.markLost(1, 8);
        written.markLost(2, 16);
        assertThat(read(written.fragment(), 0, 0)).isEqualTo(expected(0).subList(0, 1));
        for (int from = 4; from < 9; from++) {
            assertThat(read(written.fragment(), from, 8))
                    .isEqualTo(expected(0).subList(from, 9));
        }
        assertThat(lost(written, 0, 8)).isEqualTo(List.of(1L, 3L, written.offsetOf(1)));
        assertThat(lost(written, 1, 8)).isEqualTo(List.of(1L, 3L, written.offsetOf(1)));
        assertThat(lost(written, 3, 8)).isEqualTo(List.of(3L, 3L, written.offsetOf(3)));
        assertThat(lost(written, 1, 2)).isEqualTo(List.of(1L, 2L, written.offsetOf(1)));
    }

    /// First and last id and offset of the error.
    private static List<Long> lost(FragmentOnDisk written, long fromId, long visibleId) {
        WalException.LostEntries lost = catchThrowableOfType(WalException.LostEntries.class,
                () -> read(written.fragment(), fromId, visibleId));
        assertThat(lost.file()).isEqualTo(written.path());
        assertThat(lost).hasMessageContaining("read on from entry " + (lost.lastId() + 1));
        return List.of(lost.firstId(), lost.lastId(), lost.offset());
    }

    @Test
    void nothing_beyond_the_visible_id_is_read() {
        FragmentOnDisk written = filled(bench, 0);
        assertThat(read(written.fragment(), 0, -1)).isEmpty();
        assertThat(read(written.fragment(), 0, 3)).isEqualTo(expected(0).subList(0, 4));
        assertThat(read(written.fragment(), 5, 4)).isEmpty();
    }

    @Test
    void a_cursor_reads_on_as_the_fragment_grows_and_is_sealed() {
        FragmentOnDisk written = bench.fragment(0);
        written.group(-1, 1, bytes("first"));
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(0);
            assertThat(cursor.advance(0)).isTrue();
            assertThat(cursor.advance(0)).isFalse();
            written.group(0, 2, bytes("second"));
            assertThat(cursor.isAtEnd()).isFalse();
            assertThat(cursor.advance(1)).isTrue();
            assertThat(cursor.timestampNanos()).isEqualTo(2);
            written.group(1, 3, bytes("third"));
            written.seal();
            assertThat(cursor.isAtEnd()).isFalse();
            assertThat(cursor.advance(Long.MAX_VALUE)).isTrue();
            assertThat(cursor.id()).isEqualTo(2);
            assertThat(cursor.isAtEnd()).isTrue();
            assertThat(cursor.advance(Long.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void a_fragment_that_is_complete_ends_before_its_successor() {
        FragmentOnDisk written = filled(bench, 0);
        written.fragment().completed(8);
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(8);
            assertThat(cursor.advance(Long.MAX_VALUE)).isTrue();
            assertThat(cursor.isAtEnd()).isTrue();
            assertThat(cursor.advance(Long.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void payloads_of_every_size_read_back() {
        FragmentOnDisk written = bench.fragment(FragmentWorkbench.header(0, 64 << 10));
        long seed = System.nanoTime();
        System.out.println("payloads_of_every_size_read_back: seed " + seed);
        Random random = new Random(seed);
        List<byte[]> payloads = new ArrayList<>();
        while (written.writer().holds(EntryHeader.entryBytes(4097), 1)) {
            byte[] payload = new byte[random.nextInt(20) == 0 ? 4087 + random.nextInt(11)
                    : random.nextInt(65)];
            random.nextBytes(payload);
            payloads.add(payload);
            written.group(-1, payloads.size(), payload);
        }
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(0);
            for (int i = 0; i < payloads.size(); i++) {
                assertThat(cursor.advance(Long.MAX_VALUE)).isTrue();
                assertThat(cursor.payload().toArray(ValueLayout.JAVA_BYTE)).as("seed %d", seed)
                        .isEqualTo(payloads.get(i));
                assertThat(cursor.timestampNanos()).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void time_never_goes_back_even_where_the_clock_does() {
        FragmentOnDisk written = bench.fragment(0);
        written.group(-1, 500, bytes("late"));
        written.group(0, 400, bytes("early"));
        assertThat(read(written.fragment(), 0, 1)).extracting(Seen::timestampNanos)
                .containsExactly(500L, 500L);
        assertThat(written.seal().lastTimestampNanos()).isEqualTo(500);
    }

    @Test
    void a_wrong_bit_of_a_payload_is_named_with_file_offset_and_id() {
        FragmentOnDisk written = filled(bench, 40);
        long offset = written.offsetOf(43);
        written.flipBit(offset + EntryHeader.BYTES + 2, 5);
        try (FragmentLease lease = written.fragment().lease()) {
            FragmentCursor cursor = lease.cursorBefore(40);
            assertThat(cursor.advance(48)).isTrue();
            assertThat(cursor.advance(48)).isTrue();
            assertThat(cursor.advance(48)).isTrue();
            WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class,
                    () -> cursor.advance(48));
            assertThat(damage.file()).isEqualTo(written.path());
            assertThat(damage.offset()).isEqualTo(offset);
            assertThat(damage.entryId()).isEqualTo(43);
            assertThat(damage).hasMessageContaining(written.path().toString())
                    .hasMessageContaining("offset " + offset).hasMessageContaining("entry 43");
            assertThat(cursor.nextId()).isEqualTo(43);
        }
    }

    @Test
    void entries_behind_a_damaged_one_can_still_be_read() {
        FragmentOnDisk written = filled(bench, 40);
        written.flipBit(written.offsetOf(43) + EntryHeader.BYTES, 0);
        assertThat(read(written.fragment(), 44, 48)).isEqualTo(expected(40).subList(4, 9));
    }

    @Test
    void a_damaged_group_record_is_named_where_reading_starts_in_its_group() {
        FragmentOnDisk written = filled(bench, 40);
        long record = written.offsetOf(41) - GroupRecord.BYTES;
        written.flipBit(record + 30, 1);
        for (long from : new long[] {41, 43}) {
            WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class,
                    () -> read(written.fragment(), from, 48));
            assertThat(damage.offset()).isEqualTo(record);
            assertThat(damage.entryId()).isEqualTo(from);
        }
    }

    @Test
    void an_index_word_that_points_elsewhere_is_noticed() {
        FragmentOnDisk written = filled(bench, 40);
        written.seal();
        long word = written.geometry().indexStart(5);
        for (int bit = 0; bit < 32; bit++) {
            written.flipBit(word + bit / 8, bit % 8);
            assertThat(catchThrowableOfType(WalException.Corrupt.class,
                    () -> read(written.fragment(), 44, 48))).as("bit %d", bit).isNotNull();
            written.flipBit(word + bit / 8, bit % 8);
        }
        assertThat(read(written.fragment(), 44, 48)).hasSize(5);
    }

    @Test
    void an_entry_that_ought_to_be_there_and_is_not_is_damage() {
        FragmentOnDisk written = filled(bench, 0);
        WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class,
                () -> read(written.fragment(), 0, 9));
        assertThat(damage.entryId()).isEqualTo(9);
        assertThat(damage.offset()).isEqualTo(written.writer().endOfData());
    }
}
