package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import java.util.ArrayDeque;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;

/// Those who wait until the appends before them are on the device. Plain state of a [LogActor].
final class SyncWaiters {
    private static final int WAITING_MAX = 1000;

    /// @param appends how many appends the log had taken when it was asked
    private record Waiting(long appends, ActorRef<StatusReply<Done>> replyTo) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    void add(LogRequest.Sync request, long appends) {
        if (waiting.size() == WAITING_MAX) {
            Refusals.answer(request, new WalException.Overloaded(
                    WAITING_MAX + " requests to sync wait already: ask again later"));
        } else {
            waiting.add(new Waiting(appends, request.replyTo()));
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// So many appends have left the queue, and what they wrote is on the device.
    void reached(long appends) {
        while (!waiting.isEmpty() && waiting.peek().appends() <= appends) {
            waiting.poll().replyTo().tell(StatusReply.ack());
        }
    }

    void failAll(WalException cause) {
        waiting.forEach(one -> one.replyTo().tell(StatusReply.error(cause)));
        waiting.clear();
    }
}
