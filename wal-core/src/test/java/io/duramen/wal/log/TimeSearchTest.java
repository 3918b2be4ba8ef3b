package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeSearchTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SEED = 7;

    @TempDir
    Path base;
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final LogEnvironment machine = LogEnvironment.open(1, 4);
    private final LogEnvironment environment = new LogEnvironment(machine.disk(),
            machine.scheduler(), machine.pool(), now::get, machine.generations(),
            machine.background(), machine.timer());

    @AfterEach
    void close() {
        machine.close();
    }

    private DiskLog open() {
        return DiskLog.open(base, ORDERS, LogSettings.defaults().withFragmentSizeBytes(16 << 10),
                environment);
    }

    private static long byReading(ReadableLog log, Instant time) {
        try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            for (Entry entry : reader) {
                if (!entry.timestamp().isBefore(time)) {
                    return entry.id();
                }
            }
        }
        return log.nextId();
    }

    private static void assertFindsAll(ReadableLog log, List<Instant> times) {
        for (Instant time : times) {
            for (int nanos = -1; nanos <= 1; nanos++) {
                Instant near = time.plusNanos(nanos);
                assertThat(log.firstIdAtOrAfter(near)).isEqualTo(byReading(log, near));
            }
        }
        assertThat(log.firstIdAtOrAfter(Instant.MIN)).isEqualTo(log.firstId());
        assertThat(log.firstIdAtOrAfter(Instant.MAX)).isEqualTo(log.nextId());
    }

    @Test
    void every_time_is_found_where_reading_from_the_beginning_finds_it() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        List<Instant> times = new ArrayList<>(List.of(START));
        try (DiskLog log = open()) {
            assertThat(log.firstIdAtOrAfter(START)).isZero();
            for (int i = 0; i < 150; i++) {
                Instant next = now.get().plusMillis(random.nextInt(3) * 10L - 5); // back, too
                now.set(next);
                times.add(next);
                if (random.nextInt(3) == 0) {
                    log.appendBatch(Collections.nCopies(1 + random.nextInt(9),
                            Payload.of(new byte[random.nextInt(500)])),
                            Durability.SYNCED);
                } else {
                    log.append(new byte[random.nextInt(500)]);
                }
            }
            assertFindsAll(log, times);
        }
        try (DiskLog again = open()) {
            assertFindsAll(again, times);
        }
        try (LogView view =
                LogView.open(base, ORDERS, environment.disk(), environment.scheduler())) {
            assertFindsAll(view, times);
        }
    }

    @Test
    void a_log_without_entries_has_nothing_at_any_time() {
        try (DiskLog log = open()) {
            assertThat(log.firstIdAtOrAfter(Instant.EPOCH)).isZero();
        }
    }
}
