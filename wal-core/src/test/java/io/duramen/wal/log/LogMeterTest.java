package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogMeterTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH =
            LogSettings.defaults().withFragmentSizeBytes(64 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;

    private static long nanos(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void a_log_counts_what_it_writes_and_syncs() {
        try (DiskLog log = DiskLog.open(base, ORDERS, FOUR_EACH)) {
            assertThat(log.metrics().recoveries()).isEqualTo(1);
            assertThat(log.metrics().writtenId()).isEqualTo(-1);
            for (int i = 0; i < 6; i++) {
                log.append(new byte[100]);
            }
            LogMetrics metrics = log.metrics();
            assertThat(metrics.entries()).isEqualTo(6);
            assertThat(metrics.groups()).isEqualTo(6);
            assertThat(metrics.bytes()).isEqualTo(6 * (48 + 112));
            assertThat(metrics.syncs()).isBetween(6L, 7L);
            assertThat(metrics.syncNanos()).isPositive()
                    .isGreaterThanOrEqualTo(metrics.longestSyncNanos());
            assertThat(metrics.rotations()).isEqualTo(1);
            assertThat(metrics.durableId()).isEqualTo(5);
            assertThat(metrics.durableLag()).isZero();
            assertThat(metrics.poisonings()).isZero();
        }
    }

    @Test
    void what_is_written_and_not_synced_is_the_durable_lag() {
        try (DiskLog log =
                DiskLog.open(base, ORDERS, FOUR_EACH.withUnsyncedDelayMax(Duration.ofHours(1)))) {
            log.append(Payload.of(new byte[10]), Durability.WRITTEN);
            log.append(Payload.of(new byte[10]), Durability.WRITTEN);
            assertThat(log.metrics().durableLag()).isEqualTo(2);
            log.sync();
            assertThat(log.metrics().durableLag()).isZero();
        }
    }

    @Test
    void what_waits_and_what_is_on_its_way_is_pending() throws Exception {
        try (FaultyEnvironment environment = FaultyEnvironment.open(8)) {
            DiskLog log = environment.openLog(base, ORDERS,
                    FOUR_EACH.withIoMode(IoMode.BUFFERED).withReorder(ReorderSettings.of(4)));
            try (log) {
                assertThat(log.metrics().pendingBytes()).isZero();
                environment.scheduler().stop();
                var onItsWay = log.appendAsync(new byte[100]).toCompletableFuture();
                environment.scheduler().awaitWaiting();
                assertThat(log.metrics().pendingBytes()).isEqualTo(112);
                var waiting = log.appendAsync(new byte[8]).toCompletableFuture();
                assertThat(log.metrics().pendingBytes()).isEqualTo(112 + 16);
                var early = log.appendAtAsync(3, List.of(Payload.of(new byte[16])),
                        Durability.SYNCED).toCompletableFuture();
                assertThat(log.metrics().pendingBytes()).isEqualTo(112 + 16 + 24);
                environment.scheduler().goOn();
                onItsWay.get(20, TimeUnit.SECONDS);
                waiting.get(20, TimeUnit.SECONDS);
                log.append(new byte[1]);
                assertThat(early.get(20, TimeUnit.SECONDS).firstId()).isEqualTo(3);
            }
            assertThat(log.metrics().pendingBytes()).isZero();
        }
    }

    @Test
    void a_slow_sync_is_warned_of_and_the_next_ones_are_not_for_a_while() {
        List<String> warnings = new ArrayList<>();
        LogMeter meter = new LogMeter(ORDERS, Duration.ofSeconds(1), warnings::add);
        meter.synced(0, nanos(1));
        assertThat(warnings).isEmpty();
        meter.synced(1, nanos(2));
        meter.synced(2, nanos(3));
        assertThat(warnings).containsExactly("a sync of log orders took 2000 ms");
    }

    @Test
    void where_no_limit_is_set_no_sync_is_slow() {
        LogMeter meter = new LogMeter(ORDERS, Duration.ZERO, text -> {
            throw new AssertionError(text);
        });
        meter.synced(1, nanos(100));
        assertThat(meter.metrics().longestSyncNanos()).isEqualTo(nanos(100));
    }

    @Test
    void the_reader_that_is_furthest_behind_counts_until_it_reads_no_more() {
        LogMeter meter = LogMeter.of(ORDERS);
        meter.groupWritten(10, 9, 1000, 1);
        assertThat(meter.metrics().slowestReader()).isZero();
        LongSupplier far = () -> 2;
        meter.reads(() -> 7);
        meter.reads(far);
        assertThat(meter.metrics().slowestReader()).isEqualTo(8);
        meter.readsNoMore(far);
        assertThat(meter.metrics().slowestReader()).isEqualTo(3);
    }

    /// The reader is asked between the written id and the durable one.
    @Test
    void a_log_that_goes_on_while_it_is_looked_at_is_not_ahead_of_itself() {
        LogMeter meter = LogMeter.of(ORDERS);
        meter.groupWritten(10, 9, 1000, 1);
        meter.reads(() -> {
            meter.groupWritten(10, 19, 1000, 1);
            meter.synced(19, 1);
            return 20;
        });
        LogMetrics metrics = meter.metrics();
        assertThat(metrics.durableId()).isLessThanOrEqualTo(metrics.writtenId());
        assertThat(metrics.durableLag()).isEqualTo(10);
    }

    @Test
    void a_flight_recording_tells_what_happened() throws IOException {
        Path file = base.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String event : List.of("GroupWritten", "Synced", "Rotated", "Recovered")) {
                recording.enable("io.duramen.wal." + event).withoutThreshold();
            }
            recording.start();
            try (DiskLog log = DiskLog.open(base, ORDERS, FOUR_EACH)) {
                for (int i = 0; i < 5; i++) {
                    log.append(new byte[100]);
                }
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).allMatch(event -> event.getString("log").equals("orders"));
        assertThat(of(events, "GroupWritten")).hasSize(5)
                .allMatch(event -> event.getLong("entries") == 1 && event.getLong("bytes") == 160)
                .extracting(event -> event.getLong("firstId")).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(of(events, "Synced")).hasSizeBetween(5, 6)
                .allMatch(event -> event.getDuration("took").isPositive());
        assertThat(of(events, "Rotated")).hasSize(1)
                .allMatch(event -> event.getLong("firstId") == 4);
        assertThat(of(events, "Recovered")).hasSize(1)
                .allMatch(event -> event.getLong("nextId") == 0);
    }

    @Test
    void a_flight_recording_tells_what_was_refused_and_what_failed() throws IOException {
        Path file = base.resolve("recording.jfr");
        try (Recording recording = new Recording();
                FaultyEnvironment environment = FaultyEnvironment.open(1)) {
            recording.enable("io.duramen.wal.Overloaded").withoutThreshold();
            recording.start(); // poisonings need not be asked for
            try (DiskLog log = environment.openLog(base, ORDERS,
                    FOUR_EACH.withIoMode(IoMode.BUFFERED)
                            .withAdmissionTimeout(Duration.ofMillis(10)))) {
                log.append(new byte[10]);
                try (var _ = environment.pool().tryAcquire().orElseThrow()) {
                    assertThatThrownBy(() -> log.append(new byte[10]))
                            .isInstanceOf(WalException.Overloaded.class);
                    assertThatThrownBy(() -> log.append(new byte[10]))
                            .isInstanceOf(WalException.Overloaded.class);
                }
                environment.faults().failAll(Faults.Kind.SYNC, Faults.EIO);
                assertThatThrownBy(() -> log.append(new byte[10]))
                        .isInstanceOf(WalException.OutcomeUnknown.class);
                assertThatThrownBy(() -> log.append(new byte[10]))
                        .isInstanceOf(WalException.Poisoned.class);
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(of(events, "Overloaded")).hasSize(2)
                .allMatch(event -> event.getString("log").equals("orders"));
        assertThat(of(events, "Poisoned")).singleElement().satisfies(event -> {
            assertThat(event.getString("log")).isEqualTo("orders");
            assertThat(event.getString("cause")).contains("injected SYNC", "fragment_",
                    "errno 5");
        });
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.duramen.wal." + name))
                .toList();
    }

    @Test
    void a_failed_sync_counts_as_poisoning_once() {
        LogMeter meter = LogMeter.of(ORDERS);
        meter.poisoned(new WalException.Closed("the disk"));
        meter.overloaded();
        assertThat(meter.metrics().poisonings()).isEqualTo(1);
        assertThat(meter.metrics().overloads()).isEqualTo(1);
    }

    @Test
    void an_append_that_finds_no_room_is_counted() {
        try (LogEnvironment environment = LogEnvironment.open(1, 1);
                DiskLog log = DiskLog.open(base, ORDERS,
                        FOUR_EACH.withAdmissionTimeout(Duration.ofMillis(10)), environment)) {
            try (var _ = environment.pool().tryAcquire().orElseThrow()) {
                assertThatThrownBy(() -> log.append(new byte[10]))
                        .isInstanceOf(WalException.Overloaded.class);
            }
            assertThat(log.metrics().overloads()).isEqualTo(1);
        }
    }
}
