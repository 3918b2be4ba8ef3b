package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.Deadline;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/// What the one thread that owns a ring does: takes chains over, puts one after the other into the
/// ring and lets the kernel take it, and takes back what is complete.
///
/// It never sleeps while there is something that it could put into the ring. Operations in flight
/// are limited to the ring's entries, so that completions always have room.
final class RingLoop implements Runnable {
    private static final int INBOX_CHUNK = 1024;
    private static final int ERRANDS_CHUNK = 64;
    private static final int CANCEL_DELAY_BITS_MAX = 10;
    private static final long CANCEL_AGAIN_NANOS = 10_000_000;
    private static final System.Logger LOG = System.getLogger(UringScheduler.class.getName());

    private final Ring ring;
    private final SubmissionQueue queue;
    private final Doorbell doorbell;
    private final Admission admission;
    private final FileTable files;
    private final RingEntries entries;
    private final IntUnaryOperator reported;
    private final ChainCounters counters;
    private final RingGauges gauges;
    private final MessagePassingQueue<RingChain> inbox =
            new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);

    /// Beside chains, at most one for each chain that is not complete and each registered file.
    private final MessagePassingQueue<Runnable> errands =
            new MpscUnboundedAtomicArrayQueue<>(ERRANDS_CHUNK);
    private final ArrayDeque<Flight> ready = new ArrayDeque<>();
    private final TreeMap<Deadline, RingChain> wakeUps = new TreeMap<>();
    private final FlightTable flights;
    private final LiveChains live = new LiveChains();
    private int entriesPut; // since the ring was entered
    private int entriesInFlight;

    /// @param places of the ring's table of files
    RingLoop(Ring ring, int places, Doorbell doorbell, Admission admission,
            RingTransfers transfers, ChainCounters counters, RingGauges gauges) {
        this.ring = ring;
        this.doorbell = doorbell;
        this.admission = admission;
        this.counters = counters;
        this.gauges = gauges;
        queue = ring.submissions();
        files = new FileTable(ring, places, gauges, this::closed);
        entries = new RingEntries(ring, transfers, files);
        reported = transfers.reported();
        flights = new FlightTable(queue.capacity());
    }

    /// Any thread that was admitted.
    void handOver(RingChain chain) {
        inbox.offer(chain);
        if (chain.submission().deadline().isSet()) {
            doorbell.ringUrgently();
        } else {
            doorbell.ring();
        }
    }

    /// Any thread, once for a chain: it is to be given up.
    void cancel(RingChain chain) {
        run(() -> stop(chain));
    }

    /// Any thread, for a registered file.
    private void closed(Descriptor file) {
        run(() -> files.remove(file));
    }

    private void run(Runnable errand) {
        errands.offer(errand);
        doorbell.ringUrgently();
    }

    /// Any thread: whether a chain that comes now would find nothing else under way.
    boolean isQuiet() {
        return gauges.chains() == 0 && inbox.isEmpty();
    }

    /// Any thread: chains submitted and not complete.
    int depth() {
        return gauges.chains() + inbox.size();
    }

    @Override
    public void run() {
        try (entries; doorbell; ring; files; Closeable _ = this::awaitKernel) {
            ring.enable();
            while (!isOver()) {
                turn();
            }
        } catch (Throwable thrown) {
            abandon(thrown);
        }
    }

    private boolean isOver() {
        return live.isEmpty() && admission.isOver();
    }

    private void turn() {
        takeArrivals();
        runErrands();
        stopOverdue();
        doorbell.arm(queue);
        putReady();
        enter(maySleep());
        doorbell.isAwake();
        ring.completions().drain(this::completed);
    }

    private void enter(boolean asleep) {
        gauges.entered(entriesPut, entriesInFlight);
        entriesPut = 0;
        if (!live.isEmpty()) {
            counters.countSystemCalls(1);
        }
        if (asleep && !wakeUps.isEmpty()) {
            ring.enterFor(Math.max(0, wakeUps.firstKey().leftNanos()));
        } else {
            ring.enter(asleep ? 1 : 0);
        }
        entries.entered();
    }

    /// Takes no more than one ring full at a time, so that completions are not kept waiting.
    private void takeArrivals() {
        gauges.depth(live.size() + inbox.size());
        for (int i = 0; i < queue.capacity(); i++) {
            RingChain chain = inbox.poll();
            if (chain == null) {
                return;
            }
            takeOver(chain);
        }
    }

    private void takeOver(RingChain chain) {
        live.add(chain);
        gauges.chains(live.size());
        IoResult end = chain.settle(counters);
        if (end == null) {
            ready.addLast(chain);
            Deadline deadline = chain.submission().deadline();
            if (deadline.isSet()) {
                wakeUpAt(deadline, chain);
            }
        } else {
            complete(chain, end);
        }
    }

    private void runErrands() {
        Runnable errand = errands.poll();
        while (errand != null) {
            errand.run();
            errand = errands.poll();
        }
    }

    private void stopOverdue() {
        while (!wakeUps.isEmpty() && wakeUps.firstKey().leftNanos() <= 0) {
            RingChain chain = wakeUps.pollFirstEntry().getValue();
            chain.wakeUp = null;
            stop(chain);
        }
    }

    /// Gives a chain up that was cancelled or whose time is over. In flight it ends when the kernel
    /// says so, which cannot give up everything at any moment, and is therefore asked again. What
    /// is not taken over yet ends when it is, what is complete stays so.
    private void stop(RingChain chain) {
        if (chain.isInFlight()) {
            flights.at(chain.slot()).cancel(entries);
            counters.countSystemCalls(1);
            int delayBits = Math.min(chain.cancelAttempts++, CANCEL_DELAY_BITS_MAX);
            wakeUpAt(Deadline.in(Duration.ofMillis(1L << delayBits)), chain);
        } else if (ready.remove(chain)) {
            settle(chain);
        }
    }

    private void wakeUpAt(Deadline moment, RingChain chain) {
        forgetWakeUp(chain);
        chain.wakeUp = moment;
        wakeUps.put(moment, chain);
    }

    private void forgetWakeUp(RingChain chain) {
        if (chain.wakeUp != null) {
            wakeUps.remove(chain.wakeUp);
            chain.wakeUp = null;
        }
    }

    /// One flight for each time the kernel is entered: what it is given at once it hands to the
    /// device at once, when it has gone through all of it, and the device would idle till then.
    private void putReady() {
        while (!ready.isEmpty() && fitsQueue(ready.peekFirst())) {
            put(WriteRun.takeFirst(ready, entries));
            if (!ready.isEmpty()) {
                enter(false);
            }
        }
    }

    private void put(Flight flight) {
        switch (flight) {
            case WriteRun run -> {
                gauges.merged(run.chains().size());
                run.chains().forEach(this::waitsNoMore);
            }
            case RingChain chain -> waitsNoMore(chain);
        }
        int slot = flights.add(flight);
        int put = flight.put(entries, slot);
        entriesPut += put;
        entriesInFlight += put;
    }

    private void waitsNoMore(RingChain chain) {
        if (chain.waits) {
            chain.waits = false;
            admission.leave();
        }
    }

    private boolean fitsQueue(Flight flight) {
        return flight.entriesNeeded() <= queue.free()
                && flight.piecesNeeded() <= entries.piecesFree() && fitsRing(flight);
    }

    /// Where it fits the ring but not the queue, entering the kernel makes room.
    private boolean fitsRing(Flight flight) {
        return flights.hasFree() && entriesInFlight + flight.entriesNeeded() <= queue.capacity();
    }

    /// True where nothing can be done before the kernel completes something, or someone comes.
    private boolean maySleep() {
        boolean full = !ready.isEmpty();
        if (full && fitsRing(ready.peekFirst())) {
            return false;
        }
        doorbell.willSleep(full ? Doorbell.Sleep.FULL : Doorbell.Sleep.LIGHT);
        return inbox.isEmpty() && errands.isEmpty() && !isOver() && doorbell.isArmed();
    }

    private void completed(long userData, int result) {
        if (userData == Doorbell.USER_DATA) {
            doorbell.completed();
            return;
        }
        entriesInFlight--;
        int slot = RingEntries.slot(userData);
        int index = RingEntries.index(userData);
        Flight flight = flights.at(slot);
        int outcome = RingEntries.isVoid(userData) ? -Errno.ECANCELED
                : flight.isLast(index) ? reported.applyAsInt(result) : result;
        if (flight.completed(index, outcome)) {
            flights.remove(slot).landed(this);
        }
    }

    /// A round of a chain has come back, or there will be none.
    void settle(RingChain chain) {
        IoResult end = chain.settle(counters);
        if (end == null) {
            gauges.repeated();
            ready.addFirst(chain);
        } else {
            complete(chain, end);
        }
    }

    private void complete(RingChain chain, IoResult end) {
        waitsNoMore(chain);
        forgetWakeUp(chain);
        live.remove(chain);
        gauges.chains(live.size());
        chain.submission().chain().giveBack();
        chain.submission().end(end, counters, LOG);
    }

    /// What the kernel has begun goes on without this thread. Until it has ended, nobody is to get
    /// back the memory that it moves, or the right to write where it writes; mostly that is the
    /// doorbell's read with its eight bytes. A ring that the kernel refuses cancels what it can as
    /// it is closed.
    private void awaitKernel() {
        doorbell.end();
        while (entriesInFlight > 0 || doorbell.isArmed()) {
            cancelAll();
            ring.enterFor(CANCEL_AGAIN_NANOS);
            ring.completions().drain(this::ended);
        }
    }

    private void cancelAll() {
        for (RingChain chain = live.any(); chain != null; chain = chain.nextLive) {
            Flight flight = chain.isInFlight() ? flights.at(chain.slot()) : null;
            if (flight != null) {
                flight.cancel(entries);
            }
        }
    }

    private void ended(long userData, int result) {
        if (userData == Doorbell.USER_DATA) {
            doorbell.completed();
        } else {
            entriesInFlight--;
        }
    }

    /// The kernel refused the ring, or this class has a defect. Nobody can say any more what has
    /// happened, so all of it fails.
    private void abandon(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "the thread of an io_uring ended early", thrown);
        admission.close();
        WalException cause = WalException.Defect.orCause(thrown);
        while (!isOver()) {
            RingChain arrived = inbox.poll();
            if (arrived != null) {
                live.add(arrived);
            }
            while (!live.isEmpty()) {
                complete(live.any(), live.any().fail(cause));
            }
        }
    }
}
