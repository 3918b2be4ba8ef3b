package io.duramen.wal.benchmarks.workload;

/// The workloads by name, as they travel to another JVM.
public enum WorkloadKind {
    BULK(new BulkAppend()),
    CLOSED_LOOP(new ClosedLoop()),
    OPEN_LOOP(new OpenLoop()),
    REPLAY(new Replay()),
    FILL(new Fill()),
    OPEN(new Opening()),
    IDLE_LOGS(new IdleLogs()),
    ROTATION(new RotationTail()),
    HOT_PATH(new HotPaths()),
    IO(new IoInFlight()),
    FIO(new Fio());

    private final Workload workload;

    WorkloadKind(Workload workload) {
        this.workload = workload;
    }

    public Workload workload() {
        return workload;
    }
}
