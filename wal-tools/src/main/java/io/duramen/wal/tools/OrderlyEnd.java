package io.duramen.wal.tools;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a command tidy up when a signal ends the process: it interrupts the command's thread and
/// keeps the process until the command has closed this, but not for ever.
final class OrderlyEnd implements AutoCloseable {
    private static final int SECONDS_MAX = 30;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /// For the calling thread, until it closes this.
    OrderlyEnd() {
        Thread command = Thread.currentThread();
        hook = new Thread(() -> {
            command.interrupt();
            awaitEnd();
        }, "wal-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitEnd() {
        try {
            if (!ended.await(SECONDS_MAX, TimeUnit.SECONDS)) {
                System.err.println("wal: the device does not answer, files of this command may be"
                        + " left below the base path");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // it runs already, and goes on now
        }
    }
}
