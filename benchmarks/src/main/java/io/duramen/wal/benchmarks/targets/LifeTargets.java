package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.ACTORS;
import static io.duramen.wal.benchmarks.contestant.Entrant.CHRONICLE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CORE;
import static io.duramen.wal.benchmarks.contestant.Entrant.ROCKSDB;
import static io.duramen.wal.benchmarks.harness.Metric.HEAP_BYTES_PER_LOG;
import static io.duramen.wal.benchmarks.harness.Metric.OPEN_AND_APPEND_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.OPEN_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P50_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P99_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.RESIDENT_BYTES_PER_LOG;
import static io.duramen.wal.benchmarks.harness.Metric.ROTATIONS;
import static io.duramen.wal.benchmarks.harness.Metric.WORST_AT_PREPARATION;
import static io.duramen.wal.benchmarks.harness.Metric.WORST_AT_ROTATION;
import static io.duramen.wal.benchmarks.harness.Metric.WORST_ELSEWHERE;
import static io.duramen.wal.benchmarks.harness.Parameter.CACHE;
import static io.duramen.wal.benchmarks.harness.Parameter.CALLERS;
import static io.duramen.wal.benchmarks.harness.Parameter.DURABILITY;
import static io.duramen.wal.benchmarks.harness.Parameter.FRAGMENT;
import static io.duramen.wal.benchmarks.harness.Parameter.LEFT;
import static io.duramen.wal.benchmarks.harness.Parameter.LOGS;
import static io.duramen.wal.benchmarks.harness.Parameter.LOG_SIZE;
import static io.duramen.wal.benchmarks.harness.Parameter.PAYLOAD;
import static io.duramen.wal.benchmarks.harness.Parameter.RATE;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Quantity;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.List;

/// What happens in a log's life: it is opened, it is idle, its fragments come to their end.
final class LifeTargets {
    private static final long OPEN_MAX_NANOS = 100_000_000;
    private static final long IDLE_HEAP_MAX_BYTES = 20 << 10;
    private static final int SMALLEST_FRAGMENT = 64 << 10;
    private static final long LARGEST_LOG = 10L << 30;

    private LifeTargets() {}

    static Target opening(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (long size : plan.full() ? List.of(64L << 20, 1L << 30, LARGEST_LOG)
                : List.of(256L << 20)) {
            for (String left : List.of("closed", "killed")) {
                Case ours = opened(CORE, size, left).with(CACHE, "hot");
                Group group = Group.of(Quantity.bytes(size) + ", " + left, plan, OPEN_NANOS,
                        OPEN_AND_APPEND_NANOS).add(ours)
                        .aiming(Goal.atMost(ours, OPEN_NANOS, OPEN_MAX_NANOS));
                if (plan.full()) {
                    Case cold = opened(CORE, size, left).with(CACHE, "cold");
                    group = group.add(cold)
                            .aiming(Goal.atMost(cold, OPEN_NANOS, OPEN_MAX_NANOS));
                }
                if (plan.full() && size < LARGEST_LOG) {
                    group = group.add(opened(ACTORS, size, left).with(CACHE, "hot"))
                            .add(opened(CHRONICLE, size, left).with(CACHE, "hot"))
                            .add(opened(ROCKSDB, size, left).with(CACHE, "hot"));
                }
                groups.add(group.times(plan.roundsAside()));
            }
        }
        return new Target("P10", "Open a log", """
                A process fills a log with entries of 256 bytes and closes it, or is killed with the
                newest not synced; another opens it. `cold`: the files are not in the page cache.
                Opening ours reads what has no footer yet, at most two fragments, whatever the log's
                size; the actors' row has the start of an actor system in it. Peers may put work off
                until it is asked for, so compare by the first append.""", groups);
    }

    private static Case opened(Entrant entrant, long size, String left) {
        return Case.of(entrant, WorkloadKind.OPEN).with(PAYLOAD, 256).with(DURABILITY, "written")
                .with(LOG_SIZE, size).with(LEFT, left);
    }

    static Target idle(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int logs : plan.full() ? List.of(10_000, 5_000, 1_000, 100) : List.of(1_000)) {
            Group group = Group.of(logs + " logs", plan, HEAP_BYTES_PER_LOG,
                    RESIDENT_BYTES_PER_LOG, OPEN_NANOS);
            for (Entrant entrant : List.of(ACTORS, CORE)) {
                Case ours = Case.of(entrant, WorkloadKind.IDLE_LOGS).with(PAYLOAD, 256)
                        .with(DURABILITY, "synced").with(FRAGMENT, SMALLEST_FRAGMENT)
                        .with(LOGS, logs);
                group = group.add(ours)
                        .aiming(Goal.atMost(ours, HEAP_BYTES_PER_LOG, IDLE_HEAP_MAX_BYTES));
            }
            groups.add(group.times(plan.roundsAside()));
        }
        return new Target("P11", "Idle logs", """
                Logs in one actor system, or on one environment, each with one entry and then left
                alone: the heap in use and the resident memory of all, less that of one, by their
                number; and the time to open one, one after the other. Fragments are small, or the
                disk would be the limit.""", groups);
    }

    static Target rotation(Plan plan) {
        long rate = 2_000;
        Budget budget = plan.budget().measuring(4);
        List<Group> groups = new ArrayList<>();
        for (String durability : plan.full() ? List.of("synced", "written") : List.of("synced")) {
            Case ours = Case.of(CORE, WorkloadKind.ROTATION).with(PAYLOAD, 4 << 10)
                    .with(DURABILITY, durability).with(CALLERS, 16).with(RATE, rate)
                    .with(FRAGMENT, 4 << 20);
            Group group = Group.of(durability, plan, WORST_AT_ROTATION, WORST_AT_PREPARATION,
                    WORST_ELSEWHERE, ROTATIONS, P50_NANOS, P99_NANOS).within(budget);
            for (Case one : plan.variants(ours, durability.equals("synced"))) {
                group = group.add(one).aiming(Goal.atMost(one, WORST_AT_ROTATION, 2));
            }
            groups.add(plan.full() ? group.add(plan.first(
                    new Case(ACTORS, ours.workload(), ours.parameters()))) : group);
        }
        return new Target("P12", "Rotation", """
                Entries arrive at a fixed rate; a latency counts from the moment the entry was due.
                The worst latency in the first eighth of every fragment, and in the eighth after its
                middle, where the next one is prepared, each over p99; and the worst in as many
                entries after the first quarter, where nothing happens, which tells what of it is
                the machine's.""", groups);
    }
}
