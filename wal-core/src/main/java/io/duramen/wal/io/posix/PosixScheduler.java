package io.duramen.wal.io.posix;

import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.posix.calls.CallersThread;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.Submission;
import io.duramen.wal.os.OpenFile;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Executes chains with blocking system calls: a submitted one on a thread of its own, one to
/// `execute` on the caller's.
///
/// - A chain whose file is closed at submission is accepted, and fails at that operation with
///   `WalException.Closed` when its turn comes.
/// - A file that is closed after submission stays open for the chain.
/// - A transfer that a direct file does not take fails with `WalException.Misaligned` when its turn
///   comes.
/// - A submitted chain's bytes must be accessible to other threads: no confined arena. One that
///   breaks this fails, as does one whose bytes are on the heap; the cause tells.
/// - What is cancelled, or takes too long, ends at once where it still waits for a thread. A system
///   call that has begun cannot be taken back: the chain ends behind it, and the operations that
///   are left do not start.
/// - A callback that throws is logged and changes nothing else.
/// - `close` from a callback does not wait, for it would wait for itself: it takes no more
///   submissions and returns, and the threads complete what was accepted.
/// - `execute` on a virtual thread occupies its carrier for the duration of the system calls.
public final class PosixScheduler implements IoScheduler {
    static final String WHAT = "the posix I/O scheduler";

    private static final System.Logger LOG = System.getLogger(PosixScheduler.class.getName());

    private final UnaryOperator<OpenFile> files;
    private final WaitingChains waiting;
    private final List<Thread> threads;
    private final ChainCounters counters = new ChainCounters();
    private final CallersThread callersThread;

    private PosixScheduler(PosixSchedulerSettings settings, UnaryOperator<OpenFile> files) {
        this.files = files;
        waiting = new WaitingChains(settings.waitingChainsMax());
        callersThread = new CallersThread(WHAT, files, counters);
        threads = Stream.concat(
                IntStream.rangeClosed(1, settings.threads())
                        .mapToObj(n -> thread("wal-io-" + n, this::executeSubmissions)),
                Stream.of(thread("wal-io-stop", this::endStopped))).toList();
    }

    private static Thread thread(String name, Runnable work) {
        return Thread.ofPlatform().daemon().name(name).unstarted(work);
    }

    /// Opens a scheduler; its threads run until it is closed.
    public static PosixScheduler create(PosixSchedulerSettings settings) {
        return create(settings, UnaryOperator.identity());
    }

    /// As [#create(PosixSchedulerSettings)], with something in front of the files.
    static PosixScheduler create(PosixSchedulerSettings settings, UnaryOperator<OpenFile> files) {
        PosixScheduler scheduler = new PosixScheduler(settings, files);
        scheduler.threads.forEach(Thread::start);
        return scheduler;
    }

    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        Objects.requireNonNull(whenComplete);
        HeldChain held = HeldChain.of(chain);
        Submission submission = new Submission(held, whenComplete);
        submission.whenCancelled(() -> waiting.cancel(submission));
        try {
            waiting.add(submission);
        } catch (RuntimeException | Error refused) {
            held.giveBack();
            throw refused;
        }
        return submission;
    }

    @Override
    public IoResult execute(IoChain chain) {
        return callersThread.execute(chain);
    }

    /// What each of the threads does but the last.
    private void executeSubmissions() {
        Submission next = waiting.take();
        while (next != null) {
            next.end(next.chain().execute(files, next, counters), counters, LOG);
            next = waiting.takeNext();
        }
    }

    /// What the last does: chains that are given up end also while every other thread is busy.
    private void endStopped() {
        Submission next = waiting.takeStopped();
        while (next != null) {
            HeldChain chain = next.chain();
            chain.giveBack();
            next.end(IoResult.of(chain.stoppedFrom(0, next.reason()), 0), counters, LOG);
            next = waiting.takeNextStopped();
        }
    }

    @Override
    public IoStatistics statistics() {
        long completed = counters.completed();
        return counters.statistics(waiting.accepted() + callersThread.executed(), completed,
                waiting.depth());
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
