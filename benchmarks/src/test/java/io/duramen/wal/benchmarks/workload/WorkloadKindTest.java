package io.duramen.wal.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Latencies;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every workload, on little data and for a moment: what it measures is there and plausible.
class WorkloadKindTest {
    private static final Budget MOMENT =
            new Budget(Duration.ofMillis(30), Duration.ofMillis(60), 8 << 20);

    @TempDir
    private Path folder;

    private Outcome run(Case subject) throws Exception {
        return run(subject, MOMENT);
    }

    private Outcome run(Case subject, Budget budget) throws Exception {
        return subject.workload().workload()
                .run(new Fork(subject, budget, folder.resolve("data")));
    }

    private static Case core(WorkloadKind workload) {
        return Case.of(Entrant.CORE, workload).with(Parameter.PAYLOAD, 256)
                .with(Parameter.DURABILITY, "written");
    }

    @Test
    void bulk_leaves_a_curve_over_what_is_in_the_log() throws Exception {
        Outcome outcome = run(core(WorkloadKind.BULK));
        assertThat(outcome.values().get(Metric.ENTRIES_PER_SECOND)).isPositive();
        assertThat(outcome.curve()).isNotEmpty()
                .allSatisfy(point -> assertThat(point.y()).isPositive());
    }

    @Test
    void a_closed_loop_counts_every_append() throws Exception {
        Outcome outcome = run(core(WorkloadKind.CLOSED_LOOP).with(Parameter.CALLERS, 3));
        assertThat(outcome.values()).containsKeys(Metric.P50_NANOS, Metric.P9999_NANOS);
        assertThat(Latencies.decode(outcome.latencies()).count()).isPositive();
    }

    @Test
    void an_open_loop_appends_as_many_as_arrive() throws Exception {
        Outcome outcome = run(core(WorkloadKind.OPEN_LOOP).with(Parameter.CALLERS, 2)
                .with(Parameter.RATE, 1000));
        assertThat(Latencies.decode(outcome.latencies()).count()).isEqualTo(60);
    }

    @Test
    void replay_reads_what_was_appended() throws Exception {
        Outcome outcome = run(core(WorkloadKind.REPLAY).with(Parameter.LOG_SIZE, 1 << 20));
        assertThat(outcome.values().get(Metric.BYTES_PER_SECOND)).isPositive();
    }

    @Test
    void a_log_that_was_killed_is_opened_from_a_cold_cache() throws Exception {
        Outcome outcome = run(core(WorkloadKind.OPEN).with(Parameter.LOG_SIZE, 1 << 20)
                .with(Parameter.LEFT, "killed").with(Parameter.CACHE, "cold"));
        assertThat(outcome.values().get(Metric.OPEN_AND_APPEND_NANOS))
                .isGreaterThan(outcome.values().get(Metric.OPEN_NANOS));
    }

    @Test
    void idle_logs_take_memory() throws Exception {
        Outcome outcome = run(core(WorkloadKind.IDLE_LOGS).with(Parameter.LOGS, 20)
                .with(Parameter.FRAGMENT, 64 << 10));
        assertThat(outcome.values()).containsKey(Metric.HEAP_BYTES_PER_LOG);
    }

    @Test
    void rotations_are_counted_and_judged() throws Exception {
        Budget longer = new Budget(Duration.ofMillis(30), Duration.ofMillis(400), 8 << 20);
        Outcome outcome = run(core(WorkloadKind.ROTATION).with(Parameter.CALLERS, 2)
                .with(Parameter.RATE, 2000).with(Parameter.FRAGMENT, 64 << 10), longer);
        assertThat(outcome.values().get(Metric.ROTATIONS)).isPositive();
        assertThat(outcome.values()).containsKeys(Metric.WORST_AT_ROTATION,
                Metric.WORST_AT_PREPARATION, Metric.WORST_ELSEWHERE);
    }

    @Test
    void a_run_without_a_rotation_says_so() {
        Case subject = core(WorkloadKind.ROTATION).with(Parameter.CALLERS, 1)
                .with(Parameter.RATE, 100).with(Parameter.FRAGMENT, 1 << 20);
        assertThatThrownBy(() -> run(subject)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no fragment began and ended");
    }

    @Test
    void io_is_done_with_one_and_with_several_in_flight() throws Exception {
        for (int depth : new int[] {1, 4}) {
            Case subject = Case.of(Entrant.SCHEDULER, WorkloadKind.IO)
                    .with(Parameter.PATTERN, "write+sync").with(Parameter.BLOCK, 4096)
                    .with(Parameter.DEPTH, depth).with(Parameter.DRIVER, "posix");
            Outcome outcome = subject.workload().workload()
                    .run(new Fork(subject, MOMENT, folder.resolve("depth" + depth)));
            assertThat(outcome.values().get(Metric.OPERATIONS_PER_SECOND)).isPositive();
            assertThat(outcome.facts()).containsEntry("driver", "posix");
        }
    }

    @Test
    void fio_is_understood() throws Exception {
        assumeThat(Entrant.FIO.obstacle()).as("without fio there is nothing to test").isEmpty();
        Outcome outcome = run(Case.of(Entrant.FIO, WorkloadKind.FIO)
                .with(Parameter.PATTERN, "write").with(Parameter.BLOCK, 4096)
                .with(Parameter.DEPTH, 2));
        assertThat(outcome.values().get(Metric.OPERATIONS_PER_SECOND)).isPositive();
        assertThat(outcome.values().get(Metric.P50_NANOS)).isPositive();
    }

    @Test
    void jmh_measures_every_path_in_memory() throws Exception {
        for (String method : List.of("encode", "copyAndChecksum", "read", "checksum")) {
            Case subject = Case.of(Entrant.CORE, WorkloadKind.HOT_PATH)
                    .with(Parameter.PATTERN, method).with(Parameter.PAYLOAD, 64);
            Outcome outcome = subject.workload().workload()
                    .run(new Fork(subject, MOMENT, folder.resolve(method)));
            assertThat(outcome.values().get(Metric.NANOS_PER_ENTRY)).isPositive();
            assertThat(outcome.values()).containsKey(Metric.ALLOCATED_BYTES_PER_ENTRY);
        }
    }
}
