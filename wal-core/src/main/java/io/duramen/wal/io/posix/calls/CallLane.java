package io.duramen.wal.io.posix.calls;

import io.duramen.wal.io.IoResult;
import io.duramen.wal.os.OpenFile;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// One thread that executes chains by plain calls, and takes one only when it has none to execute.
/// Any thread may hand over and close.
///
/// It is free again when a chain is executed, and tells of its end only then: who hears of it and
/// submits the next chain at once finds it free.
public final class CallLane {
    private static final int FREE = 0;
    private static final int BUSY = 1;
    private static final int CLOSED = 2; // beside one of the others

    private final UnaryOperator<OpenFile> files;
    private final ChainCounters counters;
    private final System.Logger log;
    private final Thread thread;
    private final AtomicInteger state = new AtomicInteger(FREE);
    private final LinkedTransferQueue<Place> queue = new LinkedTransferQueue<>(); // one, and LAST

    private record Place(Submission submission) {
        static final Place LAST = new Place(null);
    }

    /// @param name of its thread
    public CallLane(String name, UnaryOperator<OpenFile> files, ChainCounters counters,
            System.Logger log) {
        this.files = files;
        this.counters = counters;
        this.log = log;
        thread = Thread.ofPlatform().daemon().name(name).unstarted(this::executeAll);
    }

    public void start() {
        thread.start();
    }

    /// @return false where the thread is busy or closed; nothing was done then
    public boolean tryHandOver(Submission submission) {
        if (!state.compareAndSet(FREE, BUSY)) {
            return false;
        }
        queue.add(new Place(submission));
        return true;
    }

    private void executeAll() {
        Place next = take();
        while (next != Place.LAST) {
            Submission submission = next.submission();
            IoResult result = submission.chain().execute(files, submission, counters);
            boolean goesOn = state.compareAndSet(BUSY, FREE);
            submission.end(result, counters, log);
            next = goesOn ? take() : Place.LAST;
        }
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

    /// Whether it has a chain to execute.
    public boolean isBusy() {
        return (state.get() & BUSY) != 0;
    }

    /// Takes no more chains, and has the thread end behind the one it has; does not wait.
    public void close() {
        int before = state.getAndUpdate(seen -> seen | CLOSED);
        if (before == FREE) {
            queue.add(Place.LAST);
        }
    }

    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    public void awaitEnd() throws InterruptedException {
        thread.join();
    }
}
