package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.ACTORS;
import static io.duramen.wal.benchmarks.contestant.Entrant.BARE_FILE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CHRONICLE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CORE;
import static io.duramen.wal.benchmarks.contestant.Entrant.ROCKSDB;
import static io.duramen.wal.benchmarks.contestant.Entrant.STREAMS;
import static io.duramen.wal.benchmarks.harness.Metric.ALLOCATED_BYTES_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.CPU_NANOS_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.ENTRIES_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Metric.MAX_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P50_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P9999_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P999_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P99_NANOS;
import static io.duramen.wal.benchmarks.harness.Parameter.CALLERS;
import static io.duramen.wal.benchmarks.harness.Parameter.DURABILITY;
import static io.duramen.wal.benchmarks.harness.Parameter.FRAGMENT;
import static io.duramen.wal.benchmarks.harness.Parameter.LOGS;
import static io.duramen.wal.benchmarks.harness.Parameter.PAYLOAD;
import static io.duramen.wal.benchmarks.harness.Parameter.RATE;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How things change with load, with the number of callers and logs, and as a log grows.
final class CurveTargets {
    private static final int PAYLOAD_BYTES = 256;

    private CurveTargets() {}

    static Target tail(Plan plan) {
        Budget longer = plan.full() ? plan.budget().measuring(3) : plan.budget();
        List<Group> groups = new ArrayList<>();
        for (int rate : plan.full() ? new int[] {1_000, 10_000} : new int[] {1_000}) {
            Case rocks = arriving(ROCKSDB, "synced", rate);
            Group synced = tail("synced, " + rate + "/s", plan, longer)
                    .addAll(plan.variants(arriving(CORE, "synced", rate), rate == 1_000))
                    .addReference(rocks).times(plan.roundsAside());
            groups.add(plan.full()
                    ? synced.add(plan.first(arriving(ACTORS, "synced", rate))) : synced);
            if (plan.full()) {
                groups.add(tail("written, " + rate + "/s", plan, longer)
                        .add(plan.first(arriving(CORE, "written", rate)))
                        .addReference(arriving(CHRONICLE, "written", rate))
                        .add(arriving(ROCKSDB, "written", rate)).times(plan.roundsAside()));
            }
        }
        return new Target("tail", "Latency at a fixed rate", """
                Entries of 256 bytes arrive at a fixed rate, spread over 16 callers, whether or not
                those before them have been answered. A latency counts from the moment the entry was
                due, so a stall counts for everything that was due in it.""", groups);
    }

    private static Group tail(String title, Plan plan, Budget budget) {
        return Group.of(title, plan, P9999_NANOS, P50_NANOS, P99_NANOS, P999_NANOS, MAX_NANOS,
                ENTRIES_PER_SECOND, CPU_NANOS_PER_ENTRY, ALLOCATED_BYTES_PER_ENTRY)
                .within(budget).drawn(new Chart.Percentiles());
    }

    private static Case arriving(Entrant entrant, String durability, int rate) {
        return Case.of(entrant, WorkloadKind.OPEN_LOOP).with(PAYLOAD, PAYLOAD_BYTES)
                .with(DURABILITY, durability).with(CALLERS, 16).with(RATE, rate);
    }

    /// For a plan that measures everything.
    static Target callers(Plan plan) {
        Group group = curve("callers", plan, CALLERS);
        for (int callers : new int[] {1, 4, 16, 64, 256, 1000}) {
            group = group.add(plan.first(AppendTargets.calls(CORE, PAYLOAD_BYTES, "synced",
                    callers)))
                    .add(plan.first(AppendTargets.calls(ACTORS, PAYLOAD_BYTES, "synced", callers)))
                    .add(AppendTargets.calls(ROCKSDB, PAYLOAD_BYTES, "synced", callers));
        }
        return new Target("callers", "As callers grow", """
                Threads that each append an entry, wait until it is on the device, and append the
                next.""", List.of(group));
    }

    /// For a plan that measures everything.
    static Target logs(Plan plan) {
        Group group = curve("logs", plan, LOGS);
        for (int logs : new int[] {1, 10, 100, 1_000, 5_000, 10_000}) {
            for (Entrant entrant : List.of(CORE, ACTORS)) {
                group = group.add(plan.first(AppendTargets
                        .calls(entrant, PAYLOAD_BYTES, "synced", 64).with(LOGS, logs)
                        .with(FRAGMENT, 256 << 10)));
            }
        }
        return new Target("logs", "As logs grow", """
                64 threads that each append an entry to a log chosen at random, wait until it is on
                the device, and choose again. With more logs fewer entries share a sync. The logs
                are on one environment, or in one actor system; fragments are small, or the disk
                would be the limit.""", List.of(group));
    }

    private static Group curve(String title, Plan plan, Parameter axis) {
        Group group = Group.of(title, plan, ENTRIES_PER_SECOND, P50_NANOS, P99_NANOS,
                CPU_NANOS_PER_ENTRY).drawn(new Chart.Over(axis));
        return group.times(plan.roundsAside());
    }

    /// For a plan that measures everything.
    static Target growth(Plan plan) {
        Budget large =
                new Budget(Duration.ZERO, plan.budget().measure().multipliedBy(15), 20L << 30);
        Group group = Group.of("growth", plan, ENTRIES_PER_SECOND).within(large).times(1)
                .drawn(new Chart.Growth())
                .add(plan.first(AppendTargets.bulk(CORE, PAYLOAD_BYTES, "written")))
                .add(plan.first(AppendTargets.bulk(CORE, PAYLOAD_BYTES, "synced")))
                .add(plan.first(AppendTargets.bulk(STREAMS, PAYLOAD_BYTES, "synced")))
                .add(AppendTargets.bulk(CHRONICLE, PAYLOAD_BYTES, "written"))
                .add(AppendTargets.bulk(ROCKSDB, PAYLOAD_BYTES, "written"))
                .add(AppendTargets.bulk(BARE_FILE, PAYLOAD_BYTES, "written"));
        return new Target("growth", "As a log grows",
                """
                One thread appends entries of 256 bytes until there are 20 GiB or the
                time is over, cold start included: time per entry over what is in the log.""",
                List.of(group));
    }
}
