package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.actors.LogRequest.AwaitVisible;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.Truncations;
import java.util.ArrayList;
import java.util.List;

/// Readers that wait for an entry to become visible. Each asks once and is told once, so there are
/// never more than readers.
final class VisibleWaiters {
    private final LogFragments fragments;
    private final Truncations truncations;
    private final List<AwaitVisible> waiting = new ArrayList<>();
    private long toldId = -1;

    VisibleWaiters(LogFragments fragments, Truncations truncations) {
        this.fragments = fragments;
        this.truncations = truncations;
    }

    void add(AwaitVisible request) {
        add(request, Long.MAX_VALUE);
    }

    /// As [#add(AwaitVisible)]; one that is ahead of the log's end, where the log was truncated,
    /// has read what is gone, and is told so.
    void add(AwaitVisible request, long nextId) {
        if (request.entryId() > nextId && truncations.hasAny()) {
            Refusals.answer(request, new WalException.Truncated(request.entryId(), nextId));
            return;
        }
        waiting.add(request);
        wake();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Tells those whose entry is visible by now.
    void wake() {
        long visibleId = fragments.visibleId();
        waiting.removeIf(request -> {
            boolean visible = request.entryId() <= visibleId;
            if (visible) {
                toldId = Math.max(toldId, visibleId);
                request.replyTo().tell(new LogRequest.Visible(fragments.firstId(), visibleId));
            }
            return visible;
        });
    }

    /// The last entry that anybody was told of, -1 for none.
    long toldId() {
        return toldId;
    }

    /// Takes all who wait.
    List<AwaitVisible> leave() {
        List<AwaitVisible> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    /// Nothing will become visible any more.
    void failAll(WalException cause) {
        waiting.forEach(request -> request.replyTo().tell(new LogRequest.ReadFailed(cause)));
        waiting.clear();
    }
}
