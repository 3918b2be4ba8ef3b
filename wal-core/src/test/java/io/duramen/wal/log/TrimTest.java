package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.log.Faults.Kind;
import io.duramen.wal.log.TrimOutcome.Limit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Dropping entries from the head.
class TrimTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF);

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
        append(14);
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
    }

    private void append(int count) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes("entry " + log.nextId())));
    }

    private List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> id + ":entry " + id).toList();
    }

    private List<String> fragments() {
        return raw.fragments().stream().map(file -> file.getFileName().toString()).toList();
    }

    private void reopen() {
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH);
    }

    private static void assertTrimmed(ReadableLog log, long asked, long firstId) {
        assertThatThrownBy(() -> log.read(ReadRange.from(asked)))
                .isInstanceOfSatisfying(WalException.Trimmed.class,
                        trimmed -> assertThat(trimmed.firstId()).isEqualTo(firstId))
                .hasMessageContaining("entry " + asked + " was trimmed")
                .hasMessageContaining("still there is " + firstId);
    }

    @Test
    void fragments_before_an_entry_are_dropped_for_good() {
        TrimOutcome outcome = log.trimBefore(8);
        assertThat(outcome.firstId()).isEqualTo(8);
        assertThat(outcome.fragments()).isEqualTo(2);
        assertThat(outcome.limit()).isEqualTo(Limit.NONE);
        assertThat(raw.fragments()).containsExactly(raw.fragment(8), raw.fragment(12));
        assertTrimmed(log, 7, 8);
        assertThat(contentsOf(log)).isEqualTo(entries(8, 14));
        reopen();
        assertTrimmed(log, 7, 8);
        assertThat(log.recoveryReport().firstId()).isEqualTo(8);
        assertThat(contentsOf(log)).isEqualTo(entries(8, 14));
        assertThat(log.append(bytes("next"))).isEqualTo(14);
    }

    @Test
    void a_fragment_stays_whole_where_one_of_its_entries_stays() {
        TrimOutcome outcome = log.trimBefore(7);
        assertThat(outcome.firstId()).isEqualTo(4);
        assertThat(outcome.wantedId()).isEqualTo(7);
        assertThat(outcome.limit()).isEqualTo(Limit.NONE);
        assertThat(contentsOf(log)).isEqualTo(entries(4, 14));
    }

    @Test
    void the_fragment_that_grows_stays_and_the_answer_says_so() {
        TrimOutcome outcome = log.trimBefore(14);
        assertThat(outcome.firstId()).isEqualTo(12);
        assertThat(outcome.limit()).isEqualTo(Limit.GROWING);
        assertThat(contentsOf(log)).isEqualTo(entries(12, 14));
        assertThat(log.trimBefore(13).limit()).isEqualTo(Limit.NONE);
    }

    @Test
    void an_entry_that_does_not_exist_yet_is_refused_and_nothing_dropped() {
        assertThatThrownBy(() -> log.trimBefore(15))
                .isInstanceOfSatisfying(WalException.PastEnd.class,
                        pastEnd -> assertThat(pastEnd.nextId()).isEqualTo(14));
        assertThatThrownBy(() -> log.planTrim(new TrimRule.Before(15)))
                .isInstanceOf(WalException.PastEnd.class);
        assertThatThrownBy(() -> new TrimRule.Before(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14));
    }

    @Test
    void trimming_again_or_to_less_does_nothing() {
        log.trimBefore(8);
        assertThat(log.trimBefore(8).fragments()).isZero();
        assertThat(log.trimBefore(2).firstId()).isEqualTo(8);
        assertThat(contentsOf(log)).isEqualTo(entries(8, 14));
    }

    @Test
    void a_plan_says_what_a_trim_does_and_does_nothing() {
        var before = raw.fingerprint();
        TrimOutcome plan = log.planTrim(new TrimRule.Before(9));
        assertThat(raw.fingerprint()).isEqualTo(before);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14));
        assertThat(environment.survey(base, ORDERS).planTrim(new TrimRule.Before(9),
                environment::now)).as("from outside").isEqualTo(plan);
        assertThat(log.trimBefore(9)).isEqualTo(plan);
    }

    @Test
    void an_empty_log_has_nothing_to_drop() {
        try (DiskLog empty = environment.open(base, LogId.of("empty"), FOUR_EACH)) {
            assertThat(empty.trimBefore(0)).isEqualTo(new TrimOutcome(0, 0, 0, 0, Limit.NONE,
                    Optional.empty(), List.of()));
            assertThatThrownBy(() -> empty.trimBefore(1)).isInstanceOf(WalException.PastEnd.class);
        }
    }

    @Test
    void a_fragment_on_lease_is_deleted_when_the_last_reader_has_done() {
        LogReader first = log.read(ReadRange.from(1));
        LogReader second = log.read(ReadRange.from(3));
        assertThat(first.next().id()).isEqualTo(1);
        assertThat(second.next().id()).isEqualTo(3);
        log.trimBefore(8);
        assertThat(raw.fragments()).containsExactly(raw.fragment(0), raw.fragment(8),
                raw.fragment(12));
        assertThat(log.info().storage().waitingFragments()).isEqualTo(1);
        assertTrimmed(log, 1, 8);
        second.close();
        assertThat(first.next().toByteArray()).isEqualTo(bytes("entry 2"));
        assertThat(raw.fragments()).contains(raw.fragment(0));
        first.close();
        assertThat(raw.fragments()).containsExactly(raw.fragment(8), raw.fragment(12));
        assertThat(log.info().storage().waitingFragments()).isZero();
    }

    @Test
    void a_reader_reads_the_fragment_it_has_and_is_told_then() {
        try (LogReader reader = log.read(ReadRange.from(1))) {
            reader.next();
            log.trimBefore(8);
            assertThat(reader.next().id()).isEqualTo(2);
            assertThat(reader.next().id()).isEqualTo(3);
            assertThatThrownBy(reader::next).isInstanceOfSatisfying(WalException.Trimmed.class,
                    trimmed -> assertThat(trimmed.firstId()).isEqualTo(8));
        }
    }

    @Test
    void what_a_reader_still_had_when_the_log_closed_the_next_writer_deletes() {
        LogReader reader = log.read(ReadRange.from(1));
        reader.next();
        log.trimBefore(8);
        log.close();
        assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 2"));
        reader.close();
        assertThat(raw.fragments()).contains(raw.fragment(0));
        reopen();
        assertThat(log.recoveryReport().leftovers()).isEqualTo(1);
        assertThat(log.recoveryReport().summary()).contains("1 trimmed fragments deleted");
        assertThat(raw.fragments()).containsExactly(raw.fragment(8), raw.fragment(12));
        assertThat(contentsOf(log)).isEqualTo(entries(8, 14));
    }

    @Test
    void a_log_that_was_poisoned_is_not_trimmed() {
        environment.faults().failNth(1, Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class);
        assertThatThrownBy(() -> log.trimBefore(8)).isInstanceOf(WalException.Poisoned.class);
        assertThat(fragments()).hasSize(4);
    }

    @Test
    void a_log_that_is_closed_is_not_trimmed() {
        log.close();
        assertThatThrownBy(() -> log.trimBefore(8)).isInstanceOf(WalException.Closed.class);
        assertThat(fragments()).hasSize(4);
    }

    @Test
    void a_head_that_cannot_be_synced_poisons_and_no_file_goes() {
        environment.faults().failFirst(call -> call.isOn(raw.directory()), Faults.EIO);
        assertThatThrownBy(() -> log.trimBefore(8)).isInstanceOf(WalException.Io.class);
        assertThat(fragments()).hasSize(4);
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14));
        assertThatThrownBy(() -> log.append(bytes("x"))).isInstanceOf(WalException.Poisoned.class);
        assertThatThrownBy(() -> log.trimBefore(8)).isInstanceOf(WalException.Poisoned.class);
        reopen();
        assertThat(log.append(bytes("entry 14"))).isEqualTo(14);
    }

    @Test
    void a_disk_too_full_for_a_name_refuses_to_trim_and_nothing_has_changed() {
        environment.faults().failAll(Kind.RENAME, Faults.ENOSPC);
        assertThatThrownBy(() -> log.trimBefore(8)).isInstanceOf(WalException.DiskFull.class)
                .hasMessageContaining("no room for a new name in " + raw.directory());
        assertThat(contentsOf(log)).isEqualTo(entries(0, 14));
        append(1);
        environment.faults().mend();
        assertThat(log.trimBefore(8).firstId()).isEqualTo(8);
        assertThat(contentsOf(log)).isEqualTo(entries(8, 15));
    }

    @Test
    void a_full_disk_does_not_keep_a_log_from_being_trimmed() {
        environment.faults().failAll(Kind.ALLOCATE, Faults.ENOSPC);
        append(2);
        assertThatThrownBy(() -> log.append(bytes("x"))).isInstanceOf(WalException.DiskFull.class);
        assertThat(log.trimBefore(8).firstId()).isEqualTo(8);
        environment.faults().mend();
        append(1);
        assertThat(contentsOf(log)).isEqualTo(entries(8, 17));
    }

    @Test
    void a_reader_that_met_damage_holds_nothing_back_when_it_is_closed() {
        raw.damage(raw.fragment(4), raw.offsetOf(4, 6) - 10); // the record of its group
        try (LogReader reader = log.read(ReadRange.from(6))) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(reader::hasNext).isInstanceOf(WalException.Corrupt.class);
            }
        }
        log.trimBefore(8);
        assertThat(raw.fragments()).containsExactly(raw.fragment(8), raw.fragment(12));
    }

    @Test
    void a_view_that_cannot_see_where_the_log_starts_keeps_no_file() {
        LogEnvironment logs = environment.logs();
        try (LogView view = LogView.open(base, ORDERS, logs.disk(), logs.scheduler());
                LogReader reader = view.read(ReadRange.from(8))) {
            log.trimBefore(4);
            environment.faults().failAll(Kind.LIST, Faults.EIO);
            assertThatThrownBy(reader::hasNext).isInstanceOf(WalException.Io.class);
            environment.faults().mend();
            assertThat(view.fragments().all()).noneMatch(Fragment::isLeased);
            assertThat(reader.hasNext()).isTrue();
        }
    }
}
