package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The configuration that the page about operations shows for health checks works: what it names
/// is made as Pekko Management makes it, and called.
class HealthSampleTest {
    private static final Pattern SAMPLE =
            Pattern.compile("(?ms)^```\n(pekko\\.management\\.health-checks .*?)^```$");

    @TempDir
    Path base;
    private ActorTestKit kit;

    private void start() throws IOException {
        kit = ActorTestKit.create("health", ConfigFactory
                .parseString("duramen.wal.base-path = \"" + base + "\"")
                .withFallback(ConfigFactory.parseString(sample()))
                .withFallback(ConfigFactory.load()));
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static String sample() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        Matcher sample = SAMPLE.matcher(Files.readString(folder.resolve("docs/operations.md")));
        assertThat(sample.find()).isTrue();
        return sample.group(1);
    }

    /// Answers by the kind and the name of each check that is configured.
    private Map<String, Boolean> checks() throws ReflectiveOperationException {
        ActorSystem system = kit.system().classicSystem();
        Config all = system.settings().config().getConfig("pekko.management.health-checks");
        Map<String, Boolean> answers = new TreeMap<>();
        for (var check : all.entrySet()) {
            Object made = Class.forName((String) check.getValue().unwrapped())
                    .getConstructor(ActorSystem.class).newInstance(system);
            answers.put(check.getKey(), answer((Supplier<?>) made));
        }
        return answers;
    }

    private static Boolean answer(Supplier<?> check) {
        return (Boolean) ((CompletionStage<?>) check.get()).toCompletableFuture().join();
    }

    @Test
    void the_configured_checks_hold_where_all_is_well() throws Exception {
        start();
        Wal.get(kit.system()).log("orders").append(new byte[1]).toCompletableFuture().join();
        assertThat(checks()).containsExactlyInAnyOrderEntriesOf(
                Map.of("startup-checks.wal", true, "readiness-checks.wal", true));
    }

    @Test
    void the_configured_check_of_readiness_tells_of_a_log_that_another_has() throws Exception {
        try (DiskLog _ = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            start();
            WalLog log = Wal.get(kit.system()).log("orders");
            assertThat(log.append(new byte[1]).toCompletableFuture().handle((_, failure) -> failure)
                    .join()).isNotNull();
            assertThat(checks()).containsExactlyInAnyOrderEntriesOf(
                    Map.of("startup-checks.wal", true, "readiness-checks.wal", false));
        }
    }
}
