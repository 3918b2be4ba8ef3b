package io.duramen.wal.log;

import static io.duramen.wal.log.Faults.EIO;
import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The first write or sync that fails ends appending, and is never repeated.
class FailingDiskTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(12 << 10)
            .withStandby(StandbySettings.OFF);
    private static final LogSettings FOUR_EACH = SMALL.withFragmentEntriesMax(4);
    private static final Duration POISON_WITHIN = Duration.ofSeconds(20);

    @TempDir
    Path base;
    private FaultyEnvironment environment;
    private Faults faults;
    private RawLog raw;

    @BeforeEach
    void open() {
        environment = FaultyEnvironment.open(8);
        faults = environment.faults();
        raw = new RawLog(base, ORDERS);
    }

    @AfterEach
    void close() {
        assertThat(environment.pool().statistics().leased()).isZero();
        environment.close();
    }

    private DiskLog open(LogSettings settings) {
        return environment.openLog(base, ORDERS, settings);
    }

    private void assertPoisoned(DiskLog log) {
        assertThatThrownBy(() -> log.append(bytes("later")))
                .isInstanceOf(WalException.Poisoned.class).hasMessageContaining("injected");
        assertThat(log.appendAsync(bytes("later"))).isCompletedExceptionally();
        assertThatThrownBy(log::sync).isInstanceOf(WalException.Poisoned.class);
        assertThat(log.info().poisonedBy()).isPresent();
    }

    private static void awaitPoison(DiskLog log) {
        long deadline = System.nanoTime() + POISON_WITHIN.toNanos();
        while (log.info().poisonedBy().isEmpty()) {
            assertThat(System.nanoTime() - deadline).as("not poisoned within " + POISON_WITHIN)
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    @Test
    void a_failed_sync_leaves_the_outcome_unknown_and_is_not_repeated() {
        DiskLog log = open(SMALL);
        log.append(bytes("safe"));
        faults.failNth(1, Kind.SYNC, EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class)
                .hasMessageContaining("injected SYNC");
        long syncs = faults.count(Kind.SYNC, raw.fragment(0));
        long writes = faults.count(Kind.WRITE, raw.fragment(0));
        assertPoisoned(log);
        assertThat(contentsOf(log)).containsExactly("0:safe");
        assertThat(log.info().durableId()).isZero();
        log.close();
        assertThat(faults.count(Kind.SYNC, raw.fragment(0))).isEqualTo(syncs);
        assertThat(faults.count(Kind.WRITE, raw.fragment(0))).isEqualTo(writes);
        try (DiskLog again = open(SMALL)) {
            assertThat(contentsOf(again)).startsWith("0:safe");
            assertThat(again.append(bytes("next"))).isEqualTo(again.nextId() - 1);
            assertThat(contentsOf(again)).endsWith((again.nextId() - 1) + ":next");
        }
    }

    @Test
    void opening_after_a_failed_sync_writes_again_what_it_goes_on_to_promise() {
        DiskLog log = open(SMALL);
        log.append(bytes("safe"));
        faults.failNth(1, Kind.SYNC, EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class);
        log.close();
        long writes = faults.count(Kind.WRITE, raw.fragment(0));
        try (DiskLog again = open(SMALL)) {
            assertThat(contentsOf(again)).containsExactly("0:safe", "1:unknown");
            assertThat(faults.count(Kind.WRITE, raw.fragment(0))).isEqualTo(writes + 1);
        }
        try (DiskLog clean = open(SMALL)) {
            assertThat(clean.nextId()).isEqualTo(2);
            assertThat(faults.count(Kind.WRITE, raw.fragment(0)))
                    .as("only the page where the proven part ends").isEqualTo(writes + 2);
        }
    }

    @Test
    void a_failed_write_leaves_the_outcome_unknown_and_is_not_repeated() {
        DiskLog log = open(SMALL);
        log.append(bytes("safe"));
        faults.failNth(1, Kind.WRITE, EIO);
        assertThatThrownBy(() -> log.append(bytes("unknown")))
                .isInstanceOf(WalException.OutcomeUnknown.class)
                .hasMessageContaining("injected WRITE");
        long syncs = faults.count(Kind.SYNC, raw.fragment(0));
        long writes = faults.count(Kind.WRITE, raw.fragment(0));
        assertPoisoned(log);
        assertThat(contentsOf(log)).containsExactly("0:safe");
        log.close();
        assertThat(faults.count(Kind.SYNC, raw.fragment(0))).isEqualTo(syncs);
        assertThat(faults.count(Kind.WRITE, raw.fragment(0))).isEqualTo(writes);
        try (DiskLog again = open(SMALL)) {
            assertThat(contentsOf(again)).containsExactly("0:safe");
            assertThat(again.append(bytes("next"))).isEqualTo(1);
        }
    }

    @Test
    void what_was_acknowledged_as_written_stays_readable_when_its_sync_fails() {
        try (DiskLog log = open(SMALL.withDurability(Durability.WRITTEN))) {
            log.append(bytes("written"));
            faults.failAll(Kind.SYNC, EIO);
            assertThatThrownBy(log::sync).isInstanceOf(WalException.class);
            assertPoisoned(log);
            assertThat(contentsOf(log)).containsExactly("0:written");
            assertThat(log.info().durableId()).isEqualTo(-1);
        }
    }

    @Test
    void a_failed_sync_before_a_rotation_poisons_too() {
        try (DiskLog log = open(FOUR_EACH)) {
            IntStream.range(0, 4)
                    .forEach(i -> log.append(Payload.of(bytes("entry " + i)), Durability.WRITTEN));
            faults.failFirst(call -> call.kind() == Kind.SYNC && call.isOn(raw.fragment(0)), EIO);
            assertThatThrownBy(() -> log.append(bytes("in the next fragment")))
                    .isInstanceOf(WalException.class);
            assertPoisoned(log);
            assertThat(raw.fragments()).containsExactly(raw.fragment(0));
        }
    }

    @Test
    void a_new_fragment_whose_header_cannot_be_synced_poisons() {
        try (DiskLog log = open(FOUR_EACH)) {
            IntStream.range(0, 4).forEach(i -> log.append(bytes("entry " + i)));
            faults.failFirst(call -> call.kind() == Kind.WRITE && call.offset() == 0, EIO);
            assertThatThrownBy(() -> log.append(bytes("entry 4")))
                    .isInstanceOf(WalException.OutcomeUnknown.class);
            assertPoisoned(log);
        }
        try (DiskLog log = open(FOUR_EACH)) {
            assertThat(contentsOf(log)).hasSize(4);
            assertThat(log.append(bytes("entry 4"))).isEqualTo(4);
            assertThat(raw.names()).noneMatch(name -> name.startsWith("standby_0"));
        }
    }

    @Test
    void a_fragment_that_cannot_be_sealed_poisons_the_log_and_is_sealed_when_it_is_opened_again() {
        faults.failFirst(call -> call.kind() == Kind.WRITE && call.isOn(raw.fragment(0))
                && call.offset() >= 8 << 10, EIO);
        try (DiskLog log = open(FOUR_EACH)) {
            IntStream.range(0, 5).forEach(i -> log.append(bytes("entry " + i)));
            awaitPoison(log);
            assertPoisoned(log);
            assertThat(contentsOf(log)).hasSize(5);
        }
        assertThat(raw.isSealed(0)).isFalse();
        try (DiskLog log = open(FOUR_EACH)) {
            assertThat(log.recoveryReport().resealed()).isEqualTo(1);
            assertThat(contentsOf(log)).hasSize(5);
            assertThat(log.append(bytes("entry 5"))).isEqualTo(5);
        }
    }

    @Test
    void a_failed_closing_record_is_told_and_the_lock_is_free_all_the_same() {
        DiskLog log = open(SMALL);
        log.append(bytes("safe"));
        faults.failNth(1, Kind.WRITE, EIO);
        assertThatThrownBy(log::close).isInstanceOf(WalException.OutcomeUnknown.class);
        try (DiskLog again = open(SMALL)) {
            assertThat(contentsOf(again)).isEqualTo(List.of("0:safe"));
        }
    }

    @Test
    void opening_that_fails_gives_the_lock_back() {
        try (DiskLog log = open(SMALL)) {
            log.append(bytes("safe"));
        }
        faults.failNth(1, Kind.SYNC, EIO);
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(WalException.Io.class);
        try (DiskLog log = open(SMALL)) {
            assertThat(contentsOf(log)).containsExactly("0:safe");
        }
    }
}
