package io.duramen.wal.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// With a clock that moves only when something is synced.
class SyncMeasurementTest {
    private long now = Long.MAX_VALUE - 5; // a clock may start anywhere
    private int syncs;

    private SyncMeasurement measurement() {
        return new SyncMeasurement(3, Duration.ofMillis(10), 5, 40, Duration.ofMillis(10),
                () -> now);
    }

    private void takeNanos(long nanos) {
        syncs++;
        now += nanos;
    }

    @Test
    void the_warm_up_is_not_measured() throws InterruptedException {
        Latency latency = measurement().of(() -> takeNanos(syncs < 3 ? 3_000_000 : 100));
        assertThat(latency.maxNanos()).isEqualTo(100);
    }

    @Test
    void warming_up_takes_no_longer_than_it_may() throws InterruptedException {
        Latency latency = measurement().of(() -> takeNanos(syncs < 1 ? 10_000_000 : 100));
        assertThat(latency.count()).isEqualTo(40);
        assertThat(syncs).isEqualTo(41);
    }

    @Test
    void a_quick_device_is_asked_as_often_as_allowed() throws InterruptedException {
        assertThat(measurement().of(() -> takeNanos(1000)).count()).isEqualTo(40);
        assertThat(syncs).isEqualTo(43);
    }

    @Test
    void a_slow_device_is_asked_until_the_time_is_over_but_often_enough()
            throws InterruptedException {
        assertThat(measurement().of(() -> takeNanos(1_000_000)).count()).isEqualTo(10);
        assertThat(measurement().of(() -> takeNanos(1_000_000_000)).count()).isEqualTo(5);
    }

    @Test
    void each_time_is_from_the_end_of_the_one_before() throws InterruptedException {
        Latency latency = measurement().of(() -> takeNanos(syncs % 2 == 0 ? 200 : 600));
        assertThat(latency.p50Nanos()).isBetween(200L, 201L);
        assertThat(latency.p90Nanos()).isEqualTo(600);
    }

    @Test
    void an_interrupt_ends_it() {
        assertThatThrownBy(() -> measurement().of(() -> {
            takeNanos(1);
            Thread.currentThread().interrupt();
        })).isInstanceOf(InterruptedException.class);
        assertThat(syncs).isOne();
        assertThat(Thread.interrupted()).isFalse();
    }
}
