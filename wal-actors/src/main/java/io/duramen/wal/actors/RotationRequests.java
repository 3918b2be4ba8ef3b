package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import java.util.ArrayDeque;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/// Those who asked that the log goes on in another fragment. Plain state of a [LogActor].
final class RotationRequests {
    private static final int WAITING_MAX = 1000;

    private final ArrayDeque<ActorRef<StatusReply<Boolean>>> waiting = new ArrayDeque<>();

    void add(LogRequest.Rotate request) {
        if (waiting.size() == WAITING_MAX) {
            Refusals.answer(request, new WalException.Overloaded(
                    WAITING_MAX + " requests to rotate wait already: ask again later"));
        } else {
            waiting.add(request.replyTo());
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// @param rotated false where the fragment that grows is empty
    void answer(boolean rotated) {
        waiting.forEach(one -> one.tell(StatusReply.success(rotated)));
        waiting.clear();
    }

    void failAll(WalException cause) {
        waiting.forEach(one -> one.tell(StatusReply.error(cause)));
        waiting.clear();
    }
}
