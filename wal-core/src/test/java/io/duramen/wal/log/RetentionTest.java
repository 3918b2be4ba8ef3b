package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.log.TrimOutcome.Limit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a log drops by itself.
class RetentionTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final int FRAGMENT_BYTES = 12 << 10;
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(FRAGMENT_BYTES).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open(RetentionSettings retention) {
        return environment.open(base, ORDERS, FOUR_EACH.withRetention(retention));
    }

    private static void append(DiskLog log, int count, int sizeBytes) {
        IntStream.range(0, count).forEach(_ -> log.append(new byte[sizeBytes]));
    }

    @Test
    void without_settings_nothing_is_dropped() {
        try (DiskLog log = open(RetentionSettings.OFF)) {
            append(log, 30, 1);
            environment.pass(Duration.ofDays(10_000));
            append(log, 30, 1);
            assertThat(log.firstId()).isZero();
        }
    }

    @Test
    void the_newest_entries_are_kept_by_number() {
        try (DiskLog log = open(RetentionSettings.OFF.withEntries(6))) {
            append(log, 9, 1);
            assertThat(log.firstId()).as("0 to 3 are sealed, 5 would be left").isZero();
            append(log, 3, 1);
            assertThat(log.firstId()).as("looked at when a fragment is sealed").isZero();
            append(log, 1, 1);
            assertThat(log.firstId()).isEqualTo(4);
            append(log, 4, 1);
            assertThat(log.firstId()).isEqualTo(8);
        }
    }

    @Test
    void fragments_are_kept_up_to_a_size() {
        long size = 2 * FRAGMENT_BYTES + 4096;
        try (DiskLog log = open(RetentionSettings.OFF.withSizeBytes(size))) {
            append(log, 200, 900);
            assertThat(log.info().storage().usedBytes()).isBetween(size - FRAGMENT_BYTES, size);
            assertThat(log.firstId()).isGreaterThan(180);
        }
    }

    @Test
    void entries_are_kept_for_their_time_and_at_least_that_long() {
        try (DiskLog log = open(RetentionSettings.OFF.withAge(Duration.ofHours(1)))) {
            append(log, 4, 1);
            environment.pass(Duration.ofMinutes(60));
            append(log, 4, 1);
            assertThat(log.firstId()).as("not a moment too early").isZero();
            environment.pass(Duration.ofNanos(1));
            append(log, 1, 1);
            assertThat(log.firstId()).isEqualTo(4);
            environment.pass(Duration.ofDays(1));
            append(log, 4, 1);
            assertThat(log.firstId()).as("8 is as young as its newest entry").isEqualTo(8);
        }
    }

    @Test
    void a_clock_that_goes_back_drops_nothing_before_its_time() {
        try (DiskLog log = open(RetentionSettings.OFF.withAge(Duration.ofHours(1)))) {
            environment.pass(Duration.ofDays(300));
            append(log, 4, 1);
            environment.pass(Duration.ofDays(-300));
            append(log, 8, 1);
            environment.pass(Duration.ofHours(2));
            append(log, 4, 1);
            assertThat(log.firstId()).as("times within a log never go back").isZero();
            environment.pass(Duration.ofDays(301));
            append(log, 4, 1);
            assertThat(log.firstId()).isEqualTo(16);
        }
    }

    @Test
    void each_rule_counts_for_itself() {
        try (DiskLog log = open(new RetentionSettings(Duration.ofHours(1), 8, 0, false))) {
            append(log, 13, 1);
            assertThat(log.firstId()).as("by number").isEqualTo(4);
            environment.pass(Duration.ofDays(1));
            append(log, 4, 1);
            assertThat(log.firstId()).as("by age").isEqualTo(12);
        }
    }

    @Test
    void nothing_is_dropped_by_opening_a_log() {
        try (DiskLog log = open(RetentionSettings.OFF)) {
            append(log, 20, 1);
        }
        try (DiskLog log = open(RetentionSettings.OFF.withEntries(1))) {
            assertThat(log.firstId()).isZero();
            append(log, 1, 1);
            assertThat(log.firstId()).isEqualTo(16);
        }
    }

    @Test
    void a_failure_while_dropping_poisons_the_log() {
        try (DiskLog log = open(RetentionSettings.OFF.withEntries(1))) {
            append(log, 8, 1);
            environment.faults().failFirst(call -> call.file().equals(ORDERS.directoryIn(base))
                    && new RawLog(base, ORDERS).isSealed(4), Faults.EIO);
            append(log, 1, 1);
            assertThat(log.info().poisonedBy()).get().asString().contains("injected SYNC");
            assertThat(log.firstId()).isZero();
        }
    }

    @Test
    void rules_can_be_asked_for_by_hand() {
        try (DiskLog log = open(RetentionSettings.OFF)) {
            append(log, 14, 1);
            assertThat(log.planTrim(new TrimRule.KeepEntries(7)).firstId()).isEqualTo(4);
            assertThat(log.planTrim(new TrimRule.KeepEntries(6)).firstId()).isEqualTo(8);
            assertThat(log.planTrim(new TrimRule.KeepEntries(100)).firstId()).isZero();
            assertThat(log.planTrim(new TrimRule.KeepEntries(0)).limit()).isEqualTo(Limit.GROWING);
            assertThat(log.planTrim(new TrimRule.KeepBytes(Long.MAX_VALUE)).firstId()).isZero();
            assertThat(log.planTrim(new TrimRule.KeepBytes(0)).firstId()).isEqualTo(12);
            assertThat(log.planTrim(new TrimRule.KeepBytes(0)).limit()).isEqualTo(Limit.GROWING);
            assertThat(log.planTrim(new TrimRule.OlderThan(Duration.ofSeconds(1))).firstId())
                    .isZero();
            environment.pass(Duration.ofSeconds(2));
            assertThat(log.planTrim(new TrimRule.OlderThan(Duration.ofSeconds(1))).firstId())
                    .isEqualTo(12);
        }
    }

    @Test
    void contradictory_settings_are_refused_in_the_users_words() {
        assertThatThrownBy(() -> FOUR_EACH
                .withRetention(RetentionSettings.OFF.withSizeBytes(2 * FRAGMENT_BYTES - 1)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(
                                "at least two fragments, which are " + 2 * FRAGMENT_BYTES);
        assertThatThrownBy(() -> RetentionSettings.OFF.withEntries(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetentionSettings.OFF.withAge(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RetentionSettings.OFF.withAge(Duration.ofDays(200_000)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("292 years");
        assertThatThrownBy(() -> new StandbySettings(0, 1))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("set a rate");
        assertThatThrownBy(() -> new StandbySettings(4095, 0))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
        assertThatThrownBy(() -> new StandbySettings(1 << 20, 1001))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0 to 1000");
    }
}
