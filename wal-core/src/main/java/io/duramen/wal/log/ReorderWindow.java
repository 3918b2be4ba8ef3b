package io.duramen.wal.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Conditional appends that came before their turn, by the id they are for; several may be for the
/// same one, and leave in the order in which they came.
///
/// Plain state, without threads and without a clock: a round is as long as whoever asks for it lets
/// it be.
///
/// @param <T> who waits
public final class ReorderWindow<T> {
    private record Held<T>(T waiter, int entries, long bytes, long round) {}

    private final ReorderSettings settings;
    private final TreeMap<Long, ArrayDeque<Held<T>>> byId = new TreeMap<>();
    private int entries;
    private long bytes;
    private long round;

    public ReorderWindow(ReorderSettings settings) {
        this.settings = settings;
    }

    public boolean isEmpty() {
        return byId.isEmpty();
    }

    /// Bytes of those that wait, as they were told.
    public long bytes() {
        return bytes;
    }

    /// True where one of these entries may wait.
    ///
    /// @param nextId the id of the entry that is appended next
    public boolean hasRoomFor(long expectedId, int entryCount, long payloadBytes, long nextId) {
        return expectedId - nextId + entryCount <= settings.entriesMax()
                && entries + entryCount <= settings.entriesMax()
                && bytes + payloadBytes <= settings.bytesMax();
    }

    /// Takes one that it has room for.
    public void hold(long expectedId, int entryCount, long payloadBytes, T waiter) {
        byId.computeIfAbsent(expectedId, _ -> new ArrayDeque<>(1))
                .add(new Held<>(waiter, entryCount, payloadBytes, round));
        entries += entryCount;
        bytes += payloadBytes;
    }

    /// True where one need not wait any more.
    public boolean isDue(long nextId) {
        return !byId.isEmpty() && byId.firstKey() <= nextId;
    }

    /// Takes out the first one whose turn has come, or has passed.
    public Optional<T> pollDue(long nextId) {
        if (!isDue(nextId)) {
            return Optional.empty();
        }
        Map.Entry<Long, ArrayDeque<Held<T>>> first = byId.firstEntry();
        Held<T> held = first.getValue().poll();
        if (first.getValue().isEmpty()) {
            byId.remove(first.getKey());
        }
        return Optional.of(left(held));
    }

    private T left(Held<T> held) {
        entries -= held.entries();
        bytes -= held.bytes();
        return held.waiter();
    }

    /// Ends the round and takes out who has waited since before it began.
    public List<T> endRound() {
        List<T> late = removeFrom(round - 1);
        round++;
        return late;
    }

    /// Takes out all.
    public List<T> clear() {
        return removeFrom(round);
    }

    private List<T> removeFrom(long lastRound) {
        List<T> removed = new ArrayList<>();
        Iterator<ArrayDeque<Held<T>>> queues = byId.values().iterator();
        while (queues.hasNext()) {
            ArrayDeque<Held<T>> queue = queues.next();
            while (!queue.isEmpty() && queue.peek().round() <= lastRound) {
                removed.add(left(queue.poll()));
            }
            if (queue.isEmpty()) {
                queues.remove();
            }
        }
        return removed;
    }
}
