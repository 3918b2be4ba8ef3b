package io.duramen.wal.io.posix;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/// Runs what an asynchronous channel wants to have run on the thread that asked for it: so the
/// channel blocks, but unlike a blocking one is not closed when that thread is interrupted.
final class CallersExecutor extends AbstractExecutorService {
    static final CallersExecutor INSTANCE = new CallersExecutor();

    private CallersExecutor() {}

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void shutdown() {
        // it has no thread, and every channel shares it
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }
}
