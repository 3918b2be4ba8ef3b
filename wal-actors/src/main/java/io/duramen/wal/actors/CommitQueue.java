package io.duramen.wal.actors;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.actors.LogRequest.Append;
import io.duramen.wal.actors.LogRequest.AppendAnswer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// The appends of a log that are not answered yet, in order: those that wait, and the group under
/// way. Each leaves it with exactly one answer.
///
/// Plain state of a [LogActor]: no threads, no I/O, no clock.
final class CommitQueue {
    /// An append and how much of it is in groups by now.
    private static final class Pending {
        private final Append request;
        private final long payloadBytes;
        private long firstId = -1;
        private int taken;

        Pending(Append request) {
            this.request = request;
            this.payloadBytes = request.payloadBytes();
        }

        boolean isTaken() {
            return taken == request.payloads().size();
        }

        Appended appended() {
            return new Appended(firstId, firstId + request.payloads().size() - 1,
                    request.durability());
        }
    }

    /// What is written next.
    record Group(List<Payload> payloads, boolean sync) {}

    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    /// Appends whose last entry is in the group under way.
    private final List<Pending> underWay = new ArrayList<>();
    private long pendingBytes;

    void add(Append request) {
        Pending pending = new Pending(request);
        waiting.add(pending);
        pendingBytes += pending.payloadBytes;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Payload bytes of all appends that are not answered.
    long pendingBytes() {
        return pendingBytes;
    }

    /// Size of the entry that is written next.
    int nextPayloadBytes() {
        Pending first = waiting.peek();
        return first.request.payloads().get(first.taken).sizeBytes();
    }

    /// Takes what is written next: as many entries as fit, at least one.
    ///
    /// @param nextId the id that the first of them gets
    /// @param groupBytesMax largest group, unless one entry alone is larger
    /// @param entriesMax most entries
    Group take(FragmentSpace space, long nextId, long groupBytesMax, long entriesMax) {
        List<Payload> payloads = new ArrayList<>();
        long bytes = GroupRecord.BYTES;
        boolean sync = false;
        while (!waiting.isEmpty() && payloads.size() < entriesMax) {
            Pending first = waiting.peek();
            Payload payload = first.request.payloads().get(first.taken);
            long entryBytes = EntryHeader.entryBytes(payload.sizeBytes());
            boolean fits = bytes + entryBytes <= groupBytesMax
                    && space.holds(bytes, payloads.size(), payload.sizeBytes());
            if (!fits && !payloads.isEmpty()) {
                break;
            }
            if (first.taken == 0) {
                first.firstId = nextId + payloads.size();
            }
            payloads.add(payload);
            bytes += entryBytes;
            first.taken++;
            sync |= first.request.durability() == Durability.SYNCED;
            if (first.isTaken()) {
                underWay.add(waiting.poll());
            }
        }
        return new Group(payloads, sync);
    }

    /// The group under way is written: answers the appends that end in it and wanted no more.
    void written() {
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
        pendingBytes -= pending.payloadBytes;
        pending.request.replyTo().tell(answer);
    }

    /// Answers everything: `started` to appends of which something may be written, `untouched` to
    /// the others.
    void failAll(AppendAnswer started, AppendAnswer untouched) {
        underWay.forEach(pending -> answer(pending, started));
        underWay.clear();
        waiting.forEach(pending -> answer(pending, pending.taken > 0 ? started : untouched));
        waiting.clear();
    }
}
