package io.duramen.wal.io.posix.calls;

import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoTicket;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// An accepted chain, who wants to know its end, and whether it is to be given up.
public final class Submission extends IoTicket implements StopSignal {
    private final HeldChain chain;
    private final Consumer<IoResult> whenComplete;
    private final long madeNanos = System.nanoTime();
    private final Deadline deadline;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile Runnable whenCancelled = () -> {};

    public Submission(HeldChain chain, Consumer<IoResult> whenComplete) {
        this.chain = chain;
        this.whenComplete = whenComplete;
        deadline = chain.deadline();
    }

    /// Has this called, once, when someone cancels; set before anyone else has the ticket.
    public void whenCancelled(Runnable action) {
        whenCancelled = action;
    }

    @Override
    public void cancel() {
        if (!isComplete() && cancelled.compareAndSet(false, true)) {
            whenCancelled.run();
        }
    }

    @Override
    public StopReason reason() {
        return cancelled.get() ? StopReason.CANCELLED : deadline.reason();
    }

    public HeldChain chain() {
        return chain;
    }

    public Deadline deadline() {
        return deadline;
    }

    /// Counts the end of the chain, completes the ticket and calls back. What the callback throws
    /// is logged, an interrupt it leaves is dropped: neither is for the chain that comes next on
    /// this thread. The chain's descriptors were given back.
    public void end(IoResult result, ChainCounters counters, System.Logger log) {
        try {
            counters.countEnd(result, System.nanoTime() - madeNanos);
        } finally { // who waits is told, whatever becomes of a figure
            tell(result, log);
        }
    }

    private void tell(IoResult result, System.Logger log) {
        complete(result);
        try {
            whenComplete.accept(result);
        } catch (Throwable thrown) {
            log.log(System.Logger.Level.ERROR,
                    "a completion callback threw, which it must not", thrown);
        }
        boolean _ = Thread.interrupted();
    }
}
