package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.log.TrimOutcome.Limit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Consumers that hold back trimming.
class FloorsTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4)
            .withStandby(StandbySettings.OFF);

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private DiskLog log;

    /// Fourteen entries in the fragments 0, 4, 8 and 12.
    @BeforeEach
    void write() {
        log = environment.open(base, ORDERS, FOUR_EACH);
        append(14);
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
    }

    private void append(int count) {
        IntStream.range(0, count).forEach(_ -> log.append(new byte[1]));
    }

    private void set(String consumer, long id) {
        log.changeFloor(new FloorChange.Set(Floor.of(consumer, id)));
    }

    private void reopen(LogSettings settings) {
        log.close();
        log = environment.open(base, ORDERS, settings);
    }

    private List<Floor> floors() {
        return log.info().storage().floors().stream().map(StorageInfo.FloorState::floor).toList();
    }

    @Test
    void nothing_is_trimmed_that_a_consumer_still_needs() {
        set("billing", 9);
        set("audit", 6);
        TrimOutcome outcome = log.trimBefore(12);
        assertThat(outcome.firstId()).isEqualTo(4);
        assertThat(outcome.limit()).isEqualTo(Limit.FLOOR);
        assertThat(outcome.heldBy()).contains("audit");
        log.changeFloor(new FloorChange.Raise("audit", 13));
        assertThat(log.trimBefore(12).heldBy()).contains("billing");
        assertThat(log.firstId()).isEqualTo(8);
        log.changeFloor(new FloorChange.Remove("billing"));
        assertThat(log.trimBefore(12).heldBy()).isEmpty();
        assertThat(log.firstId()).isEqualTo(12);
    }

    @Test
    void retention_waits_for_consumers_as_well() {
        set("billing", 6);
        reopen(FOUR_EACH.withRetention(RetentionSettings.OFF.withEntries(1)));
        append(10);
        assertThat(log.firstId()).isEqualTo(4);
        log.changeFloor(new FloorChange.Raise("billing", 24));
        append(4);
        assertThat(log.firstId()).isEqualTo(20);
    }

    @Test
    void a_floor_is_there_again_when_the_log_is_opened_again() {
        Instant until = environment.now().plus(Duration.ofDays(1)).plusMillis(7);
        log.changeFloor(new FloorChange.Set(new Floor("billing.eu-1", 6, Optional.of(until))));
        set("audit", 0);
        reopen(FOUR_EACH);
        assertThat(floors()).containsExactly(Floor.of("audit", 0),
                new Floor("billing.eu-1", 6, Optional.of(until)));
        assertThat(log.recoveryReport().foreignNames()).isEmpty();
        assertThat(environment.survey(base, ORDERS).floors()).isEqualTo(floors());
        log.changeFloor(new FloorChange.Remove("audit"));
        reopen(FOUR_EACH);
        assertThat(floors()).extracting(Floor::consumer).containsExactly("billing.eu-1");
    }

    /// Raising costs no sync; what a crash leaves of it holds back more, not less.
    @Test
    void a_raised_floor_is_written_down_by_the_next_trim() {
        set("billing", 2);
        log.changeFloor(new FloorChange.Raise("billing", 9));
        assertThat(floors()).containsExactly(Floor.of("billing", 9));
        reopen(FOUR_EACH);
        assertThat(floors()).containsExactly(Floor.of("billing", 2));
        log.changeFloor(new FloorChange.Raise("billing", 9));
        log.trimBefore(4);
        reopen(FOUR_EACH);
        assertThat(floors()).containsExactly(Floor.of("billing", 9));
    }

    @Test
    void a_floor_is_raised_and_never_lowered_by_a_late_confirmation() {
        set("billing", 6);
        log.changeFloor(new FloorChange.Raise("billing", 3));
        assertThat(floors()).containsExactly(Floor.of("billing", 6));
        set("billing", 3);
        assertThat(floors()).as("setting it anew may").containsExactly(Floor.of("billing", 3));
    }

    @Test
    void a_floor_that_has_ended_holds_back_nothing_and_is_reported() {
        Instant until = environment.now().plus(Duration.ofHours(1));
        log.changeFloor(new FloorChange.Set(new Floor("billing", 2, Optional.of(until))));
        environment.pass(Duration.ofHours(1).minusMillis(1));
        assertThat(log.trimBefore(12).heldBy()).contains("billing");
        environment.pass(Duration.ofMillis(1));
        assertThat(log.info().storage().floors()).singleElement()
                .matches(StorageInfo.FloorState::ended);
        TrimOutcome outcome = log.trimBefore(12);
        assertThat(outcome.firstId()).isEqualTo(12);
        assertThat(outcome.ended()).containsExactly("billing");
        environment.pass(Duration.ofDays(-1));
        append(10);
        assertThat(log.trimBefore(20).heldBy()).as("the clock went back").contains("billing");
    }

    @Test
    void the_backlog_is_what_a_floor_keeps_from_being_trimmed() {
        assertThat(log.info().storage().backlogBytes()).isZero();
        set("billing", 4);
        set("audit", 12);
        long two = log.planTrim(new TrimRule.KeepEntries(2)).bytes();
        long all = log.info().storage().backlogBytes();
        log.changeFloor(new FloorChange.Remove("billing"));
        assertThat(two).as("0 to 3").isPositive();
        assertThat(log.planTrim(new TrimRule.KeepEntries(2)).bytes()).isEqualTo(two + all);
        assertThat(log.info().storage().backlogBytes()).isZero();
    }

    @Test
    void an_unknown_consumer_is_named() {
        assertThatThrownBy(() -> log.changeFloor(new FloorChange.Raise("nobody", 1)))
                .isInstanceOfSatisfying(WalException.UnknownFloor.class,
                        unknown -> assertThat(unknown.consumer()).isEqualTo("nobody"))
                .hasMessageContaining("'nobody'").hasMessageContaining("'orders'");
        assertThatThrownBy(() -> log.changeFloor(new FloorChange.Remove("nobody")))
                .isInstanceOf(WalException.UnknownFloor.class);
        set("billing", 1);
        log.changeFloor(new FloorChange.Remove("billing"));
        assertThatThrownBy(() -> log.changeFloor(new FloorChange.Remove("billing")))
                .isInstanceOf(WalException.UnknownFloor.class);
    }

    @Test
    void a_floor_lies_between_the_first_and_the_next_entry() {
        log.trimBefore(8);
        assertThatThrownBy(() -> set("late", 7)).isInstanceOf(WalException.Trimmed.class);
        assertThatThrownBy(() -> set("early", 15)).isInstanceOf(WalException.PastEnd.class);
        assertThat(floors()).isEmpty();
        set("first", 8);
        set("next", 14);
        assertThatThrownBy(() -> log.changeFloor(new FloorChange.Raise("first", 15)))
                .isInstanceOf(WalException.PastEnd.class);
        assertThat(floors()).containsExactly(Floor.of("first", 8), Floor.of("next", 14));
    }

    @Test
    void there_are_not_more_floors_than_anybody_could_look_through() {
        IntStream.range(0, 1000).forEach(i -> set("consumer-" + i, 1));
        assertThatThrownBy(() -> set("one more", 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> set("one-more", 1)).isInstanceOf(WalException.Overloaded.class)
                .hasMessageContaining("1000 floors");
        set("consumer-999", 2);
    }

    @Test
    void of_two_floors_of_one_consumer_the_lower_one_counts() throws IOException {
        Files.createFile(ORDERS.directoryIn(base).resolve(Floor.of("billing", 9).fileName()));
        Files.createFile(ORDERS.directoryIn(base).resolve(Floor.of("billing", 5).fileName()));
        reopen(FOUR_EACH);
        assertThat(floors()).containsExactly(Floor.of("billing", 5));
        log.changeFloor(new FloorChange.Remove("billing"));
        reopen(FOUR_EACH);
        assertThat(floors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ä", "a/b", "a\n"})
    void a_consumers_name_is_checked(String consumer) {
        assertThatThrownBy(() -> Floor.of(consumer, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_name_tells_a_floor_or_nothing() {
        Floor floor = new Floor("a_1_2.x", 7, Optional.of(Instant.ofEpochMilli(1234)));
        assertThat(floor.fileName()).isEqualTo("floor_00000000000000000007_1234_a_1_2.x");
        assertThat(Floor.ofFileName(floor.fileName())).contains(floor);
        for (String other : List.of("floor_00000000000000000007_01234_a", "floor_7_0_a",
                "floor_00000000000000000007_0_", "floor_99999999999999999999_0_a", "floor_",
                "floor_00000000000000000007_9999999999999999999_a",
                "floor_00000000000000000007_0_a b")) {
            assertThat(Floor.ofFileName(other)).as(other).isEmpty();
        }
        assertThatThrownBy(() -> new Floor("a", 1, Optional.of(Instant.EPOCH)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Floor("a", 1, Optional.of(Instant.MAX)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Floor.of("a", -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
