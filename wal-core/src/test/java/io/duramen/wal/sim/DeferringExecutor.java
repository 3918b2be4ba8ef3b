package io.duramen.wal.sim;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/// Runs work at once on the caller's thread, or later, when it is told to.
final class DeferringExecutor implements Executor {
    private final ArrayDeque<Runnable> deferred = new ArrayDeque<>();
    private boolean defers;

    @Override
    public void execute(Runnable work) {
        if (defers) {
            deferred.add(work);
        } else {
            work.run();
        }
    }

    void defer() {
        defers = true;
    }

    /// Runs what was deferred.
    void proceed() {
        defers = false;
        while (!deferred.isEmpty()) {
            deferred.poll().run();
        }
    }
}
