package io.duramen.wal.actors;

import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveredLog;
import io.duramen.wal.log.Retention;
import io.duramen.wal.log.Rotation;
import io.duramen.wal.log.WriterFence;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// What a [LogActor] is made of when its log has been recovered.
record LogParts(WriteAccess access, GroupPlan groups, FragmentActors fragments, LogState state,
        WriterFence fence, NextFragment nextFragment, Upkeep upkeep) {
    static LogParts of(OpeningLog.Phases phases, LogEvent.Opened opened) {
        ActorContext<LogActor.Command> context = phases.context();
        ActorRef<LogActor.Command> self = context.getSelf();
        OpeningLog.Plan plan = phases.plan();
        WalResources resources = plan.resources();
        RecoveredLog recovered = opened.recovered();
        LogSettings settings = recovered.settings();
        WriteAccess access = new WriteAccess(opened.lock());
        WriterFence fence = new WriterFence(opened.lock().status(), plan.directory().path(),
                recovered.writerEpoch());
        Rotation rotation = new Rotation(plan.directory(), resources.environment(), settings,
                recovered.writerEpoch(), Rotation.Listener.NONE);
        LogFragments all = LogFragments.of(recovered, phases.life().truncations());
        Retention retention = new Retention(plan.directory(), resources.environment(), settings,
                recovered, all, rotation,
                failure -> self.tell(new LogEvent.TrimFailed(failure)));
        return new LogParts(access, new GroupPlan(settings, plan.admission(), resources,
                phases.life().meter()),
                new FragmentActors(context, resources, new FragmentActor.Owner(self, access,
                        fence, settings.ioMode(), plan.wal().fragmentIdleTimeout()), all),
                new LogState(settings, all, opened.lock().status(), phases.life().meter(),
                        recovered.end()),
                fence, new NextFragment(context, resources, access, rotation),
                new Upkeep(context.getLog(), retention, access, resources));
    }
}
