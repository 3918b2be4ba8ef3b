package io.duramen.wal.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyLineTest {
    private final LatencyLine line = new LatencyLine(10, Duration.ofSeconds(1), 100);

    @Test
    void the_worst_is_looked_for_in_the_window_only() {
        for (int id = 100; id < 110; id++) {
            line.record(id, id == 104 ? 900 : id);
        }
        assertThat(line.worst(100, 4)).isEqualTo(103);
        assertThat(line.worst(102, 3)).isEqualTo(900);
        assertThat(line.worst(105, 5)).isEqualTo(109);
    }

    @Test
    void it_ends_behind_the_last_entry() {
        line.record(103, 5);
        line.record(101, 5);
        assertThat(line.firstId()).isEqualTo(100);
        assertThat(line.endId()).isEqualTo(104);
    }

    @Test
    void an_entry_that_is_late_is_due_when_it_was_due() {
        Arrivals arrivals = new Arrivals(1_000_000, 2, Duration.ofMillis(1));
        assertThat(arrivals.entriesPerCaller()).isEqualTo(500);
        long first = arrivals.await(0, 0);
        assertThat(arrivals.await(1, 0) - first).isEqualTo(1_000);
        assertThat(arrivals.await(0, 499) - first).isEqualTo(499 * 2_000);
    }
}
