package io.duramen.wal.readme;

// #region streams
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.streams.WalSink;
import io.duramen.wal.streams.WalSource;
import java.nio.file.Path;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

class StreamsExample {
    public static void main(String[] args) throws Exception {
        try (ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "shop")) {
            WalLog log = Wal.get(system).log(LogId.of("orders"), Path.of(args[0]),
                    LogSettings.defaults());
            Source.range(1, 1000).map(n -> ByteString.fromString(n + " apples"))
                    .runWith(WalSink.append(log), system) // completes when all is on the device
                    .toCompletableFuture().join();
            WalSource.current(log).drop(997)
                    .runForeach(entry -> System.out.println(
                            entry.id() + ": " + entry.bytes().utf8String()), system)
                    .toCompletableFuture().join();
        }
    }
}
// #endregion
