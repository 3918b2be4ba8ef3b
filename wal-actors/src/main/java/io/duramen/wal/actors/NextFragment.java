package io.duramen.wal.actors;

import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.Rotation;
import io.duramen.wal.log.WritableFragment;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/// Brings the fragment that a log goes on in, on a blocking thread. Part of a [LogActor], which is
/// told by [LogEvent.FragmentReady] or [LogEvent.FragmentRefused].
final class NextFragment {
    private final ActorContext<LogActor.Command> context;
    private final WalResources resources;
    private final WriteAccess access;
    private final Rotation rotation;
    private CompletableFuture<WritableFragment> opening;

    NextFragment(ActorContext<LogActor.Command> context, WalResources resources,
            WriteAccess access, Rotation rotation) {
        this.context = context;
        this.resources = resources;
        this.access = access;
        this.rotation = rotation;
    }

    /// Starts to make its file ready.
    void prepare() {
        rotation.prepareSuccessor();
    }

    /// Starts to open it, behind what ends here.
    void open(LogEnd end) {
        boolean mayWrite = access.tryUse();
        assert mayWrite : "a log that is open may be written to";
        WritableFragment next = rotation.plan(end);
        opening = CompletableFuture.supplyAsync(() -> {
            rotation.activate(next);
            return next;
        }, resources.blocking());
        opening.whenComplete((_, _) -> access.endUse());
        context.pipeToSelf(opening, (_, failure) -> failure == null
                ? new LogEvent.FragmentReady(next)
                : new LogEvent.FragmentRefused(Causes.of(failure)));
    }

    /// The log has been told how it went.
    void arrived() {
        opening = null;
    }

    /// Removes the files that were made ready for nothing; blocks on the disk.
    void close() {
        rotation.close();
    }

    /// Lets go of what is under way, for the next writer to find.
    void abandon() {
        if (opening != null) {
            opening.thenAccept(WritableFragment::close);
        }
        rotation.abandon();
    }
}
