package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs with every way to the disk.
@ParameterizedClass
@MethodSource("io.duramen.wal.log.IoChoice#all")
class RotationTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL =
            LogSettings.defaults().withFragmentSizeBytes(16 << 10);

    @Parameter
    IoChoice io;
    @TempDir
    Path base;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    /// An environment whose clock the test sets.
    private LogEnvironment withClock(LogEnvironment real) {
        InstantSource clock = now::get;
        return new LogEnvironment(real.disk(), real.scheduler(), real.pool(), clock,
                real.generations(), real.background(), real.timer());
    }

    @Test
    void a_fragment_is_left_when_the_next_entry_does_not_fit() {
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            log.append(new byte[5_000]);
            assertThat(log.info().fragments()).isEqualTo(1);
            log.append(new byte[5_000]);
            assertThat(log.info().fragments()).isEqualTo(2);
        }
    }

    @Test
    void a_fragment_is_left_when_it_holds_as_many_entries_as_it_may() {
        try (DiskLog log = DiskLog.open(base, ORDERS,
                SMALL.withIoMode(io.mode()).withFragmentEntriesMax(3))) {
            for (int i = 0; i < 7; i++) {
                log.append(new byte[1]);
            }
            assertThat(log.info().fragments()).isEqualTo(3);
        }
    }

    @Test
    void a_fragment_is_left_when_that_is_asked_for() {
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            assertThat(log.rotate()).as("there is no fragment yet").isFalse();
            log.append(new byte[1]);
            assertThat(log.rotate()).isTrue();
            assertThat(log.info().fragments()).isEqualTo(2);
            assertThat(new RawLog(base, ORDERS).fragment(1)).exists();
            assertThat(log.rotate()).as("the one that grows is empty").isFalse();
            log.append(Payload.of(new byte[1]), Durability.WRITTEN);
            log.append(Payload.of(new byte[1]), Durability.WRITTEN);
            assertThat(log.rotate()).isTrue();
            assertThat(log.info().durableId()).isEqualTo(2);
            assertThat(log.append(new byte[1])).isEqualTo(3);
            assertThat(log.info().fragments()).isEqualTo(3);
        }
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            assertThat(log.nextId()).isEqualTo(4);
            assertThat(log.trimBefore(3).fragments()).isEqualTo(2);
            assertThat(log.rotate()).isTrue();
        }
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            assertThat(log.nextId()).as("behind an empty fragment").isEqualTo(4);
            assertThat(log.append(new byte[1])).isEqualTo(4);
        }
    }

    @Test
    void a_fragment_that_was_begun_and_left_empty_takes_the_largest_entry() {
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            log.append(new byte[1]);
            log.rotate();
        }
        try (DiskLog log = DiskLog.open(base, ORDERS, SMALL.withIoMode(io.mode()))) {
            log.append(new byte[SMALL.largestPayloadBytes()]);
            assertThat(log.nextId()).isEqualTo(2);
        }
    }

    @Test
    void a_fragment_that_has_become_too_old_is_left_by_the_next_append() {
        LogSettings hourly = SMALL.withFragmentAgeMax(Duration.ofHours(1));
        try (LogEnvironment real = io.environment();
                DiskLog log = io.open(base, ORDERS, hourly, withClock(real))) {
            log.append(new byte[1]);
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(59)));
            log.append(new byte[1]);
            assertThat(log.info().fragments()).isEqualTo(1);
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
            log.append(new byte[1]);
            assertThat(log.info().fragments()).isEqualTo(2);
        }
    }

    @Test
    void a_clock_that_goes_backwards_rotates_nothing() {
        LogSettings hourly = SMALL.withFragmentAgeMax(Duration.ofHours(1));
        try (LogEnvironment real = io.environment();
                DiskLog log = io.open(base, ORDERS, hourly, withClock(real))) {
            log.append(new byte[1]);
            now.updateAndGet(time -> time.minus(Duration.ofDays(30)));
            log.append(new byte[1]);
            assertThat(log.info().fragments()).isEqualTo(1);
        }
    }

    @Test
    void an_empty_fragment_is_never_left() {
        LogSettings hourly = SMALL.withFragmentAgeMax(Duration.ofHours(1));
        try (LogEnvironment real = io.environment()) {
            try (DiskLog log = io.open(base, ORDERS, hourly, withClock(real))) {
                log.append(new byte[1]);
            }
            RawLog raw = new RawLog(base, ORDERS);
            raw.forgetStatus();
            RawLog.write(raw.fragment(0), 4096, new byte[4096]);
            now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
            try (DiskLog log = io.open(base, ORDERS, hourly, withClock(real))) {
                assertThat(log.append(new byte[1])).isZero();
                assertThat(log.info().fragments()).isEqualTo(1);
            }
        }
    }
}
