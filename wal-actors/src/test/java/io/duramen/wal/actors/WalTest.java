package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.TailVerdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalTest {
    @TempDir
    Path base;

    private ActorTestKit kit;

    @BeforeEach
    void start() {
        kit = kit("");
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private ActorTestKit kit(String more) {
        Config config = ConfigFactory.parseString("duramen.wal.base-path = \"" + base
                + "\"\nduramen.wal.log.fragment-size = 64 KiB\n"
                + "pekko.coordinated-shutdown.exit-jvm = off\n" + more)
                .withFallback(ConfigFactory.load());
        return ActorTestKit.create("wal", config);
    }

    private Wal wal() {
        return Wal.get(kit.system());
    }

    private LogRequest.AppendAnswer append(WalLog log, int count) {
        TestProbe<LogRequest.AppendAnswer> probe = kit.createTestProbe();
        log.ref().tell(LogWorld.append(Durability.SYNCED, count, 100, probe));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    private static void await(java.util.concurrent.CompletionStage<Done> stage) throws Exception {
        stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private void assertOpensWithoutTornTail(long nextId) {
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(log.nextId()).isEqualTo(nextId);
        }
    }

    @Test
    void a_system_has_one_extension_and_a_log_has_one_handle() {
        assertThat(wal()).isSameAs(wal());
        WalLog log = wal().log("orders");
        assertThat(wal().log("orders")).isSameAs(log);
        assertThat(wal().log(LogId.of("orders"), base.resolve("x/.."), LogSettings.defaults()))
                .isSameAs(log);
        assertThat(wal().view("orders")).isNotEqualTo(log);
    }

    @Test
    void a_name_that_none_can_be_is_refused_at_once() {
        assertThatThrownBy(() -> wal().log("no/name"))
                .isInstanceOf(WalException.IllegalLogId.class);
    }

    @Test
    void a_bad_setting_is_reported_by_whoever_asks_for_the_extension() {
        ActorTestKit wrong = kit("duramen.wal.log.durability = always");
        try {
            assertThatThrownBy(() -> Wal.get(wrong.system()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("duramen.wal.log.durability");
        } finally {
            wrong.shutdownTestKit();
        }
    }

    @Test
    void closing_twice_waits_twice_and_the_log_can_be_opened_again() throws Exception {
        WalLog log = wal().log("orders");
        append(log, 3);
        var first = wal().close(log);
        var second = wal().close(log);
        await(first);
        await(second);
        await(wal().close(log));
        WalLog again = wal().log("orders");
        assertThat(again).isNotEqualTo(log);
        assertThat(append(again, 1)).isInstanceOf(LogRequest.Acknowledged.class);
    }

    @Test
    void a_log_that_someone_else_closed_is_opened_again() {
        WalLog log = wal().log("orders");
        append(log, 3);
        TestProbe<Done> closed = kit.createTestProbe();
        log.ref().tell(new LogRequest.Close(closed.ref()));
        closed.receiveMessage();
        closed.awaitAssert(() -> {
            assertThat(wal().log("orders")).isNotEqualTo(log);
            return null;
        });
        assertThat(append(wal().log("orders"), 1)).isInstanceOf(LogRequest.Acknowledged.class);
    }

    @Test
    void an_orderly_shutdown_leaves_logs_without_a_torn_tail() throws Exception {
        append(wal().log("orders"), 1500);
        await(CoordinatedShutdown.get(kit.system())
                .runAll(CoordinatedShutdown.unknownReason()));
        assertOpensWithoutTornTail(1500);
    }

    @Test
    void a_shutdown_waits_for_a_log_that_is_being_closed_already() throws Exception {
        WalLog log = wal().log("orders");
        TestProbe<LogRequest.AppendAnswer> probe = kit.createTestProbe();
        for (int i = 0; i < 20; i++) {
            log.ref().tell(LogWorld.append(Durability.SYNCED, 100, 100, probe));
        }
        var closed = wal().close(log);
        await(CoordinatedShutdown.get(kit.system())
                .runAll(CoordinatedShutdown.unknownReason()));
        await(closed);
        assertOpensWithoutTornTail(2000);
    }

    @Test
    void after_the_shutdown_has_begun_no_log_is_opened() throws Exception {
        Wal wal = wal();
        await(CoordinatedShutdown.get(kit.system())
                .runAll(CoordinatedShutdown.unknownReason()));
        assertThatThrownBy(() -> wal.log("orders")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_system_that_ends_without_a_shutdown_loses_nothing_acknowledged() throws Exception {
        ActorTestKit abrupt =
                kit("pekko.coordinated-shutdown.run-by-actor-system-terminate = off");
        WalLog log = Wal.get(abrupt.system()).log("orders");
        TestProbe<LogRequest.AppendAnswer> probe = abrupt.createTestProbe();
        log.ref().tell(LogWorld.append(Durability.SYNCED, 1500, 100, probe));
        assertThat(probe.receiveMessage(Duration.ofSeconds(20)))
                .isInstanceOf(LogRequest.Acknowledged.class);
        for (int i = 0; i < 100; i++) {
            log.ref().tell(LogWorld.append(Durability.SYNCED, 10, 100, probe));
        }
        abrupt.system().terminate();
        await(abrupt.system().getWhenTerminated());
        // what was under way keeps the lock until it has ended
        kit.createTestProbe().awaitAssert(Duration.ofSeconds(20), () -> {
            assertThat(new PosixDisk().isLocked(
                    LogId.of("orders").directoryIn(base).resolve("LOCK"))).isFalse();
            return null;
        });
        try (DiskLog left = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            assertThat(left.nextId()).isBetween(1500L, 2500L);
        }
    }
}
