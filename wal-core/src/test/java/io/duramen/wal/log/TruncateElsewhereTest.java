package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A truncation as it looks to who does not write the log: while it goes on, and where it was
/// interrupted behind its point of no return.
class TruncateElsewhereTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF);

    @TempDir
    Path base;
    @TempDir
    Path backup;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private RawLog raw;
    private DiskLog log;

    /// Fourteen entries in the fragments 0, 4, 8 and 12; the last one grows.
    @BeforeEach
    void write() {
        raw = new RawLog(base, ORDERS);
        open();
        append("old", 14);
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
    }

    private void open() {
        log = environment.open(base, ORDERS, FOUR_EACH);
    }

    private void append(String life, int count) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes(life + " " + log.nextId())));
    }

    private static List<String> entries(String life, int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> id + ":" + life + " " + id).toList();
    }

    private static List<String> entries(int newFrom, int to) {
        List<String> both = new ArrayList<>(entries("old", 0, newFrom));
        both.addAll(entries("new", newFrom, to));
        return both;
    }

    private static void assertTruncated(LogReader reader, long nextId) {
        assertThatThrownBy(reader::hasNext).isInstanceOfSatisfying(WalException.Truncated.class,
                truncated -> assertThat(truncated.nextId()).isEqualTo(nextId));
    }

    private static String next(LogReader reader) {
        Entry entry = reader.next();
        return entry.id() + ":" + new String(entry.toByteArray());
    }

    /// Truncates after entry 5 and fails in the nth sync: the 4th is the first behind the rename,
    /// the 6th that of the status page, the 7th comes when files are deleted.
    private void interruptAt(int nthSync) {
        environment.faults().failNth(nthSync, Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.truncateAfter(5)).isInstanceOf(WalException.Io.class);
        environment.faults().mend();
        assertThatThrownBy(() -> log.append(bytes("x"))).isInstanceOf(WalException.Poisoned.class);
        log.close();
        assertThat(raw.names()).contains(new NewEnd(6, 4).fileName());
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

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void whoever_looks_at_an_interrupted_one_sees_its_end_and_changes_nothing(int nthSync) {
        interruptAt(nthSync);
        TreeMap<String, String> before = raw.fingerprint();
        LogSurvey survey = environment.survey(base, ORDERS);
        assertThat(survey.nextId()).isEqualTo(6);
        assertThat(survey.durableId()).isEqualTo(5);
        assertThat(survey.recovery().verdict()).isEqualTo(TailVerdict.KEEP);
        assertThat(survey.foreign()).isEmpty();
        assertThat(damages()).isEmpty();
        try (LogView view = environment.view(base, ORDERS)) {
            assertThat(contentsOf(view)).isEqualTo(entries("old", 0, 6));
        }
        for (RepairPlan.Mode mode : RepairPlan.Mode.values()) {
            assertThat(LogRepair.plan(base, ORDERS, mode, environment.logs(), _ -> {})
                    .isNothingToDo()).isTrue();
        }
        LogSnapshot.take(base, ORDERS, backup, environment.logs(),
                new LogSnapshot.Listener() {});
        try (DiskLog copy = environment.open(backup, ORDERS, FOUR_EACH)) {
            assertThat(contentsOf(copy)).isEqualTo(entries("old", 0, 6));
        }
        assertThat(raw.fingerprint()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void the_next_writer_completes_an_interrupted_one(int nthSync) {
        interruptAt(nthSync);
        open();
        assertThat(log.recoveryReport().completedTruncation()).hasValue(6);
        assertThat(log.recoveryReport().summary()).contains("a truncation to id 6 completed");
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 6));
        assertThat(raw.fragments()).containsExactly(raw.fragment(0), raw.fragment(4));
        assertThat(raw.names()).noneMatch(name -> name.startsWith("end_"));
        append("new", 8);
        assertThat(contentsOf(log)).isEqualTo(entries(6, 14));
        assertThat(damages()).isEmpty();
        log.close();
        open();
        assertThat(log.recoveryReport().completedTruncation()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void a_status_page_of_before_does_not_make_damage_of_it(int nthSync) {
        byte[] page = RawLog.read(raw.lock());
        interruptAt(nthSync);
        RawLog.write(raw.lock(), 0, page);
        assertThat(damages()).isEmpty();
        open();
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 6));
        log.close();
        open();
        assertThat(log.nextId()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 6, 7})
    void a_repair_completes_it_first(int nthSync) {
        interruptAt(nthSync);
        LogRepair.Outcome outcome = LogRepair.apply(base, ORDERS, RepairPlan.Mode.CUT,
                environment.logs(), _ -> {});
        assertThat(outcome.plan().isNothingToDo()).isTrue();
        assertThat(raw.fragments()).containsExactly(raw.fragment(0), raw.fragment(4));
        open();
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 6));
    }

    @Test
    void a_new_end_that_is_damaged_is_refused_and_nothing_changed() {
        interruptAt(4);
        Path end = raw.directory().resolve(new NewEnd(6, 4).fileName());
        raw.damage(end, 100);
        TreeMap<String, String> before = raw.fingerprint();
        assertThat(catchThrowableOfType(WalException.Corrupt.class, this::open).file())
                .isEqualTo(end);
        assertThatThrownBy(() -> LogRepair.apply(base, ORDERS, RepairPlan.Mode.CUT,
                environment.logs(), _ -> {})).isInstanceOf(WalException.Irreparable.class)
                        .hasMessageContaining(end.toString());
        before.keySet().removeIf(name -> name.equals("LOCK"));
        TreeMap<String, String> after = raw.fingerprint();
        after.keySet().removeIf(name -> name.equals("LOCK"));
        assertThat(after).isEqualTo(before);
    }

    @Test
    void a_name_that_is_nearly_one_of_an_end_is_foreign() {
        for (String name : List.of("end_6_4", "end_00000000000000000003_00000000000000000004",
                "end_99999999999999999999_00000000000000000004")) {
            assertThat(NewEnd.ofFileName(name)).isEmpty();
        }
    }

    @Test
    void a_view_shows_nothing_that_was_dropped_and_nothing_mixed() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader beyond = view.read(ReadRange.from(4));
                LogReader before = view.read(ReadRange.from(4));
                LogReader atEnd = view.read(ReadRange.from(14))) {
            assertThat(next(before)).isEqualTo("4:old 4");
            IntStream.range(4, 9).forEach(id -> assertThat(next(beyond)).isEqualTo(id + ":old "
                    + id));
            log.truncateAfter(5);
            assertThat(view.refresh()).isEqualTo(6);
            assertThat(contentsOf(view)).isEqualTo(entries("old", 0, 6));
            append("new", 9);
            assertThat(view.refresh()).isEqualTo(15);
            assertThat(contentsOf(view)).isEqualTo(entries(6, 15));
            assertTruncated(beyond, 6);
            assertTruncated(atEnd, 6);
            for (int id = 5; id < 15; id++) {
                assertThat(next(before)).isEqualTo(id + (id < 6 ? ":old " : ":new ") + id);
            }
            assertTruncated(beyond, 6);
        }
    }

    @Test
    void a_view_that_looks_late_shows_the_log_as_it_is() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader beyond = view.read(ReadRange.from(10));
                LogReader before = view.read(ReadRange.from(3))) {
            log.truncateAfter(9);
            append("other", 7);
            log.truncateAfter(3);
            append("new", 12);
            log.truncateAfter(14);
            append("new", 3);
            assertThat(view.refresh()).isEqualTo(18);
            assertThat(contentsOf(view)).isEqualTo(entries(4, 18));
            assertTruncated(beyond, 4);
            assertThat(next(before)).isEqualTo("3:old 3");
            assertThat(next(before)).isEqualTo("4:new 4");
        }
    }

    @Test
    void a_view_that_was_behind_loses_no_reader() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader reader = view.read(ReadRange.from(14))) {
            append("old", 6);
            log.truncateAfter(15);
            append("new", 1);
            view.refresh();
            assertThat(next(reader)).isEqualTo("14:old 14");
            assertThat(next(reader)).isEqualTo("15:old 15");
            assertThat(next(reader)).isEqualTo("16:new 16");
        }
    }

    @Test
    void a_reader_that_comes_to_a_file_of_another_life_makes_its_view_look_again() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader before = view.read(ReadRange.from(3));
                LogReader into = view.read(ReadRange.from(7));
                LogReader beyond = view.read(ReadRange.from(11))) {
            assertThat(next(before)).isEqualTo("3:old 3");
            assertThat(next(into)).isEqualTo("7:old 7");
            assertThat(next(beyond)).isEqualTo("11:old 11");
            log.truncateAfter(5);
            append("new", 9);
            assertTruncated(beyond, 6);
            assertTruncated(into, 6);
            assertThat(next(before)).isEqualTo("4:old 4");
            assertThat(next(before)).isEqualTo("5:old 5");
            assertThat(next(before)).isEqualTo("6:new 6");
        }
    }

    @Test
    void a_view_of_a_log_that_is_trimmed_and_truncated_mixes_nothing() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader beyond = view.read(ReadRange.from(13))) {
            log.truncateAfter(5);
            append("new", 12);
            log.trimBefore(12);
            view.refresh();
            assertThat(contentsOf(view)).isEqualTo(entries("new", 12, 18).subList(
                    (int) (log.firstId() - 12), 6));
            assertTruncated(beyond, 6);
        }
    }

    @Test
    void a_view_that_missed_too_many_to_know_refuses_every_reader_it_has() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader reader = view.read(ReadRange.from(1))) {
            for (int i = 0; i < 70; i++) {
                append("more", 1);
                log.truncateAfter(13);
            }
            view.refresh();
            assertThatThrownBy(reader::hasNext).isInstanceOf(WalException.Truncated.class);
            assertThat(contentsOf(view)).isEqualTo(entries("old", 0, 14));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7})
    void a_view_from_before_learns_of_an_interrupted_one_and_of_its_completion(int nthSync) {
        try (LogView view = environment.view(base, ORDERS);
                LogReader beyond = view.read(ReadRange.from(9));
                LogReader before = view.read(ReadRange.from(5))) {
            interruptAt(nthSync);
            assertThat(view.refresh()).isEqualTo(6);
            assertThat(contentsOf(view)).isEqualTo(entries("old", 0, 6));
            assertTruncated(beyond, 6);
            open();
            append("new", 3);
            assertThat(next(before)).isEqualTo("5:old 5");
            view.refresh();
            assertThat(contentsOf(view)).isEqualTo(entries(6, 9));
            assertThat(next(before)).isEqualTo("6:new 6");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 9", "12288, 0", "12288, 9", "24576, 0", "24576, 9", "36864, 9"})
    void a_snapshot_that_is_taken_meanwhile_is_no_copy_of_two_lives(long afterBytes,
            int appended) {
        long[] copied = {0};
        LogSnapshot.Listener truncating = new LogSnapshot.Listener() {
            @Override
            public void copied(long sizeBytes) {
                boolean isEarlier = copied[0] < afterBytes;
                copied[0] += sizeBytes;
                if (isEarlier && copied[0] >= afterBytes) {
                    log.truncateAfter(5);
                    append("new", appended);
                }
            }
        };
        assertThatThrownBy(() -> LogSnapshot.take(base, ORDERS, backup, environment.logs(),
                truncating)).isInstanceOf(WalException.Truncated.class);
        assertThat(ORDERS.directoryIn(backup)).doesNotExist();
        LogSnapshot.take(base, ORDERS, backup, environment.logs(), truncating);
        try (DiskLog copy = environment.open(backup, ORDERS, FOUR_EACH)) {
            assertThat(contentsOf(copy)).isEqualTo(entries(6, 6 + appended));
        }
    }
}
