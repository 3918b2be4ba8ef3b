package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.CORE;
import static io.duramen.wal.benchmarks.contestant.Entrant.JDK;
import static io.duramen.wal.benchmarks.harness.Metric.ALLOCATED_BYTES_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.NANOS_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Parameter.PATTERN;
import static io.duramen.wal.benchmarks.harness.Parameter.PAYLOAD;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.List;

/// What is done for each entry in memory.
final class HotTargets {
    private HotTargets() {}

    static Target inMemory(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int payload : plan.full() ? new int[] {256, 64, 1 << 10} : new int[] {256}) {
            groups.add(group(plan, "append, ", payload, "encode", "copyAndChecksum"));
            groups.add(group(plan, "read, ", payload, "read", "checksum"));
        }
        return new Target("hot", "In memory", """
                What appending and reading do for each entry without the disk, measured by JMH with
                its profiler of allocation: a group encoded in a buffer, against a copy and a
                CRC-32C of each payload; entries read from a log in the page cache, against a
                CRC-32C of as many bytes.""", groups);
    }

    private static Group group(Plan plan, String title, int payload, String ours, String jdk) {
        return Group.of(title + Plan.name(payload), plan, NANOS_PER_ENTRY,
                ALLOCATED_BYTES_PER_ENTRY).add(hot(CORE, ours, payload))
                .addReference(hot(JDK, jdk, payload)).times(plan.roundsAside());
    }

    private static Case hot(Entrant entrant, String method, int payload) {
        return Case.of(entrant, WorkloadKind.HOT_PATH).with(PATTERN, method).with(PAYLOAD,
                payload);
    }
}
