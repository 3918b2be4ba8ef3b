package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files of a log that are missing, strange, or not where they belong.
class BrokenDirectoryTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final int FRAGMENT_BYTES = 12 << 10;
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(FRAGMENT_BYTES).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private LogEnvironment environment;
    private RawLog raw;

    /// Ten entries in the fragments 0, 4 and 8, the last one not sealed.
    @BeforeEach
    void write() {
        environment = LogEnvironment.open(1, 4);
        raw = write(base.resolve("first"), ORDERS);
    }

    private RawLog write(Path at, LogId id) {
        try (DiskLog log = DiskLog.open(at, id, FOUR_EACH, environment)) {
            IntStream.range(0, 10).forEach(i -> log.append(bytes("entry " + i)));
        }
        return new RawLog(at, id);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open() {
        return DiskLog.open(raw.base(), ORDERS, FOUR_EACH, environment);
    }

    private <E extends WalException> E refusal(Class<E> type) {
        var before = raw.fingerprint();
        Throwable thrown = catchThrowable(this::open);
        assertThat(thrown).isInstanceOf(type);
        assertThat(raw.fingerprint()).isEqualTo(before);
        return type.cast(thrown);
    }

    private void assertMissing(long from, long to) {
        WalException.MissingFragment missing = refusal(WalException.MissingFragment.class);
        assertThat(missing.firstMissingId()).isEqualTo(from);
        assertThat(missing.nextId()).isEqualTo(to + 1);
        assertThat(missing).hasMessageContaining("misses entries " + from + " to " + to);
    }

    @Test
    void a_missing_fragment_in_the_middle_is_named() throws IOException {
        Files.delete(raw.fragment(4));
        assertMissing(4, 7);
    }

    @Test
    void a_missing_fragment_behind_an_unsealed_one_is_damage_of_that_one() throws IOException {
        raw.unseal(0);
        Files.delete(raw.fragment(4));
        assertThat(refusal(WalException.Corrupt.class).entryId()).isEqualTo(4);
    }

    @Test
    void a_missing_last_fragment_is_told_by_the_status() throws IOException {
        Files.delete(raw.fragment(8));
        assertMissing(8, 9);
    }

    @Test
    void all_fragments_missing_is_told_by_the_status() throws IOException {
        for (Path fragment : raw.fragments()) {
            Files.delete(fragment);
        }
        assertMissing(0, 9);
    }

    @Test
    void a_missing_lock_file_is_made_anew() throws IOException {
        Files.delete(raw.lock());
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).hasSize(10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 47, 63, 4095})
    void a_lock_file_that_was_cut_short_is_mended(int sizeBytes) {
        RawLog.cutFile(raw.lock(), sizeBytes);
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).hasSize(10);
            assertThat(log.append(bytes("next"))).isEqualTo(10);
        }
        assertThat(RawLog.read(raw.lock())).hasSize(4096);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4, 8})
    void a_fragment_of_another_log_is_refused(long firstId) throws IOException {
        RawLog other = write(base.resolve("other"), LogId.of("invoices"));
        Files.copy(other.fragment(firstId), raw.fragment(firstId), REPLACE_EXISTING);
        assertThat(refusal(WalException.Corrupt.class))
                .hasMessageContaining("belongs to another log")
                .extracting(WalException.Corrupt::file).isEqualTo(raw.fragment(firstId));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 4, 8})
    void a_fragment_of_an_older_life_of_the_log_is_refused(long firstId) throws IOException {
        RawLog older = write(base.resolve("older"), ORDERS);
        Files.copy(older.fragment(firstId), raw.fragment(firstId), REPLACE_EXISTING);
        assertThat(refusal(WalException.Corrupt.class))
                .hasMessageContaining("was not written behind");
    }

    @Test
    void a_fragment_under_another_ones_name_is_refused() throws IOException {
        Files.copy(raw.fragment(0), raw.fragment(4), REPLACE_EXISTING);
        assertThat(refusal(WalException.Corrupt.class)).hasMessageContaining("starts with entry 0")
                .extracting(WalException.Corrupt::file).isEqualTo(raw.fragment(4));
    }

    @Test
    void a_file_that_is_not_the_logs_is_left_alone_and_reported() throws IOException {
        Path note = Files.writeString(raw.directory().resolve("note.txt"), "mine");
        Path almost = Files.writeString(raw.directory().resolve("fragment_12"), "not one of ours");
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().foreignNames())
                    .containsExactly("fragment_12", "note.txt");
            assertThat(log.recoveryReport().summary()).contains("note.txt");
            assertThat(contentsOf(log)).hasSize(10);
        }
        assertThat(note).hasContent("mine");
        assertThat(almost).hasContent("not one of ours");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 4096, FRAGMENT_BYTES})
    void a_file_of_other_content_with_a_fragments_name_is_refused(int sizeBytes)
            throws IOException {
        byte[] content = new byte[sizeBytes];
        Arrays.fill(content, (byte) 'x');
        Files.write(raw.fragment(10), content);
        assertThat(refusal(WalException.Corrupt.class).file()).isEqualTo(raw.fragment(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 63, 64, 4095})
    void a_fragment_that_ends_inside_its_header_is_refused(int sizeBytes) {
        RawLog.cutFile(raw.fragment(8), sizeBytes);
        assertThat(refusal(WalException.Corrupt.class))
                .hasMessageContaining("ends inside its header")
                .extracting(WalException.Corrupt::offset).isEqualTo((long) sizeBytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 5000, FRAGMENT_BYTES - 4096, FRAGMENT_BYTES - 1})
    void a_fragment_that_was_cut_short_is_refused(int sizeBytes) {
        for (long firstId : new long[] {8, 0}) {
            RawLog.cutFile(raw.fragment(firstId), sizeBytes);
            assertThat(refusal(WalException.Corrupt.class))
                    .hasMessageContaining("its header says it has " + FRAGMENT_BYTES + " bytes");
        }
    }

    @Test
    void a_damaged_header_is_refused() {
        for (int offset : new int[] {16, 24, 32, 40, 64, 72, 4000, 4095}) {
            RawLog damaged = raw.copyTo(base.resolve("header-" + offset));
            damaged.damage(damaged.fragment(4), offset);
            assertThatThrownBy(() -> DiskLog.open(damaged.base(), ORDERS, FOUR_EACH, environment))
                    .isInstanceOf(WalException.Corrupt.class)
                    .hasMessageContaining("checksum of its header");
        }
    }

    @Test
    void a_newer_format_version_is_refused_with_both_numbers() {
        raw.makeNewer(8);
        WalException.Incompatible newer = refusal(WalException.Incompatible.class);
        assertThat(newer).hasMessageContaining("version 2").hasMessageContaining("up to version 1");
        assertThat(newer.found()).isEqualTo(2);
        assertThat(newer.supported()).isEqualTo(1);
    }

    @Test
    void a_fragment_that_was_rotated_and_not_sealed_is_sealed_now() {
        raw.unseal(4);
        FragmentHeader header = raw.header(4);
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().resealed()).isEqualTo(1);
            assertThat(log.recoveryReport().summary()).contains("1 fragments sealed");
            assertThat(contentsOf(log)).hasSize(10).contains("7:entry 7");
        }
        assertThat(raw.isSealed(4)).isTrue();
        assertThat(raw.header(4)).isEqualTo(header);
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().resealed()).isZero();
            assertThat(contentsOf(log)).hasSize(10);
        }
    }

    @Test
    void a_fragment_whose_sealing_was_cut_short_is_sealed_again() {
        RawLog.write(raw.fragment(4), FRAGMENT_BYTES - 4096, bytes("half a footer"));
        RawLog.write(raw.fragment(4), FRAGMENT_BYTES - 4096 - 8, new byte[4]);
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().resealed()).isEqualTo(1);
            try (LogReader reader = log.read(ReadRange.from(6))) {
                assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 6"));
            }
        }
    }

    @Test
    void an_unsealed_fragment_that_is_not_whole_is_refused() {
        long offset = raw.offsetOf(4, 7);
        raw.unseal(4);
        RawLog.write(raw.fragment(4), offset, new byte[16]);
        WalException.Corrupt refusal = refusal(WalException.Corrupt.class);
        assertThat(refusal.file()).isEqualTo(raw.fragment(4));
        assertThat(refusal.entryId()).isEqualTo(7);
        assertThat(refusal.offset()).isEqualTo(offset);
    }

    @Test
    void standby_files_that_were_left_are_removed() throws IOException {
        Files.write(raw.directory().resolve("standby_0"), new byte[FRAGMENT_BYTES]);
        Files.write(raw.directory().resolve("standby_7"), new byte[1]);
        try (DiskLog log = open()) {
            assertThat(raw.names()).noneMatch(name -> name.startsWith("standby_"));
            assertThat(log.recoveryReport().foreignNames()).isEmpty();
            IntStream.range(10, 30).forEach(i -> log.append(bytes("entry " + i)));
        }
        assertThat(raw.names()).noneMatch(name -> name.startsWith("standby_"));
    }

    @Test
    void an_empty_last_fragment_takes_the_next_entry() {
        RawLog.write(raw.fragment(8), 4096, new byte[FRAGMENT_BYTES - 4096]);
        raw.forgetStatus();
        try (DiskLog log = open()) {
            assertThat(log.nextId()).isEqualTo(8);
            assertThat(log.append(bytes("entry 8"))).isEqualTo(8);
            assertThat(contentsOf(log)).hasSize(9);
        }
    }
}
