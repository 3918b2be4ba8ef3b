package io.duramen.wal.io.posix.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.IoStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CompletionTimesTest {
    private final CompletionTimes times = new CompletionTimes();

    @Test
    void before_the_first_time_there_is_none() {
        assertThat(times.latency()).isEqualTo(new IoStatistics.Latency(0, 0, 0, 0, 0));
    }

    @Test
    void percentiles_are_those_of_what_was_recorded_so_far() {
        for (long nanos = 50_000; nanos > 0; nanos--) {
            times.record(nanos);
        }
        assertThat(times.latency().medianNanos()).isBetween(24_750L, 25_250L);
        for (long nanos = 50_001; nanos <= 100_000; nanos++) {
            times.record(nanos);
        }
        IoStatistics.Latency latency = times.latency();
        assertThat(latency).isEqualTo(times.latency());
        assertThat(latency.chains()).isEqualTo(100_000);
        assertThat(latency.medianNanos()).isBetween(49_500L, 50_500L);
        assertThat(latency.p99Nanos()).isBetween(98_010L, 99_990L);
        assertThat(latency.p999Nanos()).isBetween(98_900L, 100_900L);
        assertThat(latency.maxNanos()).isBetween(100_000L, 101_000L);
    }

    @Test
    void what_is_out_of_range_is_counted_at_its_edge() {
        times.record(-1);
        times.record(Long.MAX_VALUE);
        assertThat(times.latency().chains()).isEqualTo(2);
        assertThat(times.latency().maxNanos()).isGreaterThanOrEqualTo(TimeUnit.HOURS.toNanos(1));
    }

    @Test
    void nothing_is_lost_among_threads_that_record_while_others_read() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 1; n <= 10_000; n++) {
                    times.record(n);
                }
            }));
        }
        while (threads.stream().anyMatch(Thread::isAlive)) {
            assertThat(times.latency().chains()).isBetween(0L, 160_000L);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(times.latency().chains()).isEqualTo(160_000);
    }
}
