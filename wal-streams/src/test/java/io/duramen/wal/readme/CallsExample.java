package io.duramen.wal.readme;

// #region calls
import io.duramen.wal.WalException;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

class CallsExample {
    public static void main(String[] args) throws Exception {
        try (ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "bank")) {
            WalLog log = Wal.get(system).log(LogId.of("ledger"), Path.of(args[0]),
                    LogSettings.defaults());
            Thread.ofVirtual().start(() -> transfer(log)).join(); // a virtual thread may wait
            long first = log.firstIdAtOrAfter(Instant.EPOCH).toCompletableFuture().join();
            System.out.println("the log begins with entry " + first);
            log.close().toCompletableFuture().join();
        }
    }

    private static void transfer(WalLog log) {
        List<Payload> both = List.of(Payload.of("ann -10".getBytes()),
                Payload.of("bob +10".getBytes()));
        try {
            Appended appended = log.appendBatch(both).toCompletableFuture().join();
            System.out.println("entries " + appended.firstId() + " and " + appended.lastId());
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case WalException.Overloaded busy ->
                        System.out.println("not written, try again in " + busy.retryAfter());
                case WalException.OutcomeUnknown unknown ->
                        System.out.println("look what is in the log: " + unknown.getMessage());
                case Throwable refused ->
                        System.out.println("not written: " + refused.getMessage());
            }
        }
    }
}
// #endregion
