/// What is done with a contestant, and what is measured of it?
///
/// Each [Workload][io.duramen.wal.benchmarks.workload.Workload] opens the contestant in its fork's
/// folder, warms it up, and measures.
/// [WorkloadKind][io.duramen.wal.benchmarks.workload.WorkloadKind] names them. Latencies come from
/// `CallerThreads`: of appends one at a time in `ClosedLoop`, and from the moment an entry was due
/// in `OpenLoop`, which leaves out no stall.
package io.duramen.wal.benchmarks.workload;
