package io.duramen.wal.benchmarks.targets;

import static io.duramen.wal.benchmarks.contestant.Entrant.ACTORS;
import static io.duramen.wal.benchmarks.contestant.Entrant.AERON;
import static io.duramen.wal.benchmarks.contestant.Entrant.BARE_FILE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CHRONICLE;
import static io.duramen.wal.benchmarks.contestant.Entrant.CORE;
import static io.duramen.wal.benchmarks.contestant.Entrant.FILE_IO;
import static io.duramen.wal.benchmarks.contestant.Entrant.ROCKSDB;
import static io.duramen.wal.benchmarks.contestant.Entrant.STREAMS;
import static io.duramen.wal.benchmarks.harness.Metric.ALLOCATED_BYTES_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.BYTES_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Metric.CPU_NANOS_PER_ENTRY;
import static io.duramen.wal.benchmarks.harness.Metric.ENTRIES_PER_SECOND;
import static io.duramen.wal.benchmarks.harness.Metric.P50_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P9999_NANOS;
import static io.duramen.wal.benchmarks.harness.Metric.P99_NANOS;
import static io.duramen.wal.benchmarks.harness.Parameter.API;
import static io.duramen.wal.benchmarks.harness.Parameter.BACKGROUND_SYNC;
import static io.duramen.wal.benchmarks.harness.Parameter.CALLERS;
import static io.duramen.wal.benchmarks.harness.Parameter.DURABILITY;
import static io.duramen.wal.benchmarks.harness.Parameter.MODE;
import static io.duramen.wal.benchmarks.harness.Parameter.PAYLOAD;
import static io.duramen.wal.benchmarks.harness.Parameter.THREADS;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Appending: as fast as one caller can, one at a time, and with many callers.
final class AppendTargets {
    private static final int USUAL_PAYLOAD = 256;

    private AppendTargets() {}

    static Case bulk(Entrant entrant, int payloadBytes, String durability) {
        return Case.of(entrant, WorkloadKind.BULK).with(PAYLOAD, payloadBytes).with(DURABILITY,
                durability);
    }

    static Case calls(Entrant entrant, int payloadBytes, String durability, int callers) {
        return Case.of(entrant, WorkloadKind.CLOSED_LOOP).with(PAYLOAD, payloadBytes)
                .with(DURABILITY, durability).with(CALLERS, callers);
    }

    static Target oneThreadWritten(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int payload : plan.payloads(USUAL_PAYLOAD)) {
            groups.add(oneThreadWritten(plan, payload));
        }
        return new Target("P1", "Append WRITTEN, one thread", """
                One thread appends as fast as it can; an answer promises that the operating system
                has the entry. `pipelined` hands entries over and waits for all at the end of each
                32 MiB, `blocking` waits for each, which is a system call for every entry unless the
                mode is mapped. Ours computes a checksum of every entry and syncs in the background,
                where Chronicle Queue does neither; `background sync off` and the bare file show
                what the sync costs. The bare file copies entries into pieces of 64 KiB and
                overwrites the same 64 MiB of page cache.""", groups)
                .drawn(plan, BYTES_PER_SECOND, PAYLOAD);
    }

    private static Group oneThreadWritten(Plan plan, int payload) {
        Case chronicle = bulk(CHRONICLE, payload, "written");
        Case pipelined = bulk(CORE, payload, "written").with(API, "pipelined");
        Case blocking = bulk(CORE, payload, "written").with(API, "blocking");
        boolean counts = payload == USUAL_PAYLOAD;
        Set<Case> ours = new LinkedHashSet<>(plan.variants(pipelined, counts));
        ours.add(plan.first(pipelined).with(MODE, "mapped"));
        if (plan.full() && counts) {
            ours.add(plan.first(blocking));
            ours.add(plan.first(blocking).with(MODE, "mapped")); // it is for WRITTEN
        }
        Group group = Group.of(Plan.name(payload), plan, ENTRIES_PER_SECOND, BYTES_PER_SECOND,
                CPU_NANOS_PER_ENTRY, ALLOCATED_BYTES_PER_ENTRY).addAll(ours)
                .addReference(chronicle).add(bulk(BARE_FILE, payload, "written"));
        if (counts) {
            for (Case one : ours) {
                group = group.aiming(Goal.atLeast(one, ENTRIES_PER_SECOND, 3, chronicle));
            }
        }
        if (plan.full()) {
            group = group.add(plan.first(bulk(STREAMS, payload, "written")));
        }
        if (plan.full() && counts) {
            group = group.add(plan.first(pipelined).with(BACKGROUND_SYNC, "off"))
                    .add(plan.first(bulk(ACTORS, payload, "written")))
                    .add(bulk(AERON, payload, "written")).add(bulk(ROCKSDB, payload, "written"));
        }
        return group.timed(plan);
    }

    static Target oneCallerSynced(Plan plan) {
        Case bare = calls(BARE_FILE, USUAL_PAYLOAD, "synced", 1);
        List<Case> ours = plan.variants(calls(CORE, USUAL_PAYLOAD, "synced", 1));
        Group group = Group.of(Plan.name(USUAL_PAYLOAD), plan, P50_NANOS, P99_NANOS, P9999_NANOS,
                ENTRIES_PER_SECOND, CPU_NANOS_PER_ENTRY, ALLOCATED_BYTES_PER_ENTRY)
                .within(plan.budgetForSlowStarters()).addAll(ours).addReference(bare);
        if (plan.full()) {
            group = group.add(plan.first(calls(ACTORS, USUAL_PAYLOAD, "synced", 1)))
                    .add(calls(ROCKSDB, USUAL_PAYLOAD, "synced", 1))
                    .add(calls(CHRONICLE, USUAL_PAYLOAD, "synced", 1))
                    .add(calls(AERON, USUAL_PAYLOAD, "synced", 1));
        }
        for (Case one : ours) {
            group = group.aiming(Goal.atMost(one, P50_NANOS, 1.10, bare));
        }
        return new Target("P3", "Append SYNCED, one caller, one at a time", """
                A caller appends an entry, waits until it is on the device, and appends the next.
                The bare file is `pwrite` of as many bytes (entry, its header, and the header of its
                group) and `fdatasync`, to blocks that were written before.""", List.of(group));
    }

    static Target manyCallersSynced(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int callers : plan.full() ? new int[] {64, 1, 16, 256} : new int[] {64}) {
            Case rocks = calls(ROCKSDB, USUAL_PAYLOAD, "synced", callers);
            Case core = calls(CORE, USUAL_PAYLOAD, "synced", callers);
            boolean counts = callers == 64;
            List<Case> ours = plan.variants(core.with(THREADS, "virtual"), counts);
            Group group = Group.of(callers + (callers == 1 ? " caller" : " callers"), plan,
                    ENTRIES_PER_SECOND, P50_NANOS, P99_NANOS, P9999_NANOS, CPU_NANOS_PER_ENTRY,
                    ALLOCATED_BYTES_PER_ENTRY).within(plan.budgetForSlowStarters())
                    .addAll(ours).add(plan.first(core)).addReference(rocks);
            if (plan.full()) {
                group = group.add(plan.first(calls(ACTORS, USUAL_PAYLOAD, "synced", callers)));
            }
            if (plan.full() && counts) {
                group = group.add(calls(AERON, USUAL_PAYLOAD, "synced", callers));
            }
            for (Case one : counts ? ours : List.<Case> of()) {
                group = group.aiming(Goal.atLeast(one, ENTRIES_PER_SECOND, 10, rocks));
            }
            groups.add(group.timed(plan));
        }
        return new Target("P4", "Append SYNCED, many callers", """
                Threads that each append an entry, wait until it is on the device, and append the
                next. RocksDB is `put` with `sync=true`, and waits in native code, where a virtual
                thread holds on to one of the operating system's; so only ours has a row with
                virtual threads.""", groups);
    }

    static Target streams(Plan plan) {
        List<Group> groups = new ArrayList<>();
        for (int payload : plan.payloads(USUAL_PAYLOAD)) {
            Case fileIo = bulk(FILE_IO, payload, "written").with(API, "grouped");
            boolean counts = payload == USUAL_PAYLOAD;
            List<Case> ours = plan.variants(bulk(STREAMS, payload, "synced"), counts);
            Group group = Group.of(Plan.name(payload), plan, ENTRIES_PER_SECOND, BYTES_PER_SECOND,
                    CPU_NANOS_PER_ENTRY, ALLOCATED_BYTES_PER_ENTRY)
                    .within(plan.budgetForSlowStarters()).addAll(ours)
                    .addReference(fileIo);
            if (counts) {
                for (Case one : ours) {
                    group = group.aiming(Goal.atLeast(one, ENTRIES_PER_SECOND, 2_000_000))
                            .aiming(Goal.atLeast(one, BYTES_PER_SECOND, 1, fileIo));
                }
            }
            if (plan.full()) {
                group = group.add(plan.first(bulk(CORE, payload, "synced")));
            }
            if (plan.full() && counts) {
                group = group.add(bulk(FILE_IO, payload, "written").with(API, "one by one"))
                        .add(plan.first(bulk(ACTORS, payload, "synced")))
                        .add(bulk(AERON, payload, "synced"));
            }
            groups.add(group.timed(plan));
        }
        return new Target("P5", "Stream sink, SYNCED", """
                A source that repeats one element, into `WalSink.append` with everything on the
                device when the stream completes, against `FileIO.toPath`, which never syncs.
                `grouped` copies elements into pieces of 64 KiB before they reach `FileIO`, which
                otherwise makes a system call for each (`one by one`). A stream ends every 32 MiB.
                The other rows show what the layers below cost, and Aeron Archive at sync level
                2.""", groups).drawn(plan, BYTES_PER_SECOND, PAYLOAD);
    }
}
