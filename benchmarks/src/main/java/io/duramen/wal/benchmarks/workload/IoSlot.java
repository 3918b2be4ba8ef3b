package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.harness.Latencies;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;

/// One of the operations in flight: when it completes, the next one takes its place. Used by one
/// thread at a time, as completions of the same slot never overlap.
final class IoSlot {
    private final IoPattern pattern;
    private final IoFile file;
    private final MemorySegment memory;
    private final long blocks;
    private final SplittableRandom random;
    private final Latencies latencies = new Latencies();
    private final Semaphore ended = new Semaphore(0);
    private long next;
    private Throwable failure;

    IoSlot(IoPattern pattern, IoFile file, MemorySegment memory, long fileBytes, long seed) {
        this.pattern = pattern;
        this.file = file;
        this.memory = memory;
        this.blocks = fileBytes / memory.byteSize();
        this.random = new SplittableRandom(seed);
    }

    private IoChain chain() {
        long block = pattern.isFilePerOperation() ? next++ % blocks : random.nextLong(blocks);
        long offset = block * memory.byteSize();
        return pattern.isFilePerOperation() ? IoChain.durableWrite(file, memory, offset)
                : IoChain.of(pattern.isRead() ? new IoOperation.Read(file, memory, offset)
                        : new IoOperation.Write(file, memory, offset));
    }

    void executeUntil(IoScheduler scheduler, long end) {
        latencies.clear();
        long before = System.nanoTime();
        while (before < end) {
            scheduler.execute(chain()).orThrow();
            long after = System.nanoTime();
            latencies.record(after - before);
            before = after;
        }
    }

    void startUntil(IoScheduler scheduler, long end) {
        latencies.clear();
        submit(scheduler, end);
    }

    private void submit(IoScheduler scheduler, long end) {
        long before = System.nanoTime();
        scheduler.submit(chain(), result -> completed(scheduler, end, before, result));
    }

    private void completed(IoScheduler scheduler, long end, long before, IoResult result) {
        try {
            result.orThrow();
            long now = System.nanoTime();
            latencies.record(now - before);
            if (now < end) {
                submit(scheduler, end);
                return;
            }
        } catch (RuntimeException | Error broken) {
            failure = broken;
        }
        ended.release();
    }

    /// Waits until its last operation has completed.
    ///
    /// @throws IllegalStateException when one failed
    void awaitEnd() throws InterruptedException {
        ended.acquire();
        if (failure != null) {
            throw new IllegalStateException("an operation failed", failure);
        }
    }

    Latencies latencies() {
        return latencies;
    }
}
