package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoStatistics;
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

/// Executes submitted chains through an io_uring(7) that one thread owns; a chain to `execute` by
/// plain calls on the caller's thread, which for one chain at a time is quicker.
///
/// - A new chain waits neither for a sleeping ring nor for a slow operation in flight: it wakes the
///   thread where that sleeps.
/// - A chain is at most as long as the ring; a longer one is refused.
/// - A chain whose file is closed at submission is accepted, and fails at that operation with
///   `WalException.Closed` once those before it are complete. A file that is closed after
///   submission stays open for the chain.
/// - A chain's bytes are off the heap, accessible to other threads, and their arena stays open
///   until completion. What breaks this before the kernel has the operation fails the chain; the
///   cause tells. An arena that is closed *under* an operation cannot be noticed: the kernel would
///   write to memory that is someone else's by then.
/// - A callback that throws is logged and changes nothing else. One that blocks keeps every other
///   completion waiting.
/// - `close` from a callback does not wait, for it would wait for itself: it takes no more
///   submissions and returns, and the thread completes what was accepted.
public final class UringScheduler implements IoScheduler {
    static final String WHAT = "the io_uring I/O scheduler";

    private static final System.Logger LOG = System.getLogger(UringScheduler.class.getName());

    private final UringSchedulerSettings settings;
    private final RegisteredMemory.Outcome registration;
    private final ChainCounters counters = new ChainCounters();
    private final CallersThread callersThread = new CallersThread(WHAT, counters);
    private final LongAdder submitted = new LongAdder();
    private final RingGauges gauges = new RingGauges();
    private final Admission admission;
    private final Doorbell doorbell;
    private final RingLoop loop;
    private final Thread thread;

    private UringScheduler(UringSchedulerSettings settings, Ring ring,
            RegisteredMemory.Outcome registration, UnaryOperator<RingTransfers> transfers) {
        this.settings = settings;
        this.registration = registration;
        admission = new Admission(settings.waitingChainsMax());
        doorbell = new Doorbell(counters);
        loop = new RingLoop(ring, doorbell, admission,
                transfers.apply(RingTransfers.of(registration.memory())), counters, gauges);
        thread = Thread.ofPlatform().daemon().name("wal-io-ring").unstarted(loop);
    }

    /// Opens a scheduler; its thread runs until it is closed.
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
            RegisteredMemory.Outcome registration = memory
                    .map(pinned -> RegisteredMemory.register(ring, pinned))
                    .orElseGet(RegisteredMemory.Outcome::nothingAsked);
            registration.refusal().ifPresent(why -> LOG.log(System.Logger.Level.WARNING, why));
            scheduler = new UringScheduler(settings, ring, registration, transfers);
        } catch (RuntimeException | Error failed) {
            ring.close();
            throw failed;
        }
        scheduler.thread.start();
        return scheduler;
    }

    @Override
    public void submit(IoChain chain, Consumer<IoResult> whenComplete) {
        Objects.requireNonNull(whenComplete);
        requireFits(chain);
        HeldChain held = HeldChain.ofDescriptors(chain);
        RingChain ringChain = new RingChain(new Submission(held, whenComplete));
        try {
            admission.enter();
        } catch (RuntimeException | Error refused) {
            held.giveBack();
            throw refused;
        }
        submitted.increment();
        loop.handOver(ringChain);
    }

    private void requireFits(IoChain chain) {
        int length = chain.operations().size();
        if (length > settings.ringEntries()) {
            throw new IllegalArgumentException("a chain of " + length + " operations is longer than"
                    + " the ring, which has " + settings.ringEntries()
                    + " entries: split it, or raise ringEntries");
        }
    }

    @Override
    public IoResult execute(IoChain chain) {
        requireFits(chain);
        return callersThread.execute(chain);
    }

    @Override
    public IoStatistics statistics() {
        long completed = counters.completed();
        return counters.statistics(submitted.sum() + callersThread.executed(), completed);
    }

    /// What the ring adds to [#statistics()].
    public UringStatistics uringStatistics() {
        return new UringStatistics(statistics(), gauges.enters(), gauges.entries(),
                gauges.repeatedRounds(), gauges.mergedWrites(), doorbell.rung(),
                admission.waiting(), gauges.inFlight(),
                gauges.inFlightMax(), gauges.latency(), registration.memory().sizeBytes(),
                registration.refusal());
    }

    @Override
    public String driverName() {
        return "io_uring";
    }

    @Override
    public void close() {
        admission.close();
        callersThread.close();
        doorbell.ringIfAsleep();
        if (Thread.currentThread() != thread) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                callersThread.awaitEnd();
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
