package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Dropping entries from the end.
class TruncateTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF).withAdmissionTimeout(Duration.ofSeconds(5));

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
        append("old", 14);
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
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

    private void reopen() {
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH);
    }

    private void assertSound() {
        LogVerification.run(base, ORDERS, environment.logs().disk(), finding -> {
            assertThat(finding.isDamage()).as(finding.toString()).isFalse();
        });
        assertThat(environment.survey(base, ORDERS).foreign()).isEmpty();
    }

    /// The log holds old entries before an id, and nothing else; and goes on from there.
    private void assertEndsAt(int nextId) {
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, nextId));
        assertThat(log.nextId()).isEqualTo(nextId);
        append("new", 6);
        assertThat(contentsOf(log)).isEqualTo(entries(nextId, nextId + 6));
        assertSound();
        reopen();
        assertThat(contentsOf(log)).isEqualTo(entries(nextId, nextId + 6));
        assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
        log.close();
        assertSound();
        try (LogView view = environment.view(base, ORDERS)) {
            assertThat(contentsOf(view)).isEqualTo(entries(nextId, nextId + 6));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 2, 3, 4, 7, 8, 11, 12})
    void what_lies_behind_an_entry_is_gone_for_good_and_its_ids_are_given_again(int lastId) {
        TruncateOutcome outcome = log.truncateAfter(lastId);
        assertThat(outcome.nextId()).isEqualTo(lastId + 1);
        assertThat(outcome.entries()).isEqualTo(13 - lastId);
        assertThat(outcome.bytes()).isPositive();
        assertEndsAt(lastId + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, 3, 5, 12})
    void it_is_on_the_device_before_anything_is_appended(int lastId) {
        log.truncateAfter(lastId);
        log.close();
        raw.forgetStatus();
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertEndsAt(lastId + 1);
    }

    @Test
    void bytes_of_what_was_dropped_that_turn_up_in_the_new_file_are_no_entries() {
        byte[] file = RawLog.read(raw.fragment(12));
        int start = (int) raw.offsetOf(12, 13) - GroupRecord.BYTES;
        byte[] group = Arrays.copyOfRange(file, start, (int) raw.scan(12).endOfData());
        log.truncateAfter(12);
        log.close();
        raw.forgetClose();
        RawLog.write(raw.fragment(12), raw.scan(12).endOfData(), group);
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
        assertEndsAt(13);
    }

    @Test
    void a_sealed_end_is_truncated_too() {
        append("old", 2);
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH.withFragmentEntriesMax(1));
        append("old", 2);
        reopen();
        assertThat(log.truncateAfter(14).entries()).isEqualTo(3);
        assertEndsAt(15);
    }

    @Test
    void truncating_after_the_last_entry_does_nothing() {
        var before = raw.fingerprint();
        assertThat(log.truncateAfter(13)).isEqualTo(new TruncateOutcome(14, 0, 0));
        assertThat(raw.names()).containsExactlyElementsOf(before.keySet());
        append("old", 1);
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 15));
    }

    @Test
    void an_empty_log_has_nothing_to_truncate() {
        try (DiskLog empty = environment.open(base, LogId.of("empty"), FOUR_EACH)) {
            assertThat(empty.truncateAfter(-1)).isEqualTo(new TruncateOutcome(0, 0, 0));
            assertThatThrownBy(() -> empty.truncateAfter(0))
                    .isInstanceOf(WalException.PastEnd.class);
            assertThat(empty.append(bytes("first"))).isZero();
        }
    }

    @Test
    void an_entry_that_does_not_exist_yet_is_refused() {
        assertThatThrownBy(() -> log.truncateAfter(14))
                .isInstanceOfSatisfying(WalException.PastEnd.class,
                        pastEnd -> assertThat(pastEnd.nextId()).isEqualTo(14));
        assertThatThrownBy(() -> log.truncateAfter(-2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 14));
    }

    @Test
    void a_trimmed_log_is_truncated_down_to_its_head_and_not_further() {
        log.trimBefore(8);
        assertThatThrownBy(() -> log.truncateAfter(6))
                .isInstanceOfSatisfying(WalException.Trimmed.class,
                        trimmed -> assertThat(trimmed.firstId()).isEqualTo(8));
        assertThat(log.truncateAfter(7).entries()).isEqualTo(6);
        assertThat(log.firstId()).isEqualTo(8);
        assertThat(log.nextId()).isEqualTo(8);
        reopen();
        assertThat(log.firstId()).isEqualTo(8);
        append("new", 2);
        assertThat(contentsOf(log)).isEqualTo(entries("new", 8, 10));
        assertSound();
    }

    @Test
    void a_log_is_truncated_again_and_again() {
        for (int lastId : new int[] {12, 9, 8, 3, 2, -1}) {
            log.truncateAfter(lastId);
            append("other", 3);
            log.truncateAfter(lastId);
            assertThat(contentsOf(log)).isEqualTo(entries("old", 0, lastId + 1));
        }
        assertEndsAt(0);
    }

    @Test
    void an_atomic_batch_ends_with_the_last_entry() {
        log.appendBatch(List.of(Payload.of(bytes("old 14")), Payload.of(bytes("old 15")),
                Payload.of(bytes("old 16"))), Durability.SYNCED);
        log.truncateAfter(15);
        assertEndsAt(16);
    }

    @Test
    void floors_come_down_to_the_end() {
        log.changeFloor(new FloorChange.Set(Floor.of("high", 13)));
        log.changeFloor(new FloorChange.Set(Floor.of("low", 2)));
        log.changeFloor(new FloorChange.Raise("low", 4));
        log.truncateAfter(5);
        assertThat(log.info().storage().floors()).extracting(it -> it.floor().toString())
                .containsExactly(Floor.of("high", 6).toString(), Floor.of("low", 4).toString());
        reopen();
        assertThat(log.info().storage().floors()).extracting(it -> it.floor().id())
                .containsExactly(6L, 4L);
    }

    @Test
    void times_stay_and_are_searched() {
        environment.pass(Duration.ofHours(1));
        Instant later = environment.now();
        append("old", 2);
        log.truncateAfter(14);
        assertThat(log.firstIdAtOrAfter(later)).isEqualTo(14);
        environment.pass(Duration.ofHours(1));
        append("new", 2);
        assertThat(log.firstIdAtOrAfter(environment.now())).isEqualTo(15);
    }

    @Test
    void a_reader_beyond_is_told_so_for_ever() {
        try (LogReader reader = log.read(ReadRange.from(7))) {
            reader.next();
            reader.next();
            log.truncateAfter(7);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(reader::hasNext)
                        .isInstanceOfSatisfying(WalException.Truncated.class, truncated -> {
                            assertThat(truncated.askedId()).isEqualTo(9);
                            assertThat(truncated.nextId()).isEqualTo(8);
                        });
                append("new", 3);
            }
            assertThatThrownBy(() -> reader.awaitNext(Duration.ofHours(1)))
                    .isInstanceOf(WalException.Truncated.class);
        }
    }

    @Test
    void a_reader_that_stood_at_the_end_is_told_so() throws InterruptedException {
        try (LogReader reader = log.read(ReadRange.from(14))) {
            assertThat(reader.hasNext()).isFalse();
            log.truncateAfter(12);
            assertThatThrownBy(() -> reader.awaitNext(Duration.ofHours(1)))
                    .isInstanceOf(WalException.Truncated.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 4, 5, 6})
    void a_reader_at_the_new_end_or_before_reads_on(int from) {
        try (LogReader reader = log.read(ReadRange.from(from))) {
            assertThat(reader.hasNext()).as("the old entry, on lease").isTrue();
            log.truncateAfter(5);
            append("new", 4);
            List<String> read = new ArrayList<>();
            reader.forEachRemaining(
                    entry -> read.add(entry.id() + ":" + new String(entry.toByteArray())));
            assertThat(read).isEqualTo(entries(6, 10).subList(from, 10));
            log.truncateAfter(7);
            assertThatThrownBy(reader::hasNext).isInstanceOf(WalException.Truncated.class);
        }
    }

    @Test
    void of_several_truncations_the_lowest_counts() {
        try (LogReader beyond = log.read(ReadRange.from(5));
                LogReader before = log.read(ReadRange.from(4))) {
            log.truncateAfter(10);
            log.truncateAfter(3);
            append("new", 8);
            log.truncateAfter(9);
            assertThatThrownBy(beyond::hasNext)
                    .isInstanceOfSatisfying(WalException.Truncated.class,
                            truncated -> assertThat(truncated.nextId()).isEqualTo(4));
            assertThat(before.next().toByteArray()).isEqualTo(bytes("new 4"));
        }
    }

    @Test
    void a_claim_from_before_is_refused_and_another_one_taken() {
        Claim claim = log.claim(10);
        log.truncateAfter(5);
        assertThatThrownBy(() -> claim.commit(10)).isInstanceOf(WalException.Overloaded.class)
                .hasMessageContaining("being truncated");
        Claim again = log.claim(10);
        assertThat(again.commit(10)).isEqualTo(6);
    }

    @Test
    void a_log_that_is_closed_or_poisoned_is_not_truncated() {
        environment.faults().failNth(1, Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class);
        assertThatThrownBy(() -> log.truncateAfter(3)).isInstanceOf(WalException.Poisoned.class);
        log.close();
        assertThatThrownBy(() -> log.truncateAfter(3)).isInstanceOf(WalException.Closed.class);
        assertThat(raw.fragments()).hasSize(4);
    }

    @Test
    void a_full_disk_refuses_and_nothing_has_changed() {
        for (Kind kind : List.of(Kind.ALLOCATE, Kind.RENAME)) {
            environment.faults().failAll(kind, Faults.ENOSPC);
            assertThatThrownBy(() -> log.truncateAfter(5))
                    .isInstanceOf(WalException.DiskFull.class);
            assertThat(contentsOf(log)).hasSize((int) log.nextId());
            environment.faults().mend();
            append("old", 1);
        }
        assertThat(contentsOf(log)).isEqualTo(entries("old", 0, 16));
        assertSound();
        log.truncateAfter(5);
        assertEndsAt(6);
    }

    @Test
    void damage_in_what_is_to_stay_refuses_and_damage_behind_it_does_not() {
        raw.damage(raw.fragment(4), raw.offsetOf(4, 6) + 8);
        assertThatThrownBy(() -> log.truncateAfter(6))
                .isInstanceOfSatisfying(WalException.Corrupt.class, corrupt -> {
                    assertThat(corrupt.file()).isEqualTo(raw.fragment(4));
                    assertThat(corrupt.entryId()).isEqualTo(6);
                });
        append("old", 1);
        assertThat(raw.fragments()).hasSize(4);
        log.truncateAfter(5);
        assertEndsAt(6);
    }

    @Test
    void damage_in_the_last_entry_of_a_fragment_that_goes_does_not_matter() {
        raw.damage(raw.fragment(4), raw.offsetOf(4, 7) + 8);
        assertThat(log.truncateAfter(5).entries()).isEqualTo(8);
        assertEndsAt(6);
    }

    /// The syncs of a truncation behind its first two: of the closing record, and of the new file.
    static List<Integer> syncs() {
        return IntStream.rangeClosed(1, 12).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("syncs")
    void a_sync_that_fails_leaves_the_log_as_it_was_or_truncated(int nth) {
        LogReader reader = log.read(ReadRange.from(4));
        reader.next();
        environment.faults().failNth(nth, Kind.SYNC, Faults.EIO);
        boolean failed = false;
        try {
            log.truncateAfter(5);
        } catch (WalException expected) {
            failed = true;
        }
        environment.faults().mend();
        if (!failed) {
            assertThat(nth).as("syncs of a truncation").isGreaterThan(6);
        }
        assertThat(reader.next().toByteArray()).as("reads go on").isEqualTo(bytes("old 5"));
        reader.close();
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertThat(log.nextId()).isIn(6L, 14L);
        assertEndsAt((int) log.nextId());
    }

    @ParameterizedTest
    @MethodSource("io.duramen.wal.log.IoChoice#all")
    void every_way_to_the_disk_truncates(IoChoice choice) {
        LogId id = LogId.of("modes");
        try (LogEnvironment machine = choice.environment()) {
            try (DiskLog any = choice.open(base, id, FOUR_EACH, machine)) {
                IntStream.range(0, 11).forEach(i -> any.append(bytes("old " + i)));
                any.truncateAfter(9);
                any.truncateAfter(5);
                IntStream.range(6, 12).forEach(i -> any.append(bytes("new " + i)));
                assertThat(contentsOf(any)).isEqualTo(entries(6, 12));
            }
            try (DiskLog any = choice.open(base, id, FOUR_EACH, machine)) {
                assertThat(contentsOf(any)).isEqualTo(entries(6, 12));
                any.truncateAfter(-1);
                assertThat(any.append(bytes("new 0"))).isZero();
            }
        }
    }
}
