package io.duramen.wal.io;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The promise of one submission's result.
public final class IoTicket {
    private final CountDownLatch completed = new CountDownLatch(1);
    private IoResult result;

    IoTicket() {
        // not complete
    }

    void complete(IoResult outcome) {
        assert result == null : "a submission completes once";
        result = outcome;
        completed.countDown();
    }

    public boolean isComplete() {
        return completed.getCount() == 0;
    }

    /// Waits for the result. An interrupt is kept for the caller and does not end the wait.
    public IoResult await() {
        boolean interrupted = false;
        while (true) {
            try {
                completed.await();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    /// Waits for the result at most this long; empty says that the operation is still under way and
    /// still owns its bytes.
    public Optional<IoResult> await(Duration timeout) throws InterruptedException {
        return completed.await(timeout.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(result)
                : Optional.empty();
    }
}
