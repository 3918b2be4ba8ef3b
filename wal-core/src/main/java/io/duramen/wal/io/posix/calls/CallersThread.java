package io.duramen.wal.io.posix.calls;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.UseCount;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;

/// Executes chains on the thread of whoever asks. For one chain at a time that is the quickest way:
/// nobody is woken.
///
/// Any thread may call. On a virtual thread the carrier is occupied for the duration of the calls.
public final class CallersThread {
    private final String what;
    private final UnaryOperator<OpenFile> files;
    private final ChainCounters counters;
    private final UseCount executions = new UseCount();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final LongAdder executed = new LongAdder();

    /// @param what the scheduler, as a message names it
    public CallersThread(String what, UnaryOperator<OpenFile> files, ChainCounters counters) {
        this.what = what;
        this.files = files;
        this.counters = counters;
    }

    /// @throws WalException.Closed once this is closed
    public IoResult execute(IoChain chain) {
        if (!executions.tryBegin()) {
            throw new WalException.Closed(what);
        }
        try {
            long start = System.nanoTime();
            HeldChain held = HeldChain.of(chain);
            executed.increment();
            IoResult result = held.execute(files, held.deadline(), counters);
            counters.countEnd(result, System.nanoTime() - start);
            return result;
        } finally {
            if (executions.end()) {
                ended.countDown();
            }
        }
    }

    /// Chains accepted so far.
    public long executed() {
        return executed.sum();
    }

    /// Takes no more chains; does not wait.
    public void close() {
        if (executions.close()) {
            ended.countDown();
        }
    }

    /// Waits for those under way when this was closed.
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }
}
