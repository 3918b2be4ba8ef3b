package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.posix.calls.CallLane;
import io.duramen.wal.io.posix.calls.CallersThread;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.Submission;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Executes chains through an io_uring(7) that one thread owns, and by plain calls where those are
/// quicker:
///
/// - a chain to `execute`: on the caller's thread;
/// - a submitted chain that changes a file, while nothing else is under way and it has no timeout:
///   on a second thread. The kernel would give it to a thread of its own too, for a write to the
///   page cache or a sync may block, and the way through the ring would come on top;
/// - everything else goes through the ring: reads, and what is submitted while something else is
///   under way. [IoStatistics] says how many operations went which way.
///
/// What else there is to know:
///
/// - A new chain waits neither for a sleeping ring nor for a slow operation in flight: it wakes the
///   thread where that sleeps.
/// - A chain is at most as long as the ring; a longer one is refused.
/// - A chain whose file is closed at submission is accepted, and fails at that operation with
///   `WalException.Closed` when its turn comes. A file that is closed after submission stays open
///   for the chain; one that the ring has used may stay open a moment beyond its last use.
/// - A transfer that a direct file does not take fails with `WalException.Misaligned` in the same
///   way.
/// - A chain's bytes are off the heap, accessible to other threads, and their arena stays open
///   until completion. What breaks this before the ring's thread takes the chain fails it; the
///   cause tells. An arena that is closed after that cannot be noticed: the kernel would
///   write to memory that is someone else's by then.
/// - What is cancelled, or takes too long, ends at once where it waits for the ring. Where the ring
///   has it the kernel is asked to give it up, which it does for what waits, and not for a disk
///   that is at work. What plain calls execute ends behind the call that has begun.
/// - A callback that throws is logged and changes nothing else. One that blocks keeps every other
///   completion waiting.
/// - `close` from a callback does not wait, for it would wait for itself: it takes no more
///   submissions and returns, and the threads complete what was accepted.
public final class UringScheduler implements IoScheduler {
    static final String WHAT = "the io_uring I/O scheduler";

    private static final System.Logger LOG = System.getLogger(UringScheduler.class.getName());

    private final UringSchedulerSettings settings;
    private final Registrations registrations;
    private final ChainCounters counters = new ChainCounters();
    private final CallersThread callersThread;
    private final CallLane lane;
    private final LongAdder submitted = new LongAdder();
    private final RingGauges gauges = new RingGauges();
    private final Admission admission;
    private final Doorbell doorbell;
    private final RingLoop loop;
    private final Thread thread;

    /// What the kernel was asked to keep at hand, and what came of it.
    private record Registrations(RegisteredMemory.Outcome memory, Optional<String> filesRefusal) {
        static Registrations make(Ring ring, UringSchedulerSettings settings,
                Optional<MemorySegment> memory) {
            Registrations made = new Registrations(
                    memory.map(pinned -> RegisteredMemory.register(ring, pinned))
                            .orElseGet(RegisteredMemory.Outcome::nothingAsked),
                    FileTable.register(ring, settings.registeredFilesMax()));
            made.memory.refusal().ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
            made.filesRefusal.ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
            return made;
        }
    }

    private UringScheduler(UringSchedulerSettings settings, Ring ring,
            Registrations registrations, RingTransfers transfers) {
        this.settings = settings;
        this.registrations = registrations;
        admission = new Admission(settings.waitingChainsMax());
        doorbell = new Doorbell(counters);
        int places = registrations.filesRefusal().isPresent() ? 0 : settings.registeredFilesMax();
        loop = new RingLoop(ring, places, doorbell, admission, transfers, counters, gauges);
        callersThread = new CallersThread(WHAT, transfers.files(), counters);
        lane = new CallLane("wal-io-lane", transfers.files(), counters, LOG);
        thread = Thread.ofPlatform().daemon().name("wal-io-ring").unstarted(loop);
    }

    /// Opens a scheduler; its threads run until it is closed.
    ///
    /// @throws UnsupportedOperationException where [RingProbe] finds an obstacle; it tells which
    public static UringScheduler create(UringSchedulerSettings settings) {
        return create(settings, Optional.empty(), UnaryOperator.identity());
    }

    /// As [#create(UringSchedulerSettings)], with memory that the kernel is to keep pinned, which
    /// makes transfers to and from it cheaper. It stays valid until the scheduler is closed. Where
    /// the kernel refuses, the scheduler works without: the reason is logged once and stays in
    /// [#uringStatistics()].
    public static UringScheduler create(UringSchedulerSettings settings, MemorySegment memory) {
        return create(settings, Optional.of(memory), UnaryOperator.identity());
    }

    static UringScheduler create(UringSchedulerSettings settings, Optional<MemorySegment> memory,
            UnaryOperator<RingTransfers> transfers) {
        Ring ring = RingProbe.open(settings.ringEntries());
        UringScheduler scheduler;
        try {
            Registrations registrations = Registrations.make(ring, settings, memory);
            scheduler = new UringScheduler(settings, ring, registrations,
                    transfers.apply(RingTransfers.of(registrations.memory().memory())));
        } catch (RuntimeException | Error failed) {
            ring.close();
            throw failed;
        }
        scheduler.thread.start();
        scheduler.lane.start();
        return scheduler;
    }

    @Override
    public IoTicket submit(IoChain chain, Consumer<IoResult> whenComplete) {
        Objects.requireNonNull(whenComplete);
        requireFits(chain);
        HeldChain held = HeldChain.ofDescriptors(chain);
        Submission submission = new Submission(held, whenComplete);
        submitted.increment();
        if (isQuickerByCalls(chain) && lane.tryHandOver(submission)) {
            gauges.depth(1);
            return submission;
        }
        RingChain ringChain = new RingChain(submission);
        submission.whenCancelled(() -> loop.cancel(ringChain));
        try {
            admission.enter();
        } catch (RuntimeException | Error refused) {
            submitted.decrement();
            held.giveBack();
            throw refused;
        }
        loop.handOver(ringChain);
        return submission;
    }

    private void requireFits(IoChain chain) {
        int length = chain.operations().size();
        if (length > settings.ringEntries()) {
            throw new IllegalArgumentException("a chain of " + length + " operations is longer than"
                    + " the ring, which has " + settings.ringEntries()
                    + " entries: split it, or raise ringEntries");
        }
    }

    private boolean isQuickerByCalls(IoChain chain) {
        return settings.route() == UringSchedulerSettings.Route.QUICKEST && loop.isQuiet()
                && admission.isOpen() && chain.timeout().isEmpty() && changesFile(chain);
    }

    private static boolean changesFile(IoChain chain) {
        for (int i = 0; i < chain.operations().size(); i++) {
            if (!chain.operations().get(i).kind().isRead()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public IoResult execute(IoChain chain) {
        requireFits(chain);
        if (settings.route() == UringSchedulerSettings.Route.RING
                && Thread.currentThread() != thread) {
            try {
                return submit(chain).await();
            } catch (WalException.Overloaded _) {
                return callersThread.execute(chain);
            }
        }
        return callersThread.execute(chain);
    }

    @Override
    public IoStatistics statistics() {
        long completed = counters.completed();
        int busy = lane.isBusy() ? 1 : 0;
        return counters.statistics(submitted.sum() + callersThread.executed(), completed,
                new IoStatistics.Depth(loop.depth() + busy, gauges.depthMax()));
    }

    /// What the ring adds to [#statistics()].
    public UringStatistics uringStatistics() {
        return new UringStatistics(statistics(), gauges.enters(), gauges.entries(),
                gauges.repeatedRounds(), gauges.mergedWrites(), doorbell.rung(),
                admission.waiting(), gauges.inFlight(), gauges.inFlightMax(),
                new UringStatistics.Buffers(registrations.memory().memory().sizeBytes(),
                        registrations.memory().refusal()),
                new UringStatistics.Files(gauges.registeredFiles(), gauges.entriesByNumber(),
                        registrations.filesRefusal()));
    }

    /// Whether the ring's thread has nothing to do and is in the kernel, or about to be.
    boolean isAsleep() {
        return doorbell.isAsleep();
    }

    @Override
    public String driverName() {
        return "io_uring";
    }

    @Override
    public void close() {
        admission.close();
        callersThread.close();
        lane.close();
        doorbell.ringUrgently();
        if (Thread.currentThread() != thread && !lane.isCurrentThread()) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                callersThread.awaitEnd();
                lane.awaitEnd();
                thread.join();
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
