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

/// The appends of a log that are not answered yet, in order: those in groups, of which the first is
/// under way, and those that wait. Each leaves it with exactly one answer.
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
        private long takenBytes;

        Pending(Append request, long expectedId) {
            this.request = request;
            this.expectedId = expectedId;
            this.weightBytes = request.weightBytes();
        }

        int untaken() {
            return request.payloads().size() - taken;
        }

        long untakenBytes() {
            return weightBytes - takenBytes;
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

    /// Entries that are written at once, and the appends that are answered with them.
    static final class Group {
        private final List<Payload> payloads = new ArrayList<>();
        private final BitSet continues = new BitSet(0);
        /// Appends whose last entry is in it.
        private final List<Pending> ending = new ArrayList<>();
        /// The append whose first entries are in an earlier group.
        private Pending begunEarlier;
        private long entriesBytes;
        private int unwritten;
        private boolean sync;
        private boolean writtenMatters;

        private void add(Pending pending, long nextId) {
            if (pending.taken == 0) {
                pending.firstId = nextId + payloads.size();
            } else if (payloads.isEmpty()) {
                begunEarlier = pending;
            }
            int unit = pending.nextEntries();
            long unitBytes = pending.nextBytes();
            continues.set(payloads.size(), payloads.size() + unit - 1);
            for (int end = pending.taken + unit; pending.taken < end; pending.taken++) {
                payloads.add(pending.request.payloads().get(pending.taken));
            }
            pending.takenBytes += unitBytes;
            entriesBytes += unitBytes;
            unwritten += unit;
            if (pending.isTaken()) { // nobody waits for an append's first entries alone
                ending.add(pending);
                boolean synced = pending.request.durability() == Durability.SYNCED;
                sync |= synced;
                writtenMatters |= !synced;
            }
        }

        List<Payload> payloads() {
            return payloads;
        }

        /// Numbers of the entries whose batch goes on in the next entry.
        BitSet continues() {
            return continues;
        }

        /// Bytes the entries take in the file.
        long entriesBytes() {
            return entriesBytes;
        }

        /// It is to be synced whatever ends in it.
        void wantSync() {
            sync = true;
        }

        /// It is to be synced, as for an append that ends in it and is answered then.
        boolean sync() {
            return sync;
        }

        /// An append ends in it that is answered as soon as it is written.
        boolean writtenMatters() {
            return writtenMatters;
        }
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
    /// What was taken and has not ended.
    private final ArrayDeque<Group> groups = new ArrayDeque<>();
    private final PendingBytes ofAllLogs;
    private long pendingBytes;
    private long added;
    /// Entries that are in no group yet.
    private long waitingEntries;
    private long waitingBytes;
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
        waitingBytes += pending.weightBytes;
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

    /// Bytes of entries that are in no group.
    long waitingBytes() {
        return waitingBytes;
    }

    /// Entries that are not written yet.
    long unwrittenEntries() {
        return waitingEntries + unwrittenInGroups();
    }

    /// Entries of groups that are not written yet.
    long unwrittenInGroups() {
        long entries = 0;
        for (Group group : groups) {
            entries += group.unwritten;
        }
        return entries;
    }

    /// Groups that were taken and have not ended.
    int groups() {
        return groups.size();
    }

    /// The oldest group that has not ended; there is one.
    Group underWay() {
        return groups.element();
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
                noLongerWaits(one);
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
        Group group = new Group();
        while (!waiting.isEmpty()) {
            Pending first = waiting.peek();
            int entries = group.payloads.size() + first.nextEntries();
            long bytes = group.entriesBytes + first.nextBytes();
            if (!group.payloads.isEmpty() && (entries > entriesMax
                    || OpenGroup.bytesFor(bytes) > groupBytesMax || !space.holds(bytes, entries))) {
                break;
            }
            group.add(first, nextId);
            if (first.isTaken()) {
                waiting.poll();
            }
        }
        waitingEntries -= group.unwritten;
        waitingBytes -= group.entriesBytes;
        groups.add(group);
        return group;
    }

    /// The group under way is written: answers the appends that end in it and wanted no more.
    void written() {
        underWay().unwritten = 0;
        answer(Durability.WRITTEN);
    }

    /// What is written is durable: answers all appends that end in the group under way, if there is
    /// one.
    void synced() {
        if (!groups.isEmpty()) {
            answer(Durability.SYNCED);
        }
    }

    /// The group under way is as durable as it was to be; the next one, if there is one, is under
    /// way now.
    void ended() {
        groups.remove();
    }

    /// Nothing is under way any more, and all appends are answered.
    void noneUnderWay() {
        groups.clear();
    }

    private void answer(Durability reached) {
        underWay().ending.removeIf(pending -> {
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

    /// Of the newest group nothing was written, and no id was given: answers the appends in it,
    /// `started` to one whose first entries are in an earlier group. The others go on waiting.
    void refuseGroup(AppendAnswer started, AppendAnswer untouched) {
        Group refused = groups.removeLast();
        displaced = true;
        Pending partly = waiting.peek();
        if (partly != null && partly.taken > 0) { // the group ends inside of it
            noLongerWaits(waiting.remove());
            refused.ending.add(partly);
        }
        for (Pending pending : refused.ending) {
            answer(pending, pending == refused.begunEarlier ? started : untouched);
        }
    }

    /// Answers the append whose turn it is: its next entry cannot be written.
    void refuseFirst(AppendAnswer started, AppendAnswer untouched) {
        displaced = true;
        Pending first = waiting.remove();
        noLongerWaits(first);
        answer(first, first.taken > 0 ? started : untouched);
    }

    private void noLongerWaits(Pending pending) {
        waitingEntries -= pending.untaken();
        waitingBytes -= pending.untakenBytes();
    }

    /// Answers everything: `started` to appends of which something may be written, `untouched` to
    /// the others. Groups that are under way stay so.
    void failAll(AppendAnswer started, AppendAnswer untouched) {
        for (Group group : groups) {
            group.ending.forEach(pending -> answer(pending, started));
            group.ending.clear();
            group.unwritten = 0;
        }
        while (!waiting.isEmpty()) {
            refuseFirst(started, untouched);
        }
    }
}
