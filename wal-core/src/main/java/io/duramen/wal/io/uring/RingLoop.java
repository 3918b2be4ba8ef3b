package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.os.Errno;
import java.util.ArrayDeque;
import java.util.function.IntUnaryOperator;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/// What the one thread that owns a ring does: takes chains over, puts them into the ring, enters
/// the kernel once for all of them, and takes back what is complete.
///
/// It never sleeps while there is something that it could put into the ring. Operations in flight
/// are limited to the ring's entries, so that completions always have room.
final class RingLoop implements Runnable {
    private static final int INBOX_CHUNK = 1024;
    private static final System.Logger LOG = System.getLogger(UringScheduler.class.getName());

    private final Ring ring;
    private final SubmissionQueue queue;
    private final Doorbell doorbell;
    private final Admission admission;
    private final RingEntries entries;
    private final IntUnaryOperator reported;
    private final ChainCounters counters;
    private final RingGauges gauges;
    private final MessagePassingQueue<RingChain> inbox =
            new MpscUnboundedAtomicArrayQueue<>(INBOX_CHUNK);
    private final ArrayDeque<Flight> ready = new ArrayDeque<>();
    private final FlightTable flights;
    private final IovecArea iovecs = new IovecArea();
    private final LiveChains live = new LiveChains();
    private int entriesPut; // since the ring was entered
    private int entriesInFlight;

    RingLoop(Ring ring, Doorbell doorbell, Admission admission, RingTransfers transfers,
            ChainCounters counters, RingGauges gauges) {
        this.ring = ring;
        this.doorbell = doorbell;
        this.admission = admission;
        this.counters = counters;
        this.gauges = gauges;
        queue = ring.submissions();
        entries = new RingEntries(queue, transfers, iovecs);
        reported = transfers.reported();
        flights = new FlightTable(queue.capacity());
    }

    /// Any thread that was admitted.
    void handOver(RingChain chain) {
        inbox.offer(chain);
        doorbell.ringIfAsleep();
    }

    @Override
    public void run() {
        try (iovecs; doorbell; ring) {
            ring.enable();
            while (!isOver()) {
                turn();
            }
            endDoorbell();
        } catch (Throwable thrown) {
            abandon(thrown);
        }
    }

    private boolean isOver() {
        return live.isEmpty() && admission.isOver();
    }

    private void turn() {
        takeArrivals();
        doorbell.arm(queue);
        putReady();
        enter(maySleep() ? 1 : 0);
        doorbell.isAwake();
        ring.completions().drain(this::completed);
    }

    private void enter(int minComplete) {
        gauges.entered(entriesPut, entriesInFlight);
        entriesPut = 0;
        if (!live.isEmpty()) {
            counters.countSystemCall();
        }
        ring.enter(minComplete);
        entries.entered();
    }

    /// Takes no more than one ring full, so that completions are not kept waiting.
    private void takeArrivals() {
        while (ready.size() < queue.capacity()) {
            RingChain chain = inbox.poll();
            if (chain == null) {
                return;
            }
            live.add(chain);
            admission.leave();
            IoResult end = chain.settle(counters);
            if (end == null) {
                ready.addLast(chain);
            } else {
                complete(chain, end);
            }
        }
    }

    private void putReady() {
        while (!ready.isEmpty() && fitsQueue(ready.peekFirst())) {
            put(WriteRun.takeFirst(ready, entries));
        }
    }

    private void put(Flight flight) {
        if (flight instanceof WriteRun run) {
            gauges.merged(run.size());
        }
        int slot = flights.add(flight);
        int put = flight.put(entries, slot);
        entriesPut += put;
        entriesInFlight += put;
    }

    private boolean fitsQueue(Flight flight) {
        return flight.entriesNeeded() <= queue.free() && fitsRing(flight);
    }

    /// Where it fits the ring but not the queue, entering the kernel makes room.
    private boolean fitsRing(Flight flight) {
        return flights.hasFree() && entriesInFlight + flight.entriesNeeded() <= queue.capacity();
    }

    /// True where nothing can be done before the kernel completes something. Only without work in
    /// hand does new work have to wake this thread: with a full ring, a completion does.
    private boolean maySleep() {
        if (!ready.isEmpty()) {
            return !fitsRing(ready.peekFirst());
        }
        doorbell.willSleep();
        return inbox.isEmpty() && !isOver() && doorbell.isArmed();
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

    /// A round of a chain has come back.
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
        live.remove(chain);
        chain.submission().chain().giveBack();
        counters.countEnd(end);
        gauges.completed(chain.ageNanos());
        chain.submission().tell(end, LOG);
    }

    /// The kernel refused the ring, or this class has a defect. Nobody can say any more what is in
    /// flight, so all of it fails; the ring is closed by now, which cancels what it can.
    private void abandon(Throwable thrown) {
        LOG.log(System.Logger.Level.ERROR, "the thread of an io_uring ended early", thrown);
        admission.close();
        WalException cause = WalException.Defect.orCause(thrown);
        while (!isOver()) {
            RingChain arrived = inbox.poll();
            if (arrived != null) {
                live.add(arrived);
                admission.leave();
            }
            while (!live.isEmpty()) {
                complete(live.any(), live.any().fail(cause));
            }
        }
    }

    /// The armed read would outlive the ring by a moment, and with it its eight bytes.
    private void endDoorbell() {
        doorbell.ring();
        while (doorbell.isArmed()) {
            enter(1);
            ring.completions().drain(this::completed);
        }
    }
}
