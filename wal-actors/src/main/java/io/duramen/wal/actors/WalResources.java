package io.duramen.wal.actors;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPool;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;

/// What the actors of one system share.
///
/// @param environment disk, scheduler, buffers, clock
/// @param ioScheduler where groups are submitted
/// @param blocking runs what waits for the disk
/// @param pending what waits for the disk: in all logs, or in the one that this is for
record WalResources(LogEnvironment environment, ActorRef<IoSchedulerActor.Command> ioScheduler,
        Executor blocking, PendingBytes pending) {
    WalResources(LogEnvironment environment, ActorRef<IoSchedulerActor.Command> ioScheduler,
            Executor blocking) {
        this(environment, ioScheduler, blocking, PendingBytes.unlimited());
    }

    /// The same for one log.
    WalResources ofLog() {
        return new WalResources(environment, ioScheduler, blocking, pending.part());
    }

    Disk disk() {
        return environment.disk();
    }

    /// For work on a blocking thread; groups go through the actor.
    IoScheduler scheduler() {
        return environment.scheduler();
    }

    BufferPool pool() {
        return environment.pool();
    }

    InstantSource clock() {
        return environment.clock();
    }
}
