package io.duramen.wal.io.posix.calls;

import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.os.Transfer;
import java.util.concurrent.atomic.LongAdder;

/// Counts completed chains, without making the threads that complete them wait for each other.
public final class ChainCounters {
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder syncs = new LongAdder();
    private final LongAdder systemCalls = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    public void count(Transfer transfer, IoResult result) {
        add(reads, transfer.reads());
        add(writes, transfer.writes());
        add(syncs, transfer.syncs());
        add(systemCalls, transfer.systemCalls());
        add(bytesRead, transfer.readBytes());
        add(bytesWritten, transfer.writtenBytes());
        countEnd(result);
    }

    public void countRead(long bytes) {
        reads.increment();
        add(bytesRead, bytes);
    }

    public void countWrite(long bytes) {
        writes.increment();
        add(bytesWritten, bytes);
    }

    public void countSync() {
        syncs.increment();
    }

    public void countSystemCall() {
        systemCalls.increment();
    }

    /// The end of a chain whose operations were counted one by one.
    public void countEnd(IoResult result) {
        if (result instanceof IoResult.Failed) {
            failed.increment();
        }
        completed.increment();
    }

    private static void add(LongAdder counter, long number) {
        if (number != 0) {
            counter.add(number);
        }
    }

    public long completed() {
        return completed.sum();
    }

    /// @param chainsCompleted read before `chainsSubmitted`, so that it is never the larger
    public IoStatistics statistics(long chainsSubmitted, long chainsCompleted) {
        return new IoStatistics(chainsSubmitted, chainsCompleted, failed.sum(), reads.sum(),
                writes.sum(), syncs.sum(), systemCalls.sum(), bytesRead.sum(), bytesWritten.sum());
    }
}
