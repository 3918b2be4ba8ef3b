package io.duramen.wal.io;

import java.util.Map;

/// Counts since a scheduler was opened. They are read one after the other while others go on
/// counting, so they may differ by what happened meanwhile.
///
/// @param operations what was executed, failures included, for each kind that was; what was
///     given up before it started is not in it
/// @param operationsByRing how many of them went through a ring; the others were system calls of
///     their own
/// @param systemCalls calls to the operating system for the operations
public record IoStatistics(Chains chains, Map<IoOperation.Kind, Operations> operations,
        long operationsByRing, long systemCalls, Depth depth, Latency latency) {
    /// Before anything was submitted.
    public static final IoStatistics NONE = new IoStatistics(new Chains(0, 0, 0, 0, 0), Map.of(), 0,
            0, new Depth(0, 0), new Latency(0, 0, 0, 0, 0));

    public IoStatistics {
        operations = Map.copyOf(operations);
    }

    /// @param submitted accepted
    /// @param completed ended, however they did
    /// @param failed ended with a failure, those that were given up included
    /// @param cancelled ended before they were complete because someone asked for it
    /// @param timedOut ended before they were complete because their time was over
    public record Chains(long submitted, long completed, long failed, long cancelled,
            long timedOut) {}

    /// @param bytes moved by them, 0 for what moves none
    public record Operations(long count, long bytes) {
        private static final Operations NONE = new Operations(0, 0);
    }

    /// Chains that were submitted and not complete, whether they waited or were under way. Those
    /// that their callers' own threads execute are not in it.
    public record Depth(int now, int max) {}

    /// Times of chains from submission to completion, to within a hundredth; the caller's own time
    /// where a caller's thread executed it.
    public record Latency(long chains, long medianNanos, long p99Nanos, long p999Nanos,
            long maxNanos) {}

    public Operations operations(IoOperation.Kind kind) {
        return operations.getOrDefault(kind, Operations.NONE);
    }

    public long operationCount() {
        return operations.values().stream().mapToLong(Operations::count).sum();
    }

    /// Operations that were system calls of their own.
    public long operationsBySystemCall() {
        return operationCount() - operationsByRing;
    }

    public long reads() {
        return operations(IoOperation.Kind.READ).count()
                + operations(IoOperation.Kind.READV).count();
    }

    public long writes() {
        return operations(IoOperation.Kind.WRITE).count()
                + operations(IoOperation.Kind.WRITEV).count();
    }

    public long syncs() {
        return operations(IoOperation.Kind.FDATASYNC).count()
                + operations(IoOperation.Kind.FSYNC).count();
    }

    public long bytesRead() {
        return operations(IoOperation.Kind.READ).bytes()
                + operations(IoOperation.Kind.READV).bytes();
    }

    public long bytesWritten() {
        return operations(IoOperation.Kind.WRITE).bytes()
                + operations(IoOperation.Kind.WRITEV).bytes();
    }

    /// On average; 0 before the first call.
    public double operationsPerSystemCall() {
        return systemCalls == 0 ? 0 : (double) operationCount() / systemCalls;
    }
}
