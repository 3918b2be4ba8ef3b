package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.ORDERS;
import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Floor;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.log.TrimOutcome;
import io.duramen.wal.log.TrimRule;
import io.duramen.wal.log.TruncateOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogActorTrimTest {
    private static final LogSettings FOUR_EACH = SMALL.withFragmentEntriesMax(4);

    @TempDir
    Path base;

    private LogWorld world;

    @BeforeEach
    void start() {
        world = new LogWorld(base);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private StatusReply<TrimOutcome> trim(ActorRef<? super LogRequest> log, TrimRule rule) {
        TestProbe<StatusReply<TrimOutcome>> probe = world.probe();
        log.tell(new LogRequest.Trim(rule, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    private StatusReply<Done> change(ActorRef<? super LogRequest> log, FloorChange change) {
        TestProbe<StatusReply<Done>> probe = world.probe();
        log.tell(new LogRequest.ChangeFloor(change, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    /// Sealing goes on beside what is appended.
    private void trimTo(ActorRef<? super LogRequest> log, long firstId) {
        world.await(() -> trim(log, new TrimRule.Before(firstId)).getValue().firstId() == firstId);
    }

    private boolean hasFragment(long firstId) {
        return Files.exists(ORDERS.directoryIn(base).resolve("fragment_%020d".formatted(firstId)));
    }

    @Test
    void what_is_trimmed_is_gone_and_said_to_be() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        trimTo(log, 8);
        assertThat(hasFragment(0)).isFalse();
        assertThat(hasFragment(4)).isFalse();
        assertThat(hasFragment(8)).isTrue();
        assertThat(world.lent(log, 7, new LeaseSlot())).isInstanceOfSatisfying(
                LogRequest.ReadFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOfSatisfying(
                        WalException.Trimmed.class,
                        trimmed -> assertThat(trimmed.firstId()).isEqualTo(8)));
        assertThat(world.info(log).firstId()).isEqualTo(8);
        assertThat(world.visible(log, LogRequest.AwaitVisible.NOW))
                .isEqualTo(new LogRequest.Visible(8, 13));
        world.appended(log, 1, 1);
        world.close(log);
        assertThat(world.entrySizes()).hasSize(7);
    }

    @Test
    void a_log_that_may_punch_holes_starts_inside_a_fragment() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH.withRetention(
                RetentionSettings.OFF.withPunchHoles(true)));
        for (int id = 0; id < 14; id++) {
            world.appended(log, 1, 1); // a group of its own
        }
        trimTo(log, 6);
        assertThat(hasFragment(0)).isFalse();
        assertThat(hasFragment(4)).isTrue();
        assertThat(world.lent(log, 5, new LeaseSlot())).isInstanceOfSatisfying(
                LogRequest.ReadFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Trimmed.class));
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 6, slot);
            assertThat(lent.lease().cursorBefore(6).advance(lent.visibleId())).isTrue();
        }
        world.close(log);
        assertThat(world.entrySizes()).hasSize(8);
    }

    @Test
    void a_lease_outlives_the_trim_of_its_fragment() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 1, slot);
            trimTo(log, 8);
            assertThat(hasFragment(0)).isTrue();
            assertThat(hasFragment(4)).isFalse();
            assertThat(world.info(log).storage().waitingFragments()).isEqualTo(1);
            assertThat(world.lent(log, 1, new LeaseSlot()))
                    .isInstanceOf(LogRequest.ReadFailed.class);
            FragmentCursor cursor = lent.lease().cursorBefore(1);
            assertThat(cursor.advance(lent.visibleId())).isTrue();
        }
        world.await(() -> !hasFragment(0));
        world.close(log);
    }

    @Test
    void a_trim_beyond_the_end_is_refused() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 5, 1);
        assertThat(trim(log, new TrimRule.Before(6)).getError())
                .isInstanceOf(WalException.PastEnd.class);
        assertThat(trim(log, new TrimRule.Before(5)).getValue().limit())
                .isEqualTo(TrimOutcome.Limit.GROWING);
        world.close(log);
    }

    @Test
    void floors_hold_back_and_are_described() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        assertThat(change(log, new FloorChange.Raise("billing", 6)).getError())
                .isInstanceOf(WalException.UnknownFloor.class);
        change(log, new FloorChange.Set(Floor.of("billing", 6))).getValue();
        world.await(() -> trim(log, new TrimRule.Before(12)).getValue().heldBy()
                .equals(Optional.of("billing")));
        world.await(() -> world.info(log).firstId() == 4);
        assertThat(world.info(log).storage().backlogBytes()).isPositive();
        change(log, new FloorChange.Remove("billing")).getValue();
        assertThat(world.info(log).storage().floors()).isEmpty();
        trimTo(log, 12);
        world.close(log);
    }

    @Test
    void a_trim_beyond_a_floor_that_has_ended_is_warned_of() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        change(log, new FloorChange.Set(new Floor("billing", 2,
                Optional.of(Instant.now().plusSeconds(60))))).getValue();
        world.ahead = Duration.ofMinutes(2);
        LoggingTestKit.warn("consumer billing").expect(world.kit.system(), () -> {
            trimTo(log, 8);
            return Done.done();
        });
        world.close(log);
    }

    @Test
    void retention_drops_what_is_old_as_fragments_are_sealed() {
        ActorRef<LogActor.Command> log =
                world.log(FOUR_EACH.withRetention(RetentionSettings.OFF.withEntries(4)));
        world.appended(log, 30, 1);
        world.await(() -> world.info(log).firstId() >= 20);
        world.close(log);
        assertThat(world.entrySizes()).hasSizeBetween(4, 10);
    }

    @Test
    void files_are_used_again() {
        ActorRef<LogActor.Command> log = world.log(
                FOUR_EACH.withStandby(new StandbySettings(1L << 30, 1)));
        world.appended(log, 6, 1);
        trimTo(log, 4);
        world.await(() -> world.info(log).storage().standby().reused() == 1
                && world.info(log).storage().standby().preWrittenBytes() >= 64 << 10);
        world.appended(log, 20, 1);
        world.close(log);
        assertThat(world.entrySizes()).hasSize(22);
        world.await(() -> world.openFiles() == 0);
    }

    @Test
    void a_log_that_is_poisoned_or_closing_is_not_trimmed() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.Unknown.class);
        assertThat(trim(log, new TrimRule.Before(8)).getError())
                .isInstanceOf(WalException.Poisoned.class);
        assertThat(change(log, new FloorChange.Set(Floor.of("billing", 6))).getError())
                .isInstanceOf(WalException.Poisoned.class);
        assertThat(hasFragment(0)).isTrue();
        world.close(log);
    }

    @Test
    void a_log_that_is_only_read_is_not_trimmed() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(trim(view, new TrimRule.Before(8)).getError())
                .isInstanceOf(WalException.Closed.class);
        trimTo(log, 8);
        assertThat(world.lent(view, 1, new LeaseSlot())).isInstanceOfSatisfying(
                LogRequest.ReadFailed.class, failed -> assertThat(failed.cause())
                        .isInstanceOfSatisfying(WalException.Trimmed.class,
                                trimmed -> assertThat(trimmed.firstId()).isEqualTo(8)));
        assertThat(world.info(view).firstId()).isEqualTo(8);
        world.close(view);
        world.close(log);
    }

    @Test
    void a_log_stopped_in_the_middle_lets_go_of_its_standbys() {
        ActorRef<LogActor.Command> log = world.log(
                FOUR_EACH.withStandby(new StandbySettings(4096, 1)));
        world.appended(log, 3, 1);
        world.await(() -> world.info(log).storage().standby().files() == 1);
        world.kit.stop(log);
        world.await(() -> world.openFiles() == 0 && !world.isLocked());
        assertThat(world.entrySizes()).hasSize(3);
    }

    /// A truncation first gives back the log, for which trims and floors that came later would be
    /// too late.
    @Test
    void what_was_asked_for_before_a_truncation_is_answered_first() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH.withStandby(StandbySettings.OFF));
        world.appended(log, 30, 1);
        change(log, new FloorChange.Set(Floor.of("billing", 8)));
        CountDownLatch trimming = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.disk.beforeDelete(_ -> {
            trimming.countDown();
            awaitUninterruptibly(goOn);
        });
        TestProbe<Object> all = world.probe();
        log.tell(new LogRequest.Trim(new TrimRule.Before(8), all.ref().narrow()));
        awaitUninterruptibly(trimming);
        for (int i = 0; i < 50; i++) {
            log.tell(new LogRequest.ChangeFloor(new FloorChange.Raise("billing", 9 + i % 5),
                    all.ref().narrow()));
        }
        TestProbe<StatusReply<TruncateOutcome>> truncated = world.probe();
        log.tell(new LogRequest.Truncate(20, truncated.ref()));
        world.await(LogActorTrimTest::isLettingGo);
        goOn.countDown();
        for (int i = 0; i < 51; i++) {
            assertThat(all.receiveMessage(Duration.ofSeconds(20))).isInstanceOfSatisfying(
                    StatusReply.class, reply -> assertThat(reply.isSuccess()).isTrue());
        }
        assertThat(truncated.receiveMessage(Duration.ofSeconds(20)).getValue().nextId())
                .isEqualTo(21);
    }

    /// It waits for what was asked for, as nothing else can tell.
    private static boolean isLettingGo() {
        return Thread.getAllStackTraces().values().stream().flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(Ending.class.getName())
                        && frame.getMethodName().equals("letGo"));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
