package io.duramen.wal.io;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The promise of one submission's result, made by a driver. Any thread may call.
public abstract class IoTicket {
    private final CountDownLatch completed = new CountDownLatch(1);
    private IoResult result;

    protected IoTicket() {
        // not complete
    }

    /// A ticket of something that has happened already.
    public static IoTicket completed(IoResult result) {
        IoTicket ticket = new IoTicket() {
            @Override
            public void cancel() {
                // too late
            }
        };
        ticket.complete(result);
        return ticket;
    }

    /// Asks for the chain to be given up, and returns at once.
    ///
    /// The ticket completes exactly once all the same, and the chain owns its bytes until then.
    /// What had not started fails with `WalException.Cancelled`; so does what the kernel could be
    /// made to give up. What it could not ends as it would have: a chain that was complete by then
    /// is [IoResult.Done]. Asking again, or too late, does nothing.
    public abstract void cancel();

    /// The driver, once.
    protected final void complete(IoResult outcome) {
        assert result == null : "a submission completes once";
        result = outcome;
        completed.countDown();
    }

    public final boolean isComplete() {
        return completed.getCount() == 0;
    }

    /// Waits for the result. An interrupt is kept for the caller and does not end the wait.
    public final IoResult await() {
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
    /// still owns its bytes. Nothing is given up: that is what a chain's own timeout does.
    public final Optional<IoResult> await(Duration timeout) throws InterruptedException {
        return completed.await(timeout.toNanos(), TimeUnit.NANOSECONDS)
                ? Optional.of(result)
                : Optional.empty();
    }
}
