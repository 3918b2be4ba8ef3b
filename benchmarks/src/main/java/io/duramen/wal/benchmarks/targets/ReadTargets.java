package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.CHRONICLE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CORE;
import static io.duramen.wal.benchmarks.contestant.Entrant.FILE_IO;
import static io.duramen.wal.benchmarks.contestant.Entrant.ROCKSDB;
import static io.duramen.wal.benchmarks.contestant.Entrant.STREAMS;
import static io.duramen.wal.benchmarks.harness.Metric.ALLOCATED_BYTES_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.BYTES_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Metric.CPU_NANOS_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.ENTRIES_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Parameter.ACCESS;
import static io.duramen.wal.benchmarks.harness.Parameter.DURABILITY;
import static io.duramen.wal.benchmarks.harness.Parameter.LOG_SIZE;
import static io.duramen.wal.benchmarks.harness.Parameter.PAYLOAD;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.List;

/// Reading what is in the page cache, from the beginning to the end.
final class ReadTargets {
    private static final int USUAL_PAYLOAD = 256;

    private ReadTargets() {}

    private static Case replay(Plan plan, Entrant entrant, int payloadBytes) {
        return Case.of(entrant, WorkloadKind.REPLAY).with(PAYLOAD, payloadBytes)
                .with(DURABILITY, "written")
                .with(LOG_SIZE, (plan.full() ? 512L << 20 : 128L << 20));
    }

    private static Group group(Plan plan, int payloadBytes) {
        return Group.of(Plan.name(payloadBytes), plan, ENTRIES_PER_SECOND, BYTES_PER_SECOND,
                CPU_NANOS_PER_ENTRY, ALLOCATED_BYTES_PER_ENTRY);
    }

    static Target core(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int payload : plan.payloads(USUAL_PAYLOAD)) {
            for (String access : plan.full() && payload == USUAL_PAYLOAD
                    ? List.of("in-place", "copied") : List.of("in-place")) {
                Case ours = replay(plan, CORE, payload).with(ACCESS, access);
                Case chronicle = replay(plan, CHRONICLE, payload).with(ACCESS, access);
                Group group = group(plan, payload).titled(Plan.name(payload) + ", " + access)
                        .add(ours).addReference(chronicle);
                if (payload == USUAL_PAYLOAD && access.equals("in-place")) {
                    group = group.aiming(Goal.atLeast(ours, ENTRIES_PER_SECOND, 1.5, chronicle));
                }
                group = access.equals("copied")
                        ? group.add(replay(plan, ROCKSDB, payload).with(ACCESS, access)) : group;
                groups.add(group.timed(plan));
            }
        }
        return new Target("P2", "Sequential read", """
                One thread reads a log from its beginning to its end, and looks at the first byte of
                each entry where it lies (`in-place`) or in an array that it was copied to
                (`copied`). Ours checks the checksum of every entry; Chronicle Queue has none.
                RocksDB reads from its memtable, or from a file it has flushed that to.""", groups)
                .drawn(plan, BYTES_PER_SECOND, PAYLOAD);
    }

    static Target streams(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int payload : plan.payloads(USUAL_PAYLOAD)) {
            Case ours = replay(plan, STREAMS, payload);
            Case fileIo = replay(plan, FILE_IO, payload);
            Group group = group(plan, payload).within(plan.budgetForSlowStarters()).add(ours)
                    .addReference(fileIo);
            if (payload == USUAL_PAYLOAD) {
                group = group.aiming(Goal.atLeast(ours, ENTRIES_PER_SECOND, 5_000_000))
                        .aiming(Goal.atLeast(ours, ENTRIES_PER_SECOND, 3, fileIo));
            }
            groups.add(group.timed(plan));
        }
        return new Target("P6", "Stream source, replay", """
                `WalSource.current` to a sink that looks at the first byte of every entry, against
                `FileIO.fromPath` with `Framing.lengthField` over the same payloads, in chunks of
                64 KiB. Ours checks every entry, the file has no checksum.""", groups)
                .drawn(plan, BYTES_PER_SECOND, PAYLOAD);
    }
}
