package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Taking entries off the end.
class TruncateTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private RawLog raw;
    private DiskLog log;

    /// Fourteen entries in the fragments 0, 4, 8 and 12; the last one grows.
    @BeforeEach
    void write() {
        raw = new RawLog(base, ORDERS);
        log = environment.open(base, ORDERS, FOUR_EACH);
        append(14, "old");
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
    }

    private void append(int count, String what) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes(what + " " + log.nextId())));
    }

    private static List<String> entries(int from, int to, String what) {
        return IntStream.range(from, to).mapToObj(id -> id + ":" + what + " " + id).toList();
    }

    private static List<String> both(List<String> some, List<String> more) {
        List<String> both = new ArrayList<>(some);
        both.addAll(more);
        return both;
    }

    private void reopen() {
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH);
    }

    private void assertNoDamage() {
        LogVerification.run(base, ORDERS, environment.logs().disk(),
                finding -> assertThat(finding.isDamage()).as("%s", finding).isFalse());
    }

    private void assertClean() {
        assertNoDamage();
        assertThat(raw.names()).noneMatch(name -> name.startsWith("end_"))
                .noneMatch(name -> name.startsWith("rest_"));
    }

    static List<IoChoice> ways() {
        return IoChoice.all();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void a_log_goes_on_behind_any_entry_it_is_truncated_after(IoChoice way) {
        try (LogEnvironment environment = way.environment()) {
            for (int last = -1; last < 14; last++) {
                LogId id = LogId.of("log-" + last);
                List<String> expected =
                        both(entries(0, last + 1, "old"), entries(last + 1, last + 8, "new"));
                try (DiskLog each = way.open(base, id, FOUR_EACH, environment)) {
                    IntStream.range(0, 14).forEach(i -> each.append(bytes("old " + i)));
                    each.truncateAfter(last);
                    assertThat(each.nextId()).isEqualTo(last + 1);
                    assertThat(contentsOf(each)).isEqualTo(entries(0, last + 1, "old"));
                    for (int i = last + 1; i < last + 8; i++) {
                        assertThat(each.append(bytes("new " + i))).isEqualTo(i);
                    }
                    assertThat(contentsOf(each)).isEqualTo(expected);
                }
                try (DiskLog each = way.open(base, id, FOUR_EACH, environment)) {
                    assertThat(contentsOf(each)).as("after %d", last).isEqualTo(expected);
                    assertThat(each.recoveryReport().foreignNames()).isEmpty();
                }
            }
        }
    }

    @Test
    void nothing_happens_where_the_last_entry_stays() {
        List<Path> before = raw.fragments();
        log.truncateAfter(13);
        append(1, "old");
        assertThat(contentsOf(log)).isEqualTo(entries(0, 15, "old"));
        assertThat(raw.fragments()).isEqualTo(before);
    }

    @Test
    void what_lies_outside_of_the_log_is_refused_and_the_log_goes_on() {
        log.trimBefore(8);
        assertThatThrownBy(() -> log.truncateAfter(6)).isInstanceOf(WalException.Trimmed.class);
        assertThatThrownBy(() -> log.truncateAfter(14)).isInstanceOf(WalException.PastEnd.class);
        append(1, "old");
        assertThat(contentsOf(log)).isEqualTo(entries(8, 15, "old"));
    }

    @Test
    void a_log_that_was_trimmed_is_emptied_and_its_ids_go_on() {
        log.trimBefore(8);
        log.truncateAfter(7);
        assertThat(log.firstId()).isEqualTo(8);
        assertThat(log.nextId()).isEqualTo(8);
        reopen();
        assertThat(log.nextId()).isEqualTo(8);
        append(2, "new");
        assertThat(contentsOf(log)).isEqualTo(entries(8, 10, "new"));
        reopen();
        assertThat(contentsOf(log)).isEqualTo(entries(8, 10, "new"));
        assertClean();
    }

    @Test
    void the_middle_of_an_atomic_batch_is_refused_and_the_log_goes_on() {
        log.appendBatch(List.of(Payload.of(bytes("a")), Payload.of(bytes("b"))),
                Durability.SYNCED);
        assertThatThrownBy(() -> log.truncateAfter(14))
                .isInstanceOf(WalException.InsideBatch.class)
                .hasMessageContaining("starts with entry 14");
        assertThat(log.nextId()).isEqualTo(16);
        append(1, "new");
        log.truncateAfter(15);
        log.truncateAfter(13);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14, "old"));
        log.close();
        assertClean();
    }

    @Test
    void a_disk_without_room_refuses_and_nothing_has_changed() {
        for (Kind kind : List.of(Kind.ALLOCATE, Kind.RENAME)) {
            environment.faults().failAll(kind, Faults.ENOSPC);
            assertThatThrownBy(() -> log.truncateAfter(9))
                    .isInstanceOf(WalException.DiskFull.class);
            environment.faults().mend();
            assertThat(contentsOf(log)).isEqualTo(entries(0, 14, "old"));
        }
        append(3, "old");
        log.truncateAfter(9);
        append(1, "new");
        assertThat(contentsOf(log)).isEqualTo(both(entries(0, 10, "old"), entries(10, 11, "new")));
        log.close();
        assertClean();
    }

    @Test
    void a_disk_that_fails_poisons_and_opening_again_completes_or_forgets_it() {
        environment.faults().failNth(3, Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.truncateAfter(9)).isInstanceOf(WalException.Io.class);
        assertThatThrownBy(() -> log.append(bytes("x")))
                .isInstanceOf(WalException.Poisoned.class);
        assertThatThrownBy(() -> log.truncateAfter(9))
                .isInstanceOf(WalException.Poisoned.class);
        environment.faults().mend();
        reopen();
        assertThat(log.nextId()).isIn(10L, 14L);
        append(1, "new");
        log.close();
        assertClean();
    }

    @Test
    void a_log_that_is_closed_or_poisoned_is_not_truncated() {
        environment.faults().failNth(1, Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class);
        assertThatThrownBy(() -> log.truncateAfter(9))
                .isInstanceOf(WalException.Poisoned.class);
        reopen();
        log.close();
        assertThatThrownBy(() -> log.truncateAfter(9)).isInstanceOf(WalException.Closed.class);
    }

    @Test
    void a_reader_goes_on_where_all_it_has_read_is_left() {
        try (LogReader reader = log.read(ReadRange.from(0))) {
            for (int i = 0; i < 9; i++) {
                reader.next();
            }
            assertThat(reader.hasNext()).isTrue(); // it has entry 9 at hand, which goes
            log.truncateAfter(8);
            assertThat(reader.hasNext()).isFalse();
            append(3, "new");
            List<String> rest = new ArrayList<>();
            reader.forEachRemaining(
                    entry -> rest.add(entry.id() + ":" + new String(entry.toByteArray())));
            assertThat(rest).isEqualTo(entries(9, 12, "new"));
        }
    }

    @Test
    void a_reader_that_has_read_what_goes_fails_for_good() {
        try (LogReader reader = log.read(ReadRange.from(5));
                LogReader other = log.read(ReadRange.from(5))) {
            for (int i = 0; i < 6; i++) {
                reader.next();
            }
            other.next();
            log.truncateAfter(9);
            append(6, "new");
            log.truncateAfter(12);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(reader::hasNext)
                        .isInstanceOfSatisfying(WalException.Truncated.class,
                                truncated -> assertThat(truncated.nextId()).isEqualTo(10));
            }
            assertThat(other.next().id()).isEqualTo(6);
        }
    }

    @Test
    void a_view_of_another_process_follows_a_truncation() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader ahead = view.read(ReadRange.from(0));
                LogReader behind = view.read(ReadRange.from(0))) {
            while (ahead.hasNext()) {
                ahead.next();
            }
            behind.next();
            log.truncateAfter(9);
            append(8, "new");
            assertThat(view.refresh()).isEqualTo(18);
            List<String> expected = both(entries(0, 10, "old"), entries(10, 18, "new"));
            assertThat(contentsOf(view)).isEqualTo(expected);
            assertThatThrownBy(ahead::hasNext).isInstanceOf(WalException.Truncated.class);
            List<String> rest = new ArrayList<>();
            behind.forEachRemaining(
                    entry -> rest.add(entry.id() + ":" + new String(entry.toByteArray())));
            assertThat(rest).isEqualTo(expected.subList(1, 18));
            log.truncateAfter(2);
            log.truncateAfter(1);
            append(3, "newest");
            assertThat(view.refresh()).isEqualTo(5);
            assertThat(contentsOf(view))
                    .isEqualTo(both(entries(0, 2, "old"), entries(2, 5, "newest")));
        }
    }

    @Test
    void floors_beyond_the_end_are_lowered_to_it() {
        log.changeFloor(new FloorChange.Set(Floor.of("billing", 12)));
        log.changeFloor(new FloorChange.Set(Floor.of("mail", 3)));
        log.truncateAfter(9);
        assertThat(log.info().storage().floors()).extracting(state -> state.floor().id())
                .containsExactly(10L, 3L);
        reopen();
        assertThat(log.info().storage().floors()).extracting(state -> state.floor().id())
                .containsExactly(10L, 3L);
    }

    @Test
    void appends_before_it_are_completed() {
        List<Long> answered = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            log.appendAsync(Payload.of(bytes("old " + (14 + i))), Durability.WRITTEN)
                    .thenAccept(appended -> answered.add(appended.firstId()));
        }
        log.truncateAfter(16);
        assertThat(answered).hasSize(6);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 17, "old"));
    }

    @Test
    void a_truncation_that_was_decided_is_known_to_all_who_look() throws Exception {
        log.close();
        Files.createFile(raw.directory().resolve("end_%020d".formatted(8)));
        List<String> notes = new ArrayList<>();
        LogVerification.run(base, ORDERS, environment.logs().disk(), finding -> {
            assertThat(finding.isDamage()).as("%s", finding).isFalse();
            notes.add(finding.what().what());
        });
        assertThat(notes).singleElement().asString().contains("a truncation is under way");
        assertThatThrownBy(() -> environment.view(base, ORDERS))
                .isInstanceOf(WalException.Truncating.class)
                .hasMessageContaining(raw.directory().toString());
        assertThatThrownBy(() -> LogRepair.plan(base, ORDERS, RepairPlan.Mode.CUT,
                environment.logs(), _ -> {})).isInstanceOf(WalException.Truncating.class);
        LogSurvey survey = environment.survey(base, ORDERS);
        assertThat(survey.isDamaged()).isFalse();
        assertThat(survey.nextId()).isEqualTo(8);
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 8, "old"));
        assertThat(log.info().poisonedBy()).isEmpty();
        log.close();
        assertClean();
    }

    @Test
    void a_rest_of_a_truncation_that_was_not_decided_is_deleted() throws Exception {
        log.close();
        Files.write(raw.directory().resolve("rest_%020d".formatted(8)),
                new byte[100]);
        assertNoDamage();
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14, "old"));
        log.close();
        assertClean();
    }

    @Test
    void who_waits_for_an_entry_is_told_when_it_comes_again() throws Exception {
        try (LogReader reader = log.read(ReadRange.from(12))) {
            log.truncateAfter(11);
            assertThat(reader.awaitNext(Duration.ZERO)).isFalse();
            append(1, "new");
            assertThat(reader.awaitNext(Duration.ofSeconds(20))).isTrue();
            assertThat(new String(reader.next().toByteArray())).isEqualTo("new 12");
        }
    }
}
