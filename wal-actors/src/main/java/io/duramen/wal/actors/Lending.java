package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.ReadRange;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/// How requests for a lease are answered, whoever serves the log.
final class Lending {
    private Lending() {}

    /// Answers a request for an entry that may not be read, or not yet; else has its fragment lent.
    static void answer(LogRequest.Lend request, LogFragments fragments, Consumer<Fragment> lend) {
        try {
            fragments.check(ReadRange.from(request.entryId()));
            if (request.entryId() > fragments.visibleId()) {
                request.replyTo()
                        .tell(new LogRequest.Visible(fragments.firstId(), fragments.visibleId()));
            } else {
                lend.accept(fragments.holding(request.entryId()));
            }
        } catch (WalException failure) {
            request.replyTo().tell(new LogRequest.ReadFailed(failure));
        }
    }

    /// Puts a lease where its asker finds it, and says so.
    static void lend(Supplier<FragmentLease> lender, LeaseSlot slot,
            ActorRef<LogRequest.ReadAnswer> replyTo, long visibleId) {
        try {
            FragmentLease lease = lender.get();
            slot.put(lease);
            replyTo.tell(new LogRequest.Lent(lease, visibleId));
        } catch (RuntimeException failure) {
            replyTo.tell(new LogRequest.ReadFailed(WalException.Defect.orCause(failure)));
        }
    }
}
