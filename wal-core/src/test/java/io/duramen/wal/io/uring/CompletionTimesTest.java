package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompletionTimesTest {
    @Test
    void every_value_is_counted_within_a_thirtieth() {
        Random random = Seed.random("every_value_is_counted_within_a_thirtieth");
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> 1 + random.nextInt(63);
            long counted = CompletionTimes.valueAt(CompletionTimes.indexOf(value));
            assertThat(counted).isBetween(value - value / 32, value);
        }
        assertThat(CompletionTimes.valueAt(CompletionTimes.indexOf(Long.MAX_VALUE))).isPositive();
    }

    @Test
    void percentiles_are_those_of_what_was_recorded() {
        CompletionTimes times = new CompletionTimes();
        assertThat(times.latency()).isEqualTo(new UringStatistics.Latency(0, 0, 0, 0));
        for (long nanos = 100_000; nanos > 0; nanos--) {
            times.record(nanos);
        }
        UringStatistics.Latency latency = times.latency();
        assertThat(latency.chains()).isEqualTo(100_000);
        assertThat(latency.medianNanos()).isBetween(48_000L, 50_000L);
        assertThat(latency.p99Nanos()).isBetween(95_900L, 99_000L);
        assertThat(latency.maxNanos()).isEqualTo(100_000);
    }
}
