package io.duramen.wal.readme;

// #region takeover
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderSettings;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

class TakeoverExample {
    public static void main(String[] args) throws Exception {
        try (ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "replica")) {
            LogSettings settings = LogSettings.defaults().withReorder(ReorderSettings.of(1000));
            WalLog old = Wal.get(system).log(LogId.of("votes"), Path.of(args[0]),
                    settings.withEpoch(6));
            send(old);
            send(old); // the answer to the first one was lost
            WalLog next = Wal.get(system).log(LogId.of("votes"), Path.of(args[0]),
                    settings.withEpoch(7));
            old.append("too late".getBytes()).toCompletableFuture()
                    .exceptionally(fenced -> {
                        System.out.println("not written: " + fenced.getClass().getSimpleName());
                        return null;
                    }).join();
            long nextId = next.truncateAfter(-1).toCompletableFuture().join().nextId();
            System.out.println("the new leader begins with entry " + nextId);
            next.close().toCompletableFuture().join();
        }
    }

    private static void send(WalLog log) {
        List<Payload> payloads = List.of(Payload.of("ann".getBytes()));
        AppendedAt answer = log.appendAt(0, payloads).toCompletableFuture().join();
        System.out.println("entry 0 " + (answer.duplicate() ? "was there" : "is new"));
    }
}
// #endregion
