package io.duramen.wal.streams;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.actors.LogRequest;
import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Streams beside a real log, or beside one that a test plays.
final class StreamWorld implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(20);
    static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(64 << 10)
            .withFragmentEntriesMax(700);

    final ActorTestKit kit;
    final Path base;

    StreamWorld(Path base) {
        this(base, "");
    }

    StreamWorld(Path base, String more) {
        this.base = base;
        kit = ActorTestKit.create("streams", ConfigFactory
                .parseString("duramen.wal.base-path = \"" + base + "\"\n" + more)
                .withFallback(ConfigFactory.load()));
    }

    ActorSystem<?> system() {
        return kit.system();
    }

    WalLog log() {
        return Wal.get(system()).log(LogId.of("orders"), base, SMALL);
    }

    TestProbe<LogRequest> played() {
        return kit.createTestProbe();
    }

    WalLog logOf(TestProbe<LogRequest> played) {
        return Wal.get(system()).served(LogId.of("played"), played.ref());
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    static List<ByteString> elements(int count) {
        return IntStream.range(0, count).mapToObj(i -> ByteString.fromString("element " + i))
                .toList();
    }

    void append(WalLog log, int count) throws Exception {
        get(Source.from(elements(count)).runWith(WalSink.append(log), system()));
    }

    void await(BooleanSupplier condition) {
        kit.createTestProbe().awaitAssert(LONG, Duration.ofMillis(5), () -> {
            if (!condition.getAsBoolean()) {
                throw new AssertionError("it did not come true");
            }
            return null;
        });
    }

    /// Mappings of fragment files.
    long mappedFragments() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(base.toString())
                    && line.contains("fragment_")).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
