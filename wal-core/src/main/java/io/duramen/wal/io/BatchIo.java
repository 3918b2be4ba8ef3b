package io.duramen.wal.io;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// Reads or writes many regions of a file at a time, and waits for all of them, over any
/// [IoScheduler].
///
/// - **Threads**: one at a time; who shares it among threads locks around every call.
/// - **Order**: none inside a batch. The next call starts when the one before has ended.
/// - **Buffers**: nothing uses them any more when a call has returned, however it ended.
/// - **Size**: a batch is submitted in parts of at most `inFlightMax` operations; after a part with
///   a failure the next is not started. An empty batch succeeds and does nothing.
/// - **Close**: ends this object only; the scheduler belongs to whoever opened it.
public final class BatchIo implements AutoCloseable {
    private final IoScheduler scheduler;
    private final int inFlightMax;
    private boolean closed;

    /// @param inFlightMax operations that this may have in flight at a time
    public BatchIo(IoScheduler scheduler, int inFlightMax) {
        if (inFlightMax < 1) {
            throw new IllegalArgumentException(
                    "inFlightMax [" + inFlightMax + "] must be at least 1");
        }
        this.scheduler = Objects.requireNonNull(scheduler);
        this.inFlightMax = inFlightMax;
    }

    /// A piece of a file, and the memory for it.
    ///
    /// @param offset where in the file it starts
    public record Region(MemorySegment bytes, long offset) {}

    /// Fills every region. One that the file's end cuts short has failed.
    public BatchResult preadBatch(IoFile file, List<Region> regions) {
        return execute(regions, region -> new Read(file, region.bytes(), region.offset()));
    }

    /// Writes every region. Regions that overlap end up in no certain order.
    public BatchResult pwriteBatch(IoFile file, List<Region> regions) {
        return execute(regions, region -> new Write(file, region.bytes(), region.offset()));
    }

    /// Makes durable what was written to the file before.
    ///
    /// @throws WalException where the sync failed; it is not retried
    public void fdatasync(IoFile file) {
        requireOpen();
        scheduler.execute(IoChain.of(new Fdatasync(file))).orThrow();
    }

    /// Writes one region, then makes it durable; a failed write is not followed by a sync. `Failed`
    /// names the write as operation 0, the sync as operation 1.
    public IoResult linkedWriteFdatasync(IoFile file, MemorySegment bytes, long offset) {
        requireOpen();
        return scheduler.execute(IoChain.durableWrite(file, bytes, offset));
    }

    /// Makes further calls fail with `WalException.Closed`. A second close does nothing.
    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new WalException.Closed("the batch interface");
        }
    }

    private BatchResult execute(List<Region> regions, Function<Region, IoOperation> operation) {
        requireOpen();
        List<IoOperation> operations = regions.stream().map(operation).toList();
        Progress progress = new Progress();
        for (int from = 0; from < operations.size() && progress.cause == null;
                from += inFlightMax) {
            int to = Math.min(operations.size(), from + inFlightMax);
            executePart(operations.subList(from, to), from, progress);
        }
        return progress.result();
    }

    private void executePart(List<IoOperation> operations, int firstIndex, Progress progress) {
        if (operations.size() == 1) { // quickest on this thread
            progress.add(firstIndex, operations.getFirst(), executeAlone(operations.getFirst()));
            return;
        }
        IoTicket[] tickets = new IoTicket[operations.size()];
        IoResult[] refusals = new IoResult[operations.size()];
        for (int i = 0; i < tickets.length; i++) {
            IoOperation next = operations.get(i);
            try {
                tickets[i] = scheduler.submit(IoChain.of(next));
            } catch (WalException.Overloaded _) { // by others: this thread then does it itself
                refusals[i] = executeAlone(next);
            } catch (WalException refused) {
                refusals[i] = new IoResult.Failed(0, 0, refused);
            }
        }
        for (int i = 0; i < tickets.length; i++) {
            IoResult result = tickets[i] == null ? refusals[i] : tickets[i].await();
            progress.add(firstIndex + i, operations.get(i), result);
        }
    }

    private IoResult executeAlone(IoOperation operation) {
        try {
            return scheduler.execute(IoChain.of(operation));
        } catch (WalException refused) {
            return new IoResult.Failed(0, 0, refused);
        }
    }

    /// What has come of a batch so far; operations are added in their order.
    private static final class Progress {
        private final BitSet complete = new BitSet();
        private long transferredBytes;
        private int failedIndex;
        private WalException cause;

        void add(int index, IoOperation operation, IoResult result) {
            transferredBytes += result.transferredBytes();
            WalException failure = switch (result) {
                case IoResult.Failed failed -> failed.cause();
                case IoResult.Done(long bytes) when bytes < operation.sizeBytes() ->
                        endOfFile(operation, bytes);
                case IoResult.Done _ -> null;
            };
            if (failure == null) {
                complete.set(index);
            } else if (cause == null) {
                failedIndex = index;
                cause = failure;
            }
        }

        private static WalException endOfFile(IoOperation operation, long bytes) {
            return new WalException.Io("pread", operation.file().path(), 0, "the file ends after "
                    + bytes + " of the " + operation.sizeBytes() + " bytes asked for");
        }

        BatchResult result() {
            return cause == null ? new BatchResult.Done(transferredBytes)
                    : new BatchResult.Failed(failedIndex, transferredBytes, complete, cause);
        }
    }
}
