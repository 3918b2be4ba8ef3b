package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import java.util.function.Consumer;

/// Executes chains on a [SimDisk], at once and on the caller's thread.
final class SimScheduler implements IoScheduler {
    @Override
    public void submit(IoChain chain, Consumer<IoResult> whenComplete) {
        whenComplete.accept(execute(chain));
    }

    @Override
    public IoResult execute(IoChain chain) {
        long transferred = 0;
        int index = 0;
        try {
            for (; index < chain.operations().size(); index++) {
                transferred += perform(chain.operations().get(index));
            }
            return new IoResult.Done(transferred);
        } catch (WalException cause) {
            return new IoResult.Failed(index, transferred, cause);
        }
    }

    private static long perform(IoOperation operation) {
        SimOpenFile file = (SimOpenFile) operation.file();
        return switch (operation) {
            case IoOperation.Write(_, var bytes, long offset) -> {
                file.write(bytes, offset);
                yield bytes.byteSize();
            }
            case IoOperation.Read(_, var into, long offset) -> file.read(into, offset);
            case IoOperation.Fdatasync _,IoOperation.Fsync _ -> {
                file.sync();
                yield 0;
            }
        };
    }

    @Override
    public IoStatistics statistics() {
        return new IoStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0);
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
