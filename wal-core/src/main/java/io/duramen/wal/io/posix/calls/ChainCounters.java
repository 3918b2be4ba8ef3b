package io.duramen.wal.io.posix.calls;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Kind;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoStatistics;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts what was executed and how chains ended, without making the threads that do it wait for
/// each other.
public final class ChainCounters {
    private static final Kind[] KINDS = Kind.values();

    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final LongAdder[] operations = adders();
    private final LongAdder[] bytes = adders();
    private final LongAdder byRing = new LongAdder();
    private final LongAdder systemCalls = new LongAdder();
    private final CompletionTimes times = new CompletionTimes();

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[KINDS.length];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /// An operation that was executed by a system call of its own.
    public void countByCall(Kind kind, long moved) {
        operations[kind.ordinal()].increment();
        if (moved != 0) {
            bytes[kind.ordinal()].add(moved);
        }
    }

    /// An operation that was executed by a ring.
    public void countByRing(Kind kind, long moved) {
        countByCall(kind, moved);
        byRing.increment();
    }

    public void countSystemCalls(int calls) {
        systemCalls.add(calls);
    }

    /// The end of a chain.
    void countEnd(IoResult result, long nanos) {
        if (result instanceof IoResult.Failed failure) {
            countFailure(failure.cause());
        }
        times.record(nanos);
        completed.increment();
    }

    private void countFailure(WalException cause) {
        failed.increment();
        if (cause instanceof WalException.Cancelled) {
            cancelled.increment();
        } else if (cause instanceof WalException.TimedOut) {
            timedOut.increment();
        }
    }

    public long completed() {
        return completed.sum();
    }

    /// @param chainsCompleted read before `chainsSubmitted`, so that it is never the larger
    public IoStatistics statistics(long chainsSubmitted, long chainsCompleted,
            IoStatistics.Depth depth) {
        Map<Kind, IoStatistics.Operations> executed = new EnumMap<>(Kind.class);
        for (Kind kind : KINDS) {
            long count = operations[kind.ordinal()].sum();
            if (count > 0) {
                executed.put(kind, new IoStatistics.Operations(
                        count, bytes[kind.ordinal()].sum()));
            }
        }
        return new IoStatistics(
                new IoStatistics.Chains(chainsSubmitted, chainsCompleted, failed.sum(),
                        cancelled.sum(), timedOut.sum()),
                executed, byRing.sum(), systemCalls.sum(), depth, times.latency());
    }
}
