package io.duramen.wal.actors;

import io.duramen.wal.actors.LogRequest.Lend;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.WritableFragment;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// The fragments of a log and their actors: the one that grows, one that may be sealing, and those
/// that readers have asked for. Part of a [LogActor].
final class FragmentActors {
    private final ActorContext<LogActor.Command> context;
    private final WalResources resources;
    private final FragmentActor.Owner owner;
    private final LogFragments fragments;
    private final Map<Long, ActorRef<FragmentActor.Command>> actors = new HashMap<>();
    private ActorRef<FragmentActor.Command> growing;
    private WritableFragment tip;
    private ActorRef<FragmentActor.Command> sealing;

    FragmentActors(ActorContext<LogActor.Command> context, WalResources resources,
            FragmentActor.Owner owner, LogFragments fragments) {
        this.context = context;
        this.resources = resources;
        this.owner = owner;
        this.fragments = fragments;
    }

    LogFragments all() {
        return fragments;
    }

    ActorRef<FragmentActor.Command> growing() {
        return growing;
    }

    boolean isSealing() {
        return sealing != null;
    }

    /// The log goes on in this fragment.
    void grow(WritableFragment next) {
        tip = next;
        long firstId = next.fragment().firstId();
        fragments.add(next.fragment());
        growing = context.spawnAnonymous( // the one of an earlier opening may still be stopping
                FragmentActor.growing(next, owner, resources), WalSettings.dispatcher());
        context.watchWith(growing, new LogEvent.FragmentStopped(growing));
        actors.put(firstId, growing);
    }

    /// The fragment that grew is complete.
    void sealGrowing(long lastId) {
        if (growing != null) {
            tip.fragment().completed(lastId);
            growing.tell(new FragmentActor.Seal());
            sealing = growing;
        }
    }

    void sealed() {
        context.unwatch(sealing);
        sealing = null;
    }

    /// An actor that ought to be there is gone.
    ///
    /// @return true where it was the one of the fragment that grows
    boolean stopped(ActorRef<FragmentActor.Command> actor) {
        boolean grew = actor.equals(growing);
        if (grew) {
            growing = null;
        }
        if (actor.equals(sealing)) {
            sealing = null;
        }
        actors.values().remove(actor);
        return grew;
    }

    /// @return false where no fragment grows
    boolean finishGrowing(boolean clean, boolean appended, long durableId,
            ActorRef<Done> replyTo) {
        if (growing == null) {
            return false;
        }
        growing.tell(new FragmentActor.Finish(clean, appended, durableId, replyTo));
        return true;
    }

    /// Stops all of them, behind what they were asked; the log has been given back.
    void stop() {
        if (growing != null) {
            context.unwatch(growing);
        }
        actors.values().forEach(actor -> actor.tell(FragmentActor.Stop.STOP));
        actors.clear();
    }

    void lend(Lend request) {
        Lending.answer(request, fragments,
                fragment -> actorOf(fragment).tell(new FragmentActor.Lend(
                        () -> fragments.lease(fragment, request.entryId()), request.slot(),
                        request.replyTo(), fragments.visibleId())));
    }

    private ActorRef<FragmentActor.Command> actorOf(Fragment fragment) {
        return actors.computeIfAbsent(fragment.firstId(), firstId -> context.spawnAnonymous(
                FragmentActor.sealed(fragment, owner, resources),
                WalSettings.dispatcher()));
    }

    /// Stops an actor that nobody has asked for a while; what it was asked meanwhile it still
    /// answers.
    void passivate(LogEvent.FragmentIdle idle) {
        if (idle.actor() != growing && actors.remove(idle.firstId(), idle.actor())) {
            idle.actor().tell(FragmentActor.Stop.STOP);
        }
    }
}
