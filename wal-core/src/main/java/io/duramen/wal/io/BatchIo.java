package io.duramen.wal.io;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
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
///   a failure the next is not started. Small regions that follow each other in the file, and in
///   the batch, are one vectored operation. An empty batch succeeds and does nothing.
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
    public record Region(MemorySegment bytes, long offset) {
        long end() {
            return offset + bytes.byteSize();
        }
    }

    /// Fills every region. One that the file's end cuts short has failed.
    public BatchResult preadBatch(IoFile file, List<Region> regions) {
        return execute(file, regions, run -> run.isSingle()
                ? new Read(file, run.regions().getFirst().bytes(), run.offset())
                : new Readv(file, run.pieces(), run.offset()));
    }

    /// Writes every region. Regions that overlap end up in no certain order.
    public BatchResult pwriteBatch(IoFile file, List<Region> regions) {
        return execute(file, regions, run -> run.isSingle()
                ? new Write(file, run.regions().getFirst().bytes(), run.offset())
                : new Writev(file, run.pieces(), run.offset()));
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

    private BatchResult execute(IoFile file, List<Region> regions,
            Function<Run, IoOperation> operation) {
        requireOpen();
        List<Run> runs = Run.of(regions);
        Progress progress = new Progress(file);
        for (int from = 0; from < runs.size() && !progress.hasFailed(); from += inFlightMax) {
            List<Run> part = runs.subList(from, Math.min(runs.size(), from + inFlightMax));
            executeOneByOne(executePart(part, operation, progress), operation, progress);
        }
        return progress.result();
    }

    /// @return regions that failed together with others, and are to be tried by themselves, so that
    ///     each has its own outcome
    private List<Run> executePart(List<Run> part, Function<Run, IoOperation> operation,
            Progress progress) {
        List<Run> left = new ArrayList<>();
        if (part.size() == 1) { // quickest on this thread
            progress.add(part.getFirst(), executeAlone(operation.apply(part.getFirst())), left);
            return left;
        }
        IoTicket[] tickets = new IoTicket[part.size()];
        IoResult[] here = new IoResult[part.size()];
        for (int i = 0; i < tickets.length; i++) {
            IoOperation next = operation.apply(part.get(i));
            try {
                tickets[i] = scheduler.submit(IoChain.of(next));
            } catch (WalException.Overloaded _) { // by others: this thread then does it itself
                here[i] = executeAlone(next);
            } catch (WalException refused) {
                here[i] = new IoResult.Failed(0, 0, refused);
            }
        }
        for (int i = 0; i < tickets.length; i++) {
            progress.add(part.get(i), tickets[i] == null ? here[i] : tickets[i].await(), left);
        }
        return left;
    }

    /// Up to the first failure.
    private void executeOneByOne(List<Run> singles, Function<Run, IoOperation> operation,
            Progress progress) {
        for (Run single : singles) {
            IoResult result = executeAlone(operation.apply(single));
            progress.add(single, result, List.of());
            if (result instanceof IoResult.Failed) {
                return;
            }
        }
    }

    private IoResult executeAlone(IoOperation operation) {
        try {
            return scheduler.execute(IoChain.of(operation));
        } catch (WalException refused) {
            return new IoResult.Failed(0, 0, refused);
        }
    }

    /// Regions that follow each other in the file and in the batch, and go as one operation.
    ///
    /// @param firstIndex of the first region, in the batch
    private record Run(int firstIndex, List<Region> regions) {
        /// Larger ones gain nothing: copying them takes longer than the call.
        private static final long BYTES_MAX = 1 << 20;

        static List<Run> of(List<Region> batch) {
            List<Run> runs = new ArrayList<>();
            int first = 0;
            long bytes = 0;
            for (int i = 0; i < batch.size(); i++) {
                bytes += batch.get(i).bytes().byteSize();
                boolean endsHere = i + 1 == batch.size()
                        || batch.get(i).end() != batch.get(i + 1).offset()
                        || bytes + batch.get(i + 1).bytes().byteSize() > BYTES_MAX;
                if (endsHere) {
                    runs.add(new Run(first, batch.subList(first, i + 1)));
                    first = i + 1;
                    bytes = 0;
                }
            }
            return runs;
        }

        boolean isSingle() {
            return regions.size() == 1;
        }

        long offset() {
            return regions.getFirst().offset();
        }

        List<MemorySegment> pieces() {
            return regions.stream().map(Region::bytes).toList();
        }

        Run single(int index) {
            return new Run(firstIndex + index, regions.subList(index, index + 1));
        }
    }

    /// What has come of a batch so far.
    private static final class Progress {
        private final IoFile file;
        private final BitSet complete = new BitSet();
        private long transferredBytes;
        private int failedIndex = Integer.MAX_VALUE;
        private WalException cause;

        Progress(IoFile file) {
            this.file = file;
        }

        boolean hasFailed() {
            return cause != null;
        }

        /// @param left where regions go that are not complete, and whose own outcome is not known
        void add(Run run, IoResult result, List<Run> left) {
            long bytes = result.transferredBytes();
            for (int i = 0; i < run.regions().size(); i++) {
                Region region = run.regions().get(i);
                long moved = Math.min(bytes, region.bytes().byteSize());
                bytes -= moved;
                WalException failure = failure(region, moved, result);
                if (failure != null && result instanceof IoResult.Failed && !run.isSingle()) {
                    left.add(run.single(i));
                } else {
                    add(run.firstIndex() + i, moved, failure);
                }
            }
        }

        /// A region is complete with its last byte, whatever became of those behind it; an empty
        /// one has none that could tell.
        private WalException failure(Region region, long moved, IoResult result) {
            boolean filled = moved == region.bytes().byteSize();
            return switch (result) {
                case IoResult.Failed failed -> filled && moved > 0 ? null : failed.cause();
                case IoResult.Done _ -> filled ? null : endOfFile(region, moved);
            };
        }

        private WalException endOfFile(Region region, long moved) {
            return new WalException.Io("pread", file.path(), 0, "the file ends after " + moved
                    + " of the " + region.bytes().byteSize() + " bytes asked for");
        }

        private void add(int index, long moved, WalException failure) {
            transferredBytes += moved;
            if (failure == null) {
                complete.set(index);
            } else if (index < failedIndex) {
                failedIndex = index;
                cause = failure;
            }
        }

        BatchResult result() {
            return cause == null ? new BatchResult.Done(transferredBytes)
                    : new BatchResult.Failed(failedIndex, transferredBytes, complete, cause);
        }
    }
}
