package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Executes chains on a [SimDisk], at once and on the caller's thread.
final class SimScheduler implements IoScheduler {
    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        IoResult result = execute(chain);
        whenComplete.accept(result);
        return IoTicket.completed(result);
    }

    @Override
    public IoResult execute(IoChain chain) {
        long transferred = 0;
        List<IoResult.Failure> failures = new ArrayList<>();
        boolean goesOn = chain.link() == IoChain.Link.HARD_LINKED;
        for (int i = 0; i < chain.operations().size() && (failures.isEmpty() || goesOn); i++) {
            try {
                transferred += perform(chain.operations().get(i));
            } catch (WalException cause) {
                failures.add(new IoResult.Failure(i, cause));
            }
        }
        return IoResult.of(failures, transferred);
    }

    private static long perform(IoOperation operation) {
        SimOpenFile file = (SimOpenFile) operation.file();
        return switch (operation) {
            case IoOperation.Write(_, var bytes, long offset) -> {
                file.write(bytes, offset);
                yield bytes.byteSize();
            }
            case IoOperation.Writev(_, var pieces, long offset) -> {
                long moved = 0;
                for (MemorySegment piece : pieces) {
                    file.write(piece, offset + moved);
                    moved += piece.byteSize();
                }
                yield moved;
            }
            case IoOperation.Read(_, var into, long offset) -> file.read(into, offset);
            case IoOperation.Readv(_, var pieces, long offset) -> {
                long moved = 0;
                for (MemorySegment piece : pieces) {
                    moved += file.read(piece, offset + moved);
                }
                yield moved;
            }
            case IoOperation.Fallocate(_, long offset, long length) -> {
                file.allocate(offset, length);
                yield 0;
            }
            case IoOperation.Fdatasync _,IoOperation.Fsync _ -> {
                file.sync();
                yield 0;
            }
        };
    }

    @Override
    public IoStatistics statistics() {
        return IoStatistics.NONE;
    }

    @Override
    public String driverName() {
        return "simulated";
    }

    @Override
    public void close() {
        // nothing is under way
    }
}
