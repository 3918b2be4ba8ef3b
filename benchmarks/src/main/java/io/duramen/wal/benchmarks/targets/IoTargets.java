package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.FIO;
import static io.duramen.wal.benchmarks.contestant.Entrant.SCHEDULER;
import static io.duramen.wal.benchmarks.harness.Metric.ALLOCATED_BYTES_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.CPU_NANOS_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.OPERATIONS_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Metric.P50_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P99_NANOS;
import static io.duramen.wal.benchmarks.harness.Parameter.BLOCK;
import static io.duramen.wal.benchmarks.harness.Parameter.DEPTH;
import static io.duramen.wal.benchmarks.harness.Parameter.DRIVER;
import static io.duramen.wal.benchmarks.harness.Parameter.PATTERN;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The I/O layer without a log.
final class IoTargets {
    private static final List<String> PATTERNS = List.of("read", "write", "write+sync",
            "direct read", "direct write", "direct write, dsync");
    private static final Budget SHORT =
            new Budget(Duration.ofMillis(600), Duration.ofMillis(800), 1L << 30);
    private static final int PAGE = 4 << 10;
    private static final int LARGE = 64 << 10;

    private IoTargets() {}

    static Target drivers(Plan plan) {
        List<Group> groups = new ArrayList<>();
        List<Group> overviews = new ArrayList<>();
        if (plan.full()) {
            for (String pattern : PATTERNS) {
                for (int block : new int[] {PAGE, LARGE}) {
                    Group overview = Group.of(pattern + ", " + (block >> 10) + " KiB", plan,
                            OPERATIONS_PER_SECOND).drawn(new Chart.Over(DEPTH));
                    for (int depth : new int[] {1, 8, 32}) {
                        Group group = group(plan, pattern, block, depth).within(SHORT)
                                .times(plan.roundsAside());
                        groups.add(group);
                        overview = overview.addAll(group.cases());
                    }
                    overviews.add(overview);
                }
            }
        } else {
            groups.add(group(plan, "write+sync", PAGE, 1));
            groups.add(group(plan, "direct write", PAGE, 32));
        }
        return new Target("P8", "I/O drivers and fio", """
                The I/O layer alone, on files whose blocks are written before, with a number of
                operations in flight. With one, ours executes it on the thread that asks; with
                several, each completion submits the next. fio uses io_uring with registered buffers
                and files; for `write+sync`, where every operation has a file of its own, it has a
                thread for each.""", groups, overviews);
    }

    private static Group group(Plan plan, String pattern, int block, int depth) {
        Case posix = io(SCHEDULER, WorkloadKind.IO, pattern, block, depth).with(DRIVER, "posix");
        Case uring =
                io(SCHEDULER, WorkloadKind.IO, pattern, block, depth).with(DRIVER, "io_uring");
        Case fio = io(FIO, WorkloadKind.FIO, pattern, block, depth);
        Group group = Group.of(pattern + ", " + (block >> 10) + " KiB, " + depth + " in flight",
                plan, OPERATIONS_PER_SECOND, P50_NANOS, P99_NANOS, CPU_NANOS_PER_ENTRY,
                ALLOCATED_BYTES_PER_ENTRY).add(uring).add(posix).addReference(fio)
                .aiming(Goal.atLeast(uring, OPERATIONS_PER_SECOND, 0.95, fio));
        return depth == 1 ? group.aiming(Goal.atLeast(uring, OPERATIONS_PER_SECOND, 1, posix))
                : group;
    }

    private static Case io(Entrant entrant, WorkloadKind workload, String pattern, int block,
            int depth) {
        return Case.of(entrant, workload).with(PATTERN, pattern).with(BLOCK, block).with(DEPTH,
                depth);
    }
}
