package io.duramen.wal.log;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The threads that logs do blocking work on. What the executor refuses, as one does that may not
/// start another thread, is done by the thread that asked: a group that was accepted is written in
/// any case, and later rather than never.
///
/// @param executor closed with this where it can be
record BackgroundThreads(Executor executor, WarningPause warnings)
        implements Executor, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BackgroundThreads.class.getName());

    static BackgroundThreads of(Executor executor) {
        return executor instanceof BackgroundThreads already ? already
                : new BackgroundThreads(executor, new WarningPause());
    }

    /// @throws RejectedExecutionException when the executor was shut down
    @Override
    public void execute(Runnable work) {
        Once once = new Once(work, new AtomicBoolean());
        try {
            executor.execute(once);
        } catch (RejectedExecutionException | OutOfMemoryError refusal) { // the second: no thread
            if (once.begun.get() || isShutDown()) {
                throw refusal;
            }
            warn(refusal);
            once.run();
        }
    }

    private boolean isShutDown() {
        return executor instanceof ExecutorService service && service.isShutdown();
    }

    private void warn(Throwable refusal) {
        if (warnings.tryPass()) {
            LOG.log(System.Logger.Level.WARNING, "no background thread for a log, whoever asks for"
                    + " one does its work and is slower: " + refusal.getMessage());
        }
    }

    @Override
    public void close() {
        if (executor instanceof ExecutorService owned) {
            owned.close();
        }
    }

    /// An executor may refuse what it has taken after all.
    private record Once(Runnable work, AtomicBoolean begun) implements Runnable {
        @Override
        public void run() {
            if (begun.compareAndSet(false, true)) {
                work.run();
            }
        }
    }
}
