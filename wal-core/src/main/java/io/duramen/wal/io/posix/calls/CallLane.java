package io.duramen.wal.io.posix.calls;

import io.duramen.wal.os.TransferCalls;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.TransferQueue;

/// One thread that executes chains by plain calls, and takes one only when it has nothing to do.
/// Any thread may hand over and close.
public final class CallLane {
    private final TransferCalls calls;
    private final ChainCounters counters;
    private final System.Logger log;
    private final Thread thread;

    /// A chain reaches the thread only by a transfer that finds it waiting; an empty place says that
    /// it is to end.
    private final TransferQueue<Place> queue = new LinkedTransferQueue<>();

    private record Place(Submission submission) {
        static final Place LAST = new Place(null);
    }

    /// @param name of its thread
    public CallLane(String name, TransferCalls calls, ChainCounters counters, System.Logger log) {
        this.calls = calls;
        this.counters = counters;
        this.log = log;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::executeAll);
    }

    public void start() {
        thread.start();
    }

    /// @return false where the thread is busy or has ended; nothing was done then
    public boolean tryHandOver(Submission submission) {
        return queue.tryTransfer(new Place(submission));
    }

    private void executeAll() {
        Place next = take();
        while (next.submission() != null) {
            Submission submission = next.submission();
            submission.end(submission.chain().execute(calls, submission, counters), counters, log);
            next = take();
        }
    }

    /// Whether it executes something.
    public boolean isBusy() {
        return thread.isAlive() && !queue.hasWaitingConsumer();
    }

    private Place take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException _) {
                // nobody of ours interrupts it
            }
        }
    }

    /// Has the thread end behind what it executes; does not wait.
    public void close() {
        queue.add(Place.LAST);
    }

    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    public void awaitEnd() throws InterruptedException {
        thread.join();
    }
}
