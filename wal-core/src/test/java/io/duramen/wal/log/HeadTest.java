package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a log starts with is written down: trimmed is told from lost.
class HeadTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF);

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private RawLog raw;

    /// Fourteen entries in the fragments 0, 4, 8 and 12.
    @BeforeEach
    void write() {
        raw = new RawLog(base, ORDERS);
        try (DiskLog log = open()) {
            IntStream.range(0, 14).forEach(id -> log.append(bytes("entry " + id)));
        }
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open() {
        return environment.open(base, ORDERS, FOUR_EACH);
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> id + ":entry " + id).toList();
    }

    private Path head(long firstId) {
        return raw.directory().resolve(FragmentName.head(firstId));
    }

    private List<String> heads() {
        return raw.names().stream().filter(name -> FragmentName.headId(name).isPresent()).toList();
    }

    private void trim(long id) {
        try (DiskLog log = open()) {
            log.trimBefore(id);
        }
    }

    private List<LogVerification.Finding> damages() {
        List<LogVerification.Finding> damages = new ArrayList<>();
        LogVerification.run(base, ORDERS, environment.logs().disk(), finding -> {
            if (finding.isDamage()) {
                damages.add(finding);
            }
        });
        return damages;
    }

    /// Everybody who looks says that the fragment is missing, and nobody changes anything.
    private void assertMissing(long from, long to) {
        var before = raw.fingerprint();
        WalException.MissingFragment missing =
                catchThrowableOfType(WalException.MissingFragment.class, this::open);
        assertThat(missing.file()).isEqualTo(raw.fragment(from));
        assertThat(missing.firstMissingId()).isEqualTo(from);
        assertThat(missing.nextId()).isEqualTo(to + 1);
        assertThat(missing).hasMessageContaining(FragmentName.fragment(from));
        assertThat(catchThrowableOfType(WalException.MissingFragment.class,
                () -> environment.view(base, ORDERS)).file()).isEqualTo(raw.fragment(from));
        assertThat(environment.survey(base, ORDERS).recovery().verdict())
                .isEqualTo(TailVerdict.REFUSE);
        assertThat(damages()).isNotEmpty();
        assertThat(raw.fingerprint()).isEqualTo(before);
    }

    private void assertHolds(int from, int to) {
        assertThat(damages()).isEmpty();
        LogSurvey survey = environment.survey(base, ORDERS);
        assertThat(survey.recovery().verdict()).isEqualTo(TailVerdict.KEEP);
        assertThat(survey.firstId()).isEqualTo(from);
        try (LogView view = environment.view(base, ORDERS)) {
            assertThat(contentsOf(view)).isEqualTo(entries(from, to));
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(entries(from, to));
            assertThat(log.nextId()).isEqualTo(to);
        }
        assertThat(heads()).containsExactly(FragmentName.head(from));
        assertThat(raw.fragments().getFirst()).isEqualTo(raw.fragment(from));
    }

    @Test
    void a_first_fragment_that_nobody_trimmed_is_missing() throws IOException {
        Files.delete(raw.fragment(0));
        assertMissing(0, 3);
    }

    @Test
    void a_first_fragment_above_the_head_is_missing() throws IOException {
        trim(4);
        Files.delete(raw.fragment(4));
        assertMissing(4, 7);
    }

    @Test
    void a_fragment_between_two_others_is_missing() throws IOException {
        trim(4);
        Files.delete(raw.fragment(8));
        assertMissing(8, 11);
    }

    @Test
    void a_trimmed_log_without_any_fragment_is_no_new_one() throws IOException {
        trim(12);
        Files.delete(raw.fragment(12));
        raw.forgetStatus();
        assertMissing(12, 12);
    }

    @Test
    void a_log_of_an_earlier_release_opens_and_gets_its_head() throws IOException {
        Files.delete(head(0));
        assertHolds(0, 14);
    }

    @Test
    void a_log_of_an_earlier_release_that_lost_its_start_opens_with_what_there_is()
            throws IOException {
        Files.delete(head(0));
        Files.delete(raw.fragment(0));
        assertHolds(4, 14);
        Files.delete(raw.fragment(4));
        assertMissing(4, 7);
    }

    @Test
    void a_new_log_has_a_head_before_its_first_entry() {
        LogId fresh = LogId.of("fresh");
        environment.open(base, fresh, FOUR_EACH).close();
        assertThat(new RawLog(base, fresh).names()).containsExactly(FragmentName.LOCK,
                FragmentName.head(0));
    }

    @Test
    void a_trim_that_a_crash_ended_before_its_files_went_is_finished() throws IOException {
        Files.move(head(0), head(8));
        assertHolds(8, 14);
    }

    @Test
    void a_trim_that_a_crash_ended_between_its_files_is_finished() throws IOException {
        Files.move(head(0), head(12));
        Files.delete(raw.fragment(4));
        assertHolds(12, 14);
    }

    @Test
    void what_was_trimmed_is_deleted_unread() throws IOException {
        Files.move(head(0), head(8));
        Files.write(raw.fragment(0), new byte[0]);
        raw.damage(raw.fragment(4), 0);
        assertHolds(8, 14);
    }

    @Test
    void of_two_heads_the_later_one_counts() throws IOException {
        Files.createFile(head(8));
        assertHolds(8, 14);
    }

    @Test
    void a_refused_log_keeps_what_was_trimmed_of_it() throws IOException {
        Files.move(head(0), head(4));
        raw.damage(raw.fragment(8), 16);
        var before = raw.fingerprint();
        assertThat(catchThrowableOfType(WalException.Corrupt.class, this::open).file())
                .isEqualTo(raw.fragment(8));
        assertThat(raw.fingerprint()).isEqualTo(before);
    }

    @Test
    void a_name_that_is_nearly_one_of_a_head_is_foreign() throws IOException {
        Files.createFile(raw.directory().resolve("head_12"));
        try (DiskLog log = open()) {
            assertThat(log.recoveryReport().foreignNames()).containsExactly("head_12");
            assertThat(log.firstId()).isZero();
        }
    }
}
