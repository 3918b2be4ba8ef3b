package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.actors.health.WalReady;
import io.duramen.wal.actors.health.WalStarted;
import io.duramen.wal.actors.micrometer.WalMeterBinder;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.SmallDisk;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogMetrics;
import io.duramen.wal.log.LogSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class WalMetricsTest {
    private static final List<Payload> FOUR = List.of(Payload.of(new byte[100]),
            Payload.of(new byte[100]), Payload.of(new byte[100]), Payload.of(new byte[100]));

    @TempDir
    Path base;

    private ActorTestKit kit;

    private Wal start(String more) {
        Config config = ConfigFactory.parseString("duramen.wal.base-path = \"" + base
                + "\"\nduramen.wal.log.fragment-size = 64 KiB\n"
                + "pekko.coordinated-shutdown.exit-jvm = off\n" + more)
                .withFallback(ConfigFactory.load());
        kit = ActorTestKit.create("wal", config);
        return Wal.get(kit.system());
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private static void append(WalLog log) {
        log.appendAll(FOUR, Durability.SYNCED).toCompletableFuture().join();
    }

    private boolean isReady() {
        return new WalReady(kit.system().classicSystem()).get().toCompletableFuture().join();
    }

    private boolean isStarted() {
        return new WalStarted(kit.system().classicSystem()).get().toCompletableFuture().join();
    }

    @Test
    void meters_follow_a_log_that_a_writer_of_a_higher_epoch_takes_over() {
        Wal wal = start("");
        MeterRegistry registry = new SimpleMeterRegistry();
        new WalMeterBinder(wal).bindTo(registry);
        WalLog first = wal.log("orders", 1);
        append(first);
        WalLog second = wal.log("orders", 2);
        append(second);
        append(second);
        assertThat(entries(registry, "orders")).isEqualTo(8);
        wal.close(first).toCompletableFuture().join();
        wal.close(wal.log("other")).toCompletableFuture().join();
        awaitNoMeters(registry, "other"); // so that the first one's end is known as well
        assertThat(entries(registry, "orders")).isEqualTo(8);
        wal.close(second).toCompletableFuture().join();
        awaitNoMeters(registry, "orders");
    }

    private static double entries(MeterRegistry registry, String log) {
        return registry.get("duramen.wal.log.entries").tag("log", log).functionCounter().count();
    }

    private void awaitNoMeters(MeterRegistry registry, String log) {
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(registry.find("duramen.wal.log.entries").tag("log", log).meters())
                    .isEmpty();
            return null;
        });
    }

    @Test
    void a_log_counts_what_goes_through_its_actor() {
        WalLog log = start("").log("orders");
        append(log);
        append(log);
        LogMetrics metrics = log.metrics();
        assertThat(metrics.entries()).isEqualTo(8);
        assertThat(metrics.groups()).isEqualTo(2);
        assertThat(metrics.syncs()).isEqualTo(2);
        assertThat(metrics.syncNanos()).isPositive();
        assertThat(metrics.writtenId()).isEqualTo(7);
        assertThat(metrics.durableLag()).isZero();
        assertThat(metrics.recoveries()).isEqualTo(1);
        assertThat(metrics.rotations()).isZero();
    }

    @Test
    void counts_go_on_when_a_log_has_rested() {
        WalLog log = start("duramen.wal.passivate-after = 50 ms").log("orders");
        append(log);
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(log.phase()).isInstanceOf(LogPhase.Resting.class);
            return null;
        });
        append(log);
        assertThat(log.metrics().entries()).isEqualTo(8);
        assertThat(log.metrics().recoveries()).isEqualTo(2);
    }

    @Test
    void micrometer_has_meters_for_each_log_as_long_as_it_is_open() {
        Wal wal = start("");
        MeterRegistry registry = new SimpleMeterRegistry();
        append(wal.log("before"));
        new WalMeterBinder(wal).bindTo(registry);
        WalLog orders = wal.log("orders");
        append(orders);
        assertThat(registry.get("duramen.wal.log.entries").tag("log", "before").functionCounter()
                .count()).isEqualTo(4);
        assertThat(registry.get("duramen.wal.log.entries").tag("log", "orders").functionCounter()
                .count()).isEqualTo(4);
        assertThat(registry.get("duramen.wal.log.syncs").tag("log", "orders").functionTimer()
                .count()).isEqualTo(1);
        assertThat(registry.get("duramen.wal.log.poisoned").tag("log", "orders").gauge().value())
                .isZero();
        assertThat(registry.get("duramen.wal.buffers").gauge().value()).isEqualTo(32);
        assertThat(registry.get("duramen.wal.io.operations").functionCounter().count())
                .isPositive();
        wal.close(orders).toCompletableFuture().join();
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(registry.find("duramen.wal.log.entries").tag("log", "orders")
                    .functionCounter()).isNull();
            return null;
        });
        assertThat(registry.find("duramen.wal.log.entries").tag("log", "before").functionCounter())
                .isNotNull();
    }

    @Test
    void what_waits_is_counted_for_its_log_and_for_all() {
        Wal wal = start("duramen.wal.log.reorder.entries-max = 10");
        MeterRegistry registry = new SimpleMeterRegistry();
        new WalMeterBinder(wal).bindTo(registry);
        WalLog idle = wal.log("idle");
        append(idle);
        WalLog orders = wal.log("orders");
        CompletionStage<AppendedAt> early = orders.appendAt(4, FOUR);
        orders.info().toCompletableFuture().join(); // it waits for its turn by now
        Gauge pending = registry.get("duramen.wal.log.pending").tag("log", "orders").gauge();
        assertThat(pending.value()).isEqualTo(4 * 112);
        assertThat(registry.get("duramen.wal.pending").gauge().value()).isEqualTo(4 * 112);
        assertThat(idle.metrics().pendingBytes()).isZero();
        append(orders);
        assertThat(early.toCompletableFuture().join().lastId()).isEqualTo(7);
        assertThat(pending.value()).isZero();
        assertThat(wal.pendingBytes()).isZero();
    }

    @Test
    void a_system_without_logs_is_started_and_ready() {
        start("");
        assertThat(isStarted()).isTrue();
        assertThat(isReady()).isTrue();
    }

    @Test
    void it_is_started_when_its_logs_are_recovered() {
        Wal wal = start("");
        WalLog log = wal.log("orders");
        append(log);
        assertThat(isStarted()).isTrue();
        assertThat(isReady()).isTrue();
    }

    @Test
    void it_is_not_ready_with_a_log_that_could_not_be_opened() {
        Wal wal = start("");
        try (DiskLog _ = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            WalLog log = wal.log("orders");
            kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
                assertThat(log.phase()).isInstanceOf(LogPhase.Failed.class);
                return null;
            });
            assertThat(isStarted()).isTrue();
            assertThat(isReady()).isFalse();
        }
    }

    /// Without its directory it cannot go on in another fragment.
    @Test
    void it_is_not_ready_with_a_poisoned_log() throws IOException {
        WalLog log = start("duramen.wal.log.fragment-entries-max = 4").log("orders");
        MeterRegistry registry = new SimpleMeterRegistry();
        new WalMeterBinder(Wal.get(kit.system())).bindTo(registry);
        append(log);
        assertThat(isReady()).isTrue();
        Files.move(base.resolve("log_orders"), base.resolve("moved"));
        assertThat(log.appendAll(FOUR, Durability.SYNCED).toCompletableFuture())
                .failsWithin(Duration.ofSeconds(20));
        assertThat(log.phase()).isInstanceOf(LogPhase.Poisoned.class);
        assertThat(isStarted()).isTrue();
        assertThat(isReady()).isFalse();
        assertThat(log.metrics().poisonings()).isEqualTo(1);
        assertThat(registry.get("duramen.wal.log.poisoned").gauge().value()).isEqualTo(1);
    }

    @Test
    void it_is_not_ready_where_the_disk_has_too_little_room() {
        start("duramen.wal.health.free-space-min = 1000 TiB");
        assertThat(isReady()).isFalse();
    }

    @Test
    void it_is_not_ready_where_the_disk_of_one_log_has_too_little_room() throws IOException {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.TMPFS, base, 8 << 20)) {
            Wal wal = start("duramen.wal.health.free-space-min = 1 MiB");
            Files.createSymbolicLink(base.resolve("log_orders"),
                    Files.createDirectory(disk.root().resolve("elsewhere")));
            WalLog orders = wal.log("orders");
            append(orders);
            append(wal.log("invoices"));
            assertThat(isReady()).isTrue();
            disk.fill();
            assertThat(wal.usableBytes().toCompletableFuture().join()).isLessThan(1 << 20);
            assertThat(isReady()).isFalse();
            wal.close(orders).toCompletableFuture().join();
            kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
                assertThat(isReady()).isTrue();
                return null;
            });
        }
    }

    @Test
    void the_disk_is_not_looked_at_where_nothing_is_asked_of_it() {
        start("duramen.wal.health.free-space-min = off");
        assertThat(isReady()).isTrue();
    }

    @Test
    void what_a_log_says_has_its_id_in_the_diagnostic_context() {
        Wal wal = start("");
        Logger ours = (Logger) LoggerFactory.getLogger(Wal.class.getPackageName());
        Level before = ours.getLevel();
        ours.setLevel(Level.INFO);
        try {
            LoggingTestKit.info("recovered in").withMdc(Map.of("log", "orders"))
                    .expect(kit.system(), () -> wal.log("orders"));
        } finally {
            ours.setLevel(before);
        }
    }
}
