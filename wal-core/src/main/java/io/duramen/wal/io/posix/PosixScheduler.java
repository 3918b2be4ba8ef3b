package io.duramen.wal.io.posix;

import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.posix.calls.CallersThread;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.Submission;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Executes chains with blocking system calls: a submitted one on a thread of its own, one to
/// `execute` on the caller's.
///
/// - A chain whose file is closed at submission is accepted, and fails at that operation with
///   `WalException.Closed` once those before it are complete.
/// - A file that is closed after submission stays open for the chain.
/// - A submitted chain's bytes must be accessible to other threads: no confined arena. One that
///   breaks this fails, as does one whose bytes are on the heap; the cause tells.
/// - A callback that throws is logged and changes nothing else.
/// - `close` from a callback does not wait, for it would wait for itself: it takes no more
///   submissions and returns, and the threads complete what was accepted.
/// - `execute` on a virtual thread occupies its carrier for the duration of the system calls.
public final class PosixScheduler implements IoScheduler {
    static final String WHAT = "the posix I/O scheduler";

    private static final System.Logger LOG = System.getLogger(PosixScheduler.class.getName());

    private final WaitingChains waiting;
    private final List<Thread> threads;
    private final ChainCounters counters = new ChainCounters();
    private final CallersThread callersThread = new CallersThread(WHAT, counters);

    private PosixScheduler(PosixSchedulerSettings settings) {
        waiting = new WaitingChains(settings.waitingChainsMax());
        threads = IntStream.rangeClosed(1, settings.threads())
                .mapToObj(n -> Thread.ofPlatform().daemon().name("wal-io-" + n)
                        .unstarted(this::completeSubmissions))
                .toList();
    }

    /// Opens a scheduler; its threads run until it is closed.
    public static PosixScheduler create(PosixSchedulerSettings settings) {
        PosixScheduler scheduler = new PosixScheduler(settings);
        scheduler.threads.forEach(Thread::start);
        return scheduler;
    }

    @Override
    public void submit(IoChain chain, Consumer<IoResult> whenComplete) {
        Objects.requireNonNull(whenComplete);
        HeldChain held = HeldChain.of(chain);
        try {
            waiting.add(new Submission(held, whenComplete));
        } catch (RuntimeException | Error refused) {
            held.giveBack();
            throw refused;
        }
    }

    @Override
    public IoResult execute(IoChain chain) {
        return callersThread.execute(chain);
    }

    /// What each of the threads does.
    private void completeSubmissions() {
        Submission next = waiting.take();
        while (next != null) {
            IoResult result = next.chain().execute(counters);
            next.tell(result, LOG);
            next = waiting.take();
        }
    }

    @Override
    public IoStatistics statistics() {
        long completed = counters.completed();
        return counters.statistics(waiting.accepted() + callersThread.executed(), completed);
    }

    @Override
    public String driverName() {
        return "posix";
    }

    @Override
    public void close() {
        waiting.close();
        callersThread.close();
        if (!threads.contains(Thread.currentThread())) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                callersThread.awaitEnd();
                for (Thread thread : threads) {
                    thread.join();
                }
                ended = true;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
