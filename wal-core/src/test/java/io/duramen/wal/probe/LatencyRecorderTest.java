package io.duramen.wal.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private final LatencyRecorder recorder = new LatencyRecorder();

    @Test
    void percentiles_are_right_to_a_thousandth_and_the_maximum_is_exact() {
        for (int i = 1; i <= 10_000; i++) {
            recorder.record(i * 1_000L + 1);
        }
        Latency latency = recorder.latency();
        assertThat(latency.count()).isEqualTo(10_000);
        assertThat(latency.p50Nanos()).isCloseTo(5_000_000, within(5_000L));
        assertThat(latency.p90Nanos()).isCloseTo(9_000_000, within(9_000L));
        assertThat(latency.p99Nanos()).isCloseTo(9_900_000, within(9_900L));
        assertThat(latency.p999Nanos()).isCloseTo(9_990_000, within(9_990L));
        assertThat(latency.maxNanos()).isEqualTo(10_000_001);
    }

    @Test
    void nothing_recorded_is_all_zero() {
        assertThat(recorder.latency()).isEqualTo(new Latency(0, 0, 0, 0, 0, 0));
    }

    @Test
    void an_hour_is_counted_and_is_the_maximum() {
        long hour = TimeUnit.HOURS.toNanos(1);
        recorder.record(hour);
        assertThat(recorder.latency().count()).isOne();
        assertThat(recorder.latency().maxNanos()).isEqualTo(hour);
        assertThat(recorder.latency().p50Nanos()).isBetween(TimeUnit.MINUTES.toNanos(2), hour);
    }

    @Test
    void adding_another_one_is_as_recording_what_it_has() {
        recorder.record(100);
        LatencyRecorder other = new LatencyRecorder();
        other.record(300);
        other.record(300);
        recorder.add(other);
        assertThat(recorder.latency().count()).isEqualTo(3);
        assertThat(recorder.latency().p50Nanos()).isEqualTo(300);
        assertThat(recorder.latency().maxNanos()).isEqualTo(300);
    }
}
