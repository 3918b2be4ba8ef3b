package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.actors.LogRequest.Append;
import io.duramen.wal.actors.LogRequest.AppendAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;

/// The appends of a log that are not answered yet, in order: those that wait, and the group under
/// way. Each leaves it with exactly one answer.
///
/// Plain state of a [LogActor]: no threads, no I/O, no clock.
final class CommitQueue {
    /// An append and how much of it is in groups by now.
    private static final class Pending {
        private final Append request;
        private final long weightBytes;
        private final long expectedId;
        private long firstId = -1;
        private int taken;
        private int written;

        Pending(Append request, long expectedId) {
            this.request = request;
            this.expectedId = expectedId;
            this.weightBytes = request.weightBytes();
        }

        int untaken() {
            return request.payloads().size() - taken;
        }

        boolean isTaken() {
            return taken == request.payloads().size();
        }

        int nextEntries() {
            return request.atomic() ? request.payloads().size() : 1;
        }

        long nextBytes() {
            return request.atomic() ? weightBytes
                    : EntryHeader.entryBytes(request.payloads().get(taken).sizeBytes());
        }

        Unit next() {
            return new Unit(nextEntries(), nextBytes(), request.payloads().get(taken).sizeBytes());
        }

        Appended appended() {
            return new Appended(firstId, firstId + request.payloads().size() - 1,
                    request.durability());
        }
    }

    /// What is written next.
    ///
    /// @param continues numbers of the entries whose batch goes on in the next entry
    /// @param sync an append ends in it that is answered when it is synced
    /// @param writtenMatters one ends in it that is answered as soon as it is written
    record Group(List<Payload> payloads, BitSet continues, boolean sync, boolean writtenMatters) {
    }

    /// What goes into one group: an entry, or all of an atomic append.
    ///
    /// @param payloadBytes the first entry's
    record Unit(int entries, long entriesBytes, int payloadBytes) {
        /// The refusal where even an empty fragment does not take it.
        WalException tooLarge(int largestPayloadBytes) {
            return entries == 1 ? new WalException.TooLarge(payloadBytes, largestPayloadBytes)
                    : WalException.TooLarge.batch(entries, entriesBytes);
        }
    }

    static final long ANY_ID = -1;

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    /// Appends whose last entry is in the group under way.
    private final List<Pending> underWay = new ArrayList<>();
    private final PendingBytes ofAllLogs;
    private long pendingBytes;
    private long added;
    /// Entries that are in no group yet.
    private long waitingEntries;
    /// Entries of the group under way, until it is written.
    private long groupEntries;
    /// Something was refused, so that what waits behind may get other ids than it was taken for.
    private boolean displaced;

    /// @param ofAllLogs where each append's bytes are given back with its answer
    CommitQueue(PendingBytes ofAllLogs) {
        this.ofAllLogs = ofAllLogs;
    }

    /// @param request its bytes have been taken of those of all logs
    void add(Append request) {
        add(request, ANY_ID);
    }

    /// @param expectedId where the first entry must get this id, or [#ANY_ID]
    void add(Append request, long expectedId) {
        Pending pending = new Pending(request, expectedId);
        waiting.add(pending);
        waitingEntries += request.payloads().size();
        pendingBytes += pending.weightBytes;
        added++;
    }

    /// Appends that were ever added.
    long added() {
        return added;
    }

    /// Appends that do not wait any more, the oldest so many: all of them is in groups, or refused.
    long taken() {
        return added - waiting.size();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Entries that are not written yet.
    long unwrittenEntries() {
        return waitingEntries + groupEntries;
    }

    /// Answers those that were to get another id than they would now.
    ///
    /// @param nextId the id of the next entry that is in no group
    void refuseMisplaced(long nextId) {
        if (!displaced) {
            return;
        }
        displaced = false;
        long id = nextId;
        for (Iterator<Pending> all = waiting.iterator(); all.hasNext();) {
            Pending one = all.next();
            if (one.expectedId == ANY_ID || one.taken > 0 || one.expectedId == id) {
                id += one.untaken();
            } else {
                all.remove();
                waitingEntries -= one.untaken();
                answer(one, new LogRequest.NotWritten(new WalException.OutOfOrder(one.expectedId,
                        id)));
            }
        }
    }

    /// Bytes of all appends that are not answered, as [Append#weightBytes()] counts them.
    long pendingBytes() {
        return pendingBytes;
    }

    /// What is written next; there is something.
    Unit next() {
        return waiting.peek().next();
    }

    /// Takes what is written next: as many units as fit, at least one.
    ///
    /// @param nextId the id that the first entry gets
    /// @param groupBytesMax largest group, unless one unit alone is larger
    /// @param entriesMax most entries, unless one unit alone has more
    Group take(FragmentSpace space, long nextId, long groupBytesMax, long entriesMax) {
        List<Payload> payloads = new ArrayList<>();
        BitSet continues = new BitSet(0);
        long bytes = 0;
        boolean sync = false;
        boolean writtenMatters = false;
        while (!waiting.isEmpty()) {
            Pending first = waiting.peek();
            int unit = first.nextEntries();
            int entries = payloads.size() + unit;
            bytes += first.nextBytes();
            if (!payloads.isEmpty() && (entries > entriesMax
                    || OpenGroup.bytesFor(bytes) > groupBytesMax || !space.holds(bytes, entries))) {
                break;
            }
            if (first.taken == 0) {
                first.firstId = nextId + payloads.size();
            }
            continues.set(payloads.size(), entries - 1);
            for (int end = first.taken + unit; first.taken < end; first.taken++) {
                payloads.add(first.request.payloads().get(first.taken));
            }
            if (first.isTaken()) { // nobody waits for an append's first entries alone
                boolean synced = first.request.durability() == Durability.SYNCED;
                sync |= synced;
                writtenMatters |= !synced;
                underWay.add(waiting.poll());
            }
        }
        waitingEntries -= payloads.size();
        groupEntries = payloads.size();
        return new Group(payloads, continues, sync, writtenMatters);
    }

    /// The group under way is written: answers the appends that end in it and wanted no more.
    void written() {
        groupEntries = 0;
        Pending partly = waiting.peek();
        if (partly != null) {
            partly.written = partly.taken;
        }
        answer(Durability.WRITTEN);
    }

    /// The group under way is durable: answers all appends that end in it.
    void synced() {
        answer(Durability.SYNCED);
    }

    private void answer(Durability reached) {
        underWay.removeIf(pending -> {
            boolean done = pending.request.durability().compareTo(reached) <= 0;
            if (done) {
                answer(pending, new LogRequest.Acknowledged(pending.appended()));
            }
            return done;
        });
    }

    private void answer(Pending pending, AppendAnswer answer) {
        pendingBytes -= pending.weightBytes;
        ofAllLogs.giveBack(pending.weightBytes);
        pending.request.replyTo().tell(answer);
    }

    /// Of the group under way nothing was written, and no id was given: answers the appends in it,
    /// `started` to one whose first entries are in an earlier group. The others go on waiting.
    void refuseGroup(AppendAnswer started, AppendAnswer untouched) {
        groupEntries = 0;
        displaced = true;
        Pending partly = waiting.peek();
        if (partly != null && partly.taken > partly.written) {
            waitingEntries -= partly.untaken();
            underWay.add(waiting.poll());
        }
        underWay.forEach(pending -> answer(pending, pending.written > 0 ? started : untouched));
        underWay.clear();
    }

    /// Answers the append whose turn it is: its next entry cannot be written.
    void refuseFirst(AppendAnswer started, AppendAnswer untouched) {
        displaced = true;
        Pending first = waiting.poll();
        waitingEntries -= first.untaken();
        answer(first, first.taken > 0 ? started : untouched);
    }

    /// Answers everything: `started` to appends of which something may be written, `untouched` to
    /// the others.
    void failAll(AppendAnswer started, AppendAnswer untouched) {
        groupEntries = 0;
        underWay.forEach(pending -> answer(pending, started));
        underWay.clear();
        while (!waiting.isEmpty()) {
            refuseFirst(started, untouched);
        }
    }
}
