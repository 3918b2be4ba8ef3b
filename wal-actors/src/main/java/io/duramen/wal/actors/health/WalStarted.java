package io.duramen.wal.actors.health;

import io.duramen.wal.actors.LogPhase;
import io.duramen.wal.actors.Wal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/// True where no log of the system is being recovered.
public final class WalStarted implements Supplier<CompletionStage<Boolean>> {
    private final Wal wal;

    public WalStarted(ActorSystem system) {
        this.wal = Wal.get(Adapter.toTyped(system));
    }

    @Override
    public CompletionStage<Boolean> get() {
        return CompletableFuture.completedStage(
                wal.logs().stream().noneMatch(log -> log.phase() instanceof LogPhase.Opening));
    }
}
