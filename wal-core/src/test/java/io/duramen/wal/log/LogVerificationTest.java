package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.fragment.Payload;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogVerificationTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL =
            LogSettings.defaults().withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(12);

    @TempDir
    Path base;

    private final LogEnvironment environment = LogEnvironment.open(1, 1);
    private final List<LogVerification.Finding> findings = new ArrayList<>();

    @AfterEach
    void close() {
        environment.close();
    }

    private LogVerification.Result verify() {
        findings.clear();
        return LogVerification.run(base, ORDERS, environment.disk(), findings::add);
    }

    private void write(int from, int to) {
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL)) {
            for (int i = from; i < to; i++) {
                log.append(("entry " + "x".repeat(i % 30) + i).getBytes(UTF_8));
            }
        }
    }

    private Path fragment(long firstId) {
        return ORDERS.directoryIn(base).resolve(FragmentName.fragment(firstId));
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 0x5a);
        }
    }

    @Test
    void a_log_of_many_fragments_is_clean() {
        write(0, 100);
        LogVerification.Result result = verify();
        assertThat(findings).isEmpty();
        assertThat(result.entries()).isEqualTo(100);
        assertThat(result.fragments()).isEqualTo(9);
        assertThat(result.live()).isFalse();
    }

    @Test
    void a_log_that_was_opened_and_closed_many_times_is_clean() {
        for (int i = 0; i < 40; i++) {
            write(i, i + 1);
        }
        assertThat(verify().entries()).isEqualTo(40);
        assertThat(findings).isEmpty();
    }

    @Test
    void a_log_without_entries_is_clean() {
        write(0, 0);
        assertThat(verify().entries()).isZero();
        assertThat(findings).isEmpty();
    }

    /// Header, records, padding, unused space, index and footer: no byte may change unseen.
    @Test
    void every_flipped_byte_of_a_sealed_fragment_is_found() throws IOException {
        write(0, 20);
        everyFlippedByteIsFound(fragment(0));
    }

    @Test
    void every_flipped_byte_of_the_last_fragment_is_found_after_a_clean_close()
            throws IOException {
        write(0, 20);
        everyFlippedByteIsFound(fragment(12));
    }

    private void everyFlippedByteIsFound(Path file) throws IOException {
        assertThat(verify().damages()).isZero();
        byte[] bytes = Files.readAllBytes(file);
        // every byte that says something, and every fifth of the zeros between
        for (int at = 0; at < bytes.length; at += bytes[at] == 0 ? 5 : 1) {
            flip(file, at);
            long damages;
            try {
                damages = verify().damages();
            } catch (WalException.Incompatible _) {
                damages = 1; // the format version
            }
            assertThat(damages).as("byte %d", at).isPositive();
            flip(file, at);
        }
        assertThat(verify().damages()).isZero();
    }

    @Test
    void behind_a_damaged_entry_the_others_are_still_checked() throws IOException {
        write(0, 12);
        byte[] bytes = Files.readAllBytes(fragment(0));
        flip(fragment(0), offsetOf(bytes, "x3") + 1);
        flip(fragment(0), offsetOf(bytes, "x9") + 1);
        verify();
        assertThat(findings).extracting(finding -> finding.what().entryId())
                .containsExactly(3L, 9L);
    }

    @Test
    void entries_that_are_damaged_do_not_count() throws IOException {
        write(0, 20);
        flip(fragment(0), offsetOf(Files.readAllBytes(fragment(0)), "x3") + 1);
        LogVerification.Result result = verify();
        assertThat(result.entries()).isEqualTo(19);
        assertThat(result.lost()).isZero();
    }

    @Test
    void entries_that_a_repair_marked_are_a_note_and_counted_apart() throws IOException {
        write(0, 20);
        flip(fragment(0), offsetOf(Files.readAllBytes(fragment(0)), "x3") + 1);
        LogRepair.apply(base, ORDERS, RepairPlan.Mode.DROP_DAMAGED, environment, _ -> {});
        LogVerification.Result result = verify();
        assertThat(List.of(result.entries(), result.lost(), result.damages()))
                .containsExactly(19L, 1L, 0L);
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.what().entryId()).isEqualTo(3);
            assertThat(finding.what().what()).isEqualTo("the entry is marked as lost by a repair");
        });
    }

    @Test
    void fragments_that_end_before_an_entry_are_left_out_where_asked() throws IOException {
        write(0, 40);
        flip(fragment(12), offsetOf(Files.readAllBytes(fragment(12)), "x13") + 1);
        for (long since : new long[] {24, 35, 36, 39, 40, Long.MAX_VALUE}) {
            assertThat(verifySince(since).damages()).as("since %d", since).isZero();
        }
        for (long since : new long[] {0, 12, 23}) {
            assertThat(verifySince(since).damages()).as("since %d", since).isEqualTo(1);
        }
        assertThat(verifySince(24).fragments()).isEqualTo(2);
        assertThat(verifySince(40).entries()).isEqualTo(4);
    }

    private LogVerification.Result verifySince(long sinceId) {
        return LogVerification.run(base, ORDERS, environment.disk(), sinceId, _ -> {});
    }

    @Test
    void a_missing_lock_file_is_a_note_as_the_next_writer_makes_it_anew() throws IOException {
        write(0, 20);
        Files.delete(ORDERS.directoryIn(base).resolve(FragmentName.LOCK));
        assertThat(verify().damages()).isZero();
        assertThat(findings).singleElement().satisfies(
                finding -> assertThat(finding.what().what()).startsWith("it is missing"));
        assertThat(LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler())
                .entries()).isEqualTo(20);
    }

    @Test
    void a_lock_file_that_a_crash_left_too_short_or_blank_is_a_note() throws IOException {
        write(0, 20);
        for (byte[] left : List.of(new byte[0], new byte[10], new byte[WriterStatus.BYTES])) {
            Files.write(ORDERS.directoryIn(base).resolve(FragmentName.LOCK), left);
            findings.clear();
            assertThat(verify().damages()).isZero();
            assertThat(findings).singleElement().satisfies(finding -> assertThat(
                    finding.what().what()).startsWith("no writer has filled it"));
            assertThat(LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler())
                    .entries()).isEqualTo(20);
        }
    }

    @Test
    void a_log_whose_first_writer_was_killed_in_the_making_is_an_empty_one() throws IOException {
        write(0, 1);
        Files.delete(fragment(0));
        Files.write(ORDERS.directoryIn(base).resolve(FragmentName.LOCK), new byte[0]);
        assertThat(verify().damages()).isZero();
        assertThat(findings).isEmpty();
        try (LogView view = LogView.open(base, ORDERS, environment.disk(),
                environment.scheduler())) {
            assertThat(view.nextId()).isZero();
            try (DiskLog log = DiskLog.open(base, ORDERS, SMALL)) {
                log.append("a".getBytes(UTF_8));
                assertThat(view.refresh()).isEqualTo(1);
            }
        }
    }

    @Test
    void a_survey_counts_the_entries_found() throws IOException {
        write(0, 40);
        Files.delete(fragment(12));
        LogSurvey survey =
                LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler());
        assertThat(survey.isDamaged()).isTrue();
        assertThat(survey.entries()).isEqualTo(28);
        assertThat(survey.nextId()).isEqualTo(40);
        flip(fragment(24), 100);
        assertThat(LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler())
                .entries()).isEqualTo(16);
    }

    @Test
    void progress_reaches_the_size_that_was_announced() {
        write(0, 40);
        long[] bytes = new long[2];
        LogVerification.run(base, ORDERS, environment.disk(), new LogVerification.Listener() {
            @Override
            public void finding(LogVerification.Finding finding) {}

            @Override
            public void begins(long sizeBytes) {
                bytes[0] = sizeBytes;
            }

            @Override
            public void checked(long sizeBytes) {
                bytes[1] += sizeBytes;
            }
        });
        assertThat(bytes[1]).isEqualTo(bytes[0]).isEqualTo(4 * 12 << 10);
    }

    /// In the data: a header may hold the bytes by chance.
    private static long offsetOf(byte[] bytes, String text) {
        return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text,
                (int) FragmentGeometry.DATA_START);
    }

    @Test
    void a_missing_fragment_is_found() throws IOException {
        write(0, 40);
        Files.delete(fragment(12));
        verify();
        assertThat(findings).extracting(finding -> finding.what().what())
                .containsExactly("entries 12 to 23 have no fragment");
    }

    @Test
    void a_lost_last_fragment_is_found() throws IOException {
        write(0, 24);
        Files.delete(fragment(12));
        assertThat(verify().damages()).isPositive();
    }

    @Test
    void a_survey_says_that_a_writer_would_be_refused() throws IOException {
        write(0, 24);
        Files.delete(fragment(12));
        LogSurvey survey =
                LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler());
        assertThat(survey.recovery().verdict()).isEqualTo(TailVerdict.REFUSE);
        assertThat(survey.recovery().why()).contains("entries 12 to 23");
    }

    @Test
    void a_fragment_of_another_log_is_found() throws IOException {
        write(0, 20);
        try (DiskLog log = DiskLog.open(base, LogId.of("other"), SMALL)) {
            log.append(new byte[3]);
        }
        Files.copy(LogId.of("other").directoryIn(base).resolve(FragmentName.fragment(0)),
                fragment(20));
        verify();
        assertThat(findings).extracting(finding -> finding.what().what())
                .anyMatch(what -> what.startsWith("it belongs to another log"));
    }

    @Test
    void a_torn_tail_is_a_note_and_no_damage() throws IOException {
        write(0, 5);
        Path copy = base.resolve("copy");
        Files.copy(fragment(0), copy);
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL)) {
            log.append(Payload.of("not acknowledged".getBytes(UTF_8)), Durability.WRITTEN);
            Files.copy(fragment(0), copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        Files.copy(copy, fragment(0), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        resetStatus(4);
        assertThat(verify().damages()).isZero();
        flip(fragment(0), offsetOf(Files.readAllBytes(fragment(0)), "acknowledged"));
        assertThat(verify().damages()).isZero();
        assertThat(findings).singleElement().satisfies(
                finding -> assertThat(finding.what().what()).startsWith("a torn tail of"));
    }

    /// A writer that was killed in its first group, in mapped mode before the group has its record.
    @Test
    void bytes_behind_a_close_are_a_torn_tail_where_a_writer_has_begun() {
        write(0, 5);
        resetStatus(4);
        writeBehindTheEnd("the payload of a first group");
        assertThat(verify().damages()).isZero();
        assertThat(findings).singleElement().satisfies(
                finding -> assertThat(finding.what().what()).startsWith("a torn tail of"));
        write(5, 6);
        assertThat(verify().entries()).isEqualTo(6);
        assertThat(findings).isEmpty();
    }

    @Test
    void bytes_behind_a_close_are_damage_where_no_writer_has_begun() {
        write(0, 5);
        writeBehindTheEnd("bytes that nobody wrote");
        assertThat(verify().damages()).isEqualTo(1);
    }

    private void writeBehindTheEnd(String what) {
        RawLog raw = new RawLog(base, ORDERS);
        RawLog.write(raw.fragment(0), raw.scan(0).endOfData() + 64, bytes(what));
    }

    private void resetStatus(long durableId) {
        try (WriterLock lock = WriterLock.acquire(
                LogDirectory.of(environment.disk(), base, ORDERS))) {
            lock.begin(ORDERS, 3, durableId, IoMode.BUFFERED, environment.scheduler());
        }
    }

    @Test
    void a_log_that_is_being_written_is_checked_up_to_its_durable_id() {
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL)) {
            for (int i = 0; i < 30; i++) {
                log.append(("entry " + i).getBytes(UTF_8));
            }
            LogVerification.Result result = verify();
            assertThat(findings).isEmpty();
            assertThat(result.live()).isTrue();
            assertThat(result.entries()).isEqualTo(30);
        }
    }

    @Test
    void verifying_changes_nothing() throws IOException {
        write(0, 40);
        List<String> before = state();
        verify();
        LogSurvey.of(base, ORDERS, environment.disk(), environment.scheduler());
        assertThat(state()).isEqualTo(before);
    }

    private List<String> state() throws IOException {
        List<String> state = new ArrayList<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted().toList()) {
                state.add(file + " " + Files.getLastModifiedTime(file));
            }
        }
        return state;
    }

    @Test
    void a_log_that_is_not_there_is_named() {
        assertThatThrownBy(this::verify).isInstanceOf(WalException.NoSuchLog.class);
    }
}
