package io.duramen.wal.actors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Floor;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.TrimRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log as calls, for those who write no actors.
class WalLogTest {
    @TempDir
    Path base;

    private ActorTestKit kit;
    private WalLog log;

    @BeforeEach
    void start() {
        kit = ActorTestKit.create("calls", ConfigFactory
                .parseString("duramen.wal.base-path = \"" + base + "\"\n"
                        + "duramen.wal.log.fragment-size = 64 KiB")
                .withFallback(ConfigFactory.load()));
        log = wal().log("orders");
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private Wal wal() {
        return Wal.get(kit.system());
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private static List<Payload> payloads(int count, int bytes) {
        return LogWorld.payloads(count, bytes);
    }

    private static void assertFails(CompletionStage<?> stage, Class<? extends Throwable> with) {
        assertThatThrownBy(() -> get(stage)).isExactlyInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(with);
    }

    @Test
    void appends_of_each_kind_answer_with_their_ids() throws Exception {
        assertThat(get(log.append("one".getBytes(UTF_8))))
                .isEqualTo(new Appended(0, 0, Durability.SYNCED));
        assertThat(get(log.append(Payload.of(new byte[0]), Durability.WRITTEN)))
                .isEqualTo(new Appended(1, 1, Durability.WRITTEN));
        assertThat(get(log.appendAll(payloads(3, 9))))
                .isEqualTo(new Appended(2, 4, Durability.SYNCED));
        assertThat(get(log.appendBatch(payloads(2, 9))))
                .isEqualTo(new Appended(5, 6, Durability.SYNCED));
        assertThat(get(log.info()).nextId()).isEqualTo(7);
    }

    @Test
    void calls_that_nobody_waits_for_are_served_in_their_order() throws Exception {
        List<CompletionStage<Appended>> stages = IntStream.range(0, 500)
                .mapToObj(i -> log.append(new byte[i % 50])).toList();
        for (int i = 0; i < stages.size(); i++) {
            assertThat(get(stages.get(i)).firstId()).isEqualTo(i);
        }
    }

    @Test
    void virtual_threads_may_wait_for_their_stages() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> ids = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                ids.add(threads.submit(() -> {
                    assertThat(Thread.currentThread().isVirtual()).isTrue();
                    return log.append(new byte[10]).toCompletableFuture().join().lastId();
                }));
            }
            List<Long> all = new ArrayList<>();
            for (Future<Long> id : ids) {
                all.add(id.get(20, TimeUnit.SECONDS));
            }
            assertThat(all).containsExactlyInAnyOrderElementsOf(
                    IntStream.range(0, 300).mapToObj(i -> (long) i).toList());
        }
    }

    @Test
    void a_refusal_is_the_exception_of_the_stage() {
        assertFails(log.append(new byte[64 << 10]), WalException.TooLarge.class);
        assertFails(log.appendBatch(payloads(10, 10_000)), WalException.TooLarge.class);
        assertThatThrownBy(() -> log.append(new byte[64 << 10]).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class).cause()
                .isInstanceOf(WalException.TooLarge.class);
        assertThatThrownBy(() -> log.appendAll(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_only_written_is_on_the_device_after_a_sync() throws Exception {
        CompletionStage<Appended> written =
                log.append(Payload.of(new byte[5]), Durability.WRITTEN);
        get(log.sync());
        assertThat(written.toCompletableFuture().isDone()).isTrue();
        assertThat(get(log.info()).durableId()).isZero();
    }

    @Test
    void an_entry_is_found_by_its_time() throws Exception {
        Instant before = Instant.now();
        get(log.append(new byte[5]));
        assertThat(get(log.firstIdAtOrAfter(before))).isZero();
        assertThat(get(log.firstIdAtOrAfter(Instant.MAX))).isEqualTo(1);
        assertThat(get(wal().view("orders").firstIdAtOrAfter(before))).isZero();
    }

    @Test
    void a_closed_log_refuses_calls_and_says_so() throws Exception {
        get(log.append(new byte[5]));
        get(log.close());
        assertThat(log.phase()).isEqualTo(new LogPhase.Closed());
        get(log.close());
        assertFails(log.append(new byte[5]), WalException.Closed.class);
        assertFails(log.sync(), WalException.Closed.class);
        assertFails(log.info(), WalException.Closed.class);
        assertThat(get(wal().log("orders").append(new byte[5])).firstId()).isEqualTo(1);
    }

    @Test
    void a_call_that_the_actor_never_answers_ends_when_the_actor_does() {
        ActorRef<LogRequest> mute = kit.spawn(Behaviors.receiveMessage(
                request -> request instanceof LogRequest.Close ? Behaviors.stopped()
                        : Behaviors.same()));
        WalLog silent = wal().served(LogId.of("silent"), mute);
        CompletionStage<Appended> appended = silent.append(new byte[5]);
        CompletionStage<?> info = silent.info();
        silent.close();
        assertFails(appended, WalException.OutcomeUnknown.class);
        assertFails(info, WalException.Closed.class);
    }

    @Test
    void a_view_refuses_what_is_not_reading() throws Exception {
        get(log.append(new byte[5]));
        WalLog view = wal().view("orders");
        assertThat(get(view.info()).nextId()).isEqualTo(1);
        assertFails(view.append(new byte[5]), WalException.Closed.class);
        assertFails(view.sync(), WalException.Closed.class);
        assertThat(view.phase()).isInstanceOf(LogPhase.Running.class);
    }

    @Test
    void a_log_that_cannot_be_opened_says_why_and_opens_when_asked_once_that_is_mended()
            throws Exception {
        Path inTheWay = base.resolve("log_blocked");
        Files.writeString(inTheWay, "a file where the log's directory would be");
        WalLog blocked = wal().log("blocked");
        assertFails(blocked.append(new byte[5]), WalException.class);
        assertThat(blocked.phase()).isInstanceOf(LogPhase.Failed.class);
        assertFails(wal().reopen(blocked), WalException.class);
        Files.delete(inTheWay);
        assertThat(get(wal().reopen(blocked)).nextId()).isZero();
        assertThat(get(blocked.append(new byte[5])).firstId()).isZero();
    }

    @Test
    void how_far_recovery_is_is_published() throws Exception {
        LogId id = LogId.of("invoices");
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(8 << 20);
        WalLog before = wal().log(id, base, settings);
        get(before.appendAll(payloads(100, 40_000)));
        get(before.close());
        TestProbe<LogPhase.Changed> events = kit.createTestProbe(LogPhase.Changed.class);
        kit.system().eventStream()
                .tell(new EventStream.Subscribe<>(LogPhase.Changed.class, events.ref()));
        WalLog after = wal().log(id, base, settings);
        get(after.info());
        List<LogPhase> seen = new ArrayList<>();
        do {
            LogPhase.Changed changed = events.receiveMessage(Duration.ofSeconds(20));
            if (changed.logId().equals(id)) {
                seen.add(changed.phase());
            }
        } while (seen.isEmpty() || !(seen.getLast() instanceof LogPhase.Running));
        seen.removeFirst();
        assertThat(seen.removeFirst()).isEqualTo(new LogPhase.Opening(0, 8 << 20));
        seen.removeLast();
        assertThat(seen).hasSize(3).allSatisfy(
                phase -> assertThat(((LogPhase.Opening) phase).totalBytes()).isEqualTo(8 << 20))
                .map(phase -> ((LogPhase.Opening) phase).scannedBytes() >> 20)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    void the_phases_of_a_life_are_published() throws Exception {
        TestProbe<LogPhase.Changed> events = kit.createTestProbe(LogPhase.Changed.class);
        kit.system().eventStream()
                .tell(new EventStream.Subscribe<>(LogPhase.Changed.class, events.ref()));
        WalLog invoices = wal().log("invoices");
        get(invoices.appendAll(payloads(3, 30_000)));
        get(invoices.close());
        List<Class<?>> seen = new ArrayList<>();
        LogPhase phase;
        do {
            LogPhase.Changed changed = events.receiveMessage(Duration.ofSeconds(20));
            phase = changed.phase();
            if (changed.logId().equals(invoices.id())) {
                seen.add(phase.getClass());
            }
        } while (!(phase instanceof LogPhase.Closed));
        assertThat(seen).containsSubsequence(LogPhase.Opening.class, LogPhase.Running.class,
                LogPhase.Rotating.class, LogPhase.Running.class, LogPhase.Closing.class,
                LogPhase.Closed.class);
    }

    @Test
    void a_log_rotates_and_is_trimmed_as_far_as_floors_let_it() throws Exception {
        get(log.appendAll(payloads(10, 10)));
        assertThat(get(log.rotate())).isTrue();
        get(log.appendAll(payloads(10, 10)));
        get(log.changeFloor(new FloorChange.Set(Floor.of("slow", 4))));
        assertThat(get(log.trimBefore(10)).heldBy()).contains("slow");
        get(log.changeFloor(new FloorChange.Remove("slow")));
        assertFails(log.changeFloor(new FloorChange.Remove("slow")),
                WalException.UnknownFloor.class);
        awaitTrimmedTo(10);
        assertThat(get(log.info()).firstId()).isEqualTo(10);
        assertFails(log.trim(new TrimRule.Before(21)), WalException.PastEnd.class);
    }

    /// The fragment before is sealed in the background.
    private void awaitTrimmedTo(long id) throws Exception {
        while (get(log.trimBefore(id)).firstId() < id) {
            Thread.onSpinWait();
        }
    }
}
