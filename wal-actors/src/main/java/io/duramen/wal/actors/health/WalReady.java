package io.duramen.wal.actors.health;

import io.duramen.wal.actors.LogPhase;
import io.duramen.wal.actors.Wal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/// True where no log of the system is poisoned or could not be opened, and the disk of
/// `duramen.wal.base-path` and those of the open logs have `duramen.wal.health.free-space-min`
/// bytes free. The stage fails where a disk cannot be asked.
public final class WalReady implements Supplier<CompletionStage<Boolean>> {
    private final Wal wal;

    public WalReady(ActorSystem system) {
        this.wal = Wal.get(Adapter.toTyped(system));
    }

    @Override
    public CompletionStage<Boolean> get() {
        boolean broken = wal.logs().stream().map(log -> log.phase()).anyMatch(
                phase -> phase instanceof LogPhase.Poisoned || phase instanceof LogPhase.Failed);
        long least = wal.settings().freeSpaceMin();
        if (broken || least == 0) {
            return CompletableFuture.completedStage(!broken);
        }
        return wal.usableBytes().thenApply(usable -> usable >= least);
    }
}
