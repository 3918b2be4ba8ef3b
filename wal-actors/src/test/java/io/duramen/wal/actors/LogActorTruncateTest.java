package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Floor;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.TruncateOutcome;
import io.duramen.wal.log.TruncationWatch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EachWayToTheDisk
class LogActorTruncateTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LogSettings FOUR_EACH = SMALL.withFragmentEntriesMax(4);

    @TempDir
    Path base;

    private final IoMode ioMode;
    private final IoDriver ioDriver;
    private LogWorld world;

    LogActorTruncateTest(IoMode ioMode, IoDriver ioDriver) {
        this.ioMode = ioMode;
        this.ioDriver = ioDriver;
    }

    @BeforeEach
    void start() {
        world = new LogWorld(base, ioMode, ioDriver);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private StatusReply<TruncateOutcome> truncate(ActorRef<? super LogRequest> log, long lastId) {
        TestProbe<StatusReply<TruncateOutcome>> probe = world.probe();
        log.tell(new LogRequest.Truncate(lastId, probe.ref()));
        return probe.receiveMessage(LONG);
    }

    private static LogRequest.Acknowledged acknowledged(long firstId, long lastId) {
        return new LogRequest.Acknowledged(
                new io.duramen.wal.log.Appended(firstId, lastId, Durability.SYNCED));
    }

    @Test
    void what_is_behind_an_entry_is_gone_and_its_ids_are_given_again() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 14, 1);
        TruncateOutcome outcome = truncate(log, 6).getValue();
        assertThat(outcome.nextId()).isEqualTo(7);
        assertThat(outcome.entries()).isEqualTo(7);
        assertThat(world.info(log).nextId()).isEqualTo(7);
        assertThat(world.appended(log, 2, 5)).isEqualTo(acknowledged(7, 8));
        assertThat(truncate(log, -1).getValue().nextId()).isZero();
        assertThat(world.appended(log, 1, 9)).isEqualTo(acknowledged(0, 0));
        world.close(log);
        assertThat(world.entrySizes()).containsExactly(9);
    }

    @Test
    void what_was_received_before_is_answered_first_and_what_comes_meanwhile_waits() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 3, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<Object> all = world.probe();
        for (int i = 0; i < 5; i++) {
            log.tell(new LogRequest.Append(LogWorld.payloads(1, 2), Durability.SYNCED,
                    all.ref().narrow()));
        }
        log.tell(new LogRequest.Truncate(3, all.ref().narrow()));
        log.tell(new LogRequest.Append(LogWorld.payloads(1, 7), Durability.SYNCED,
                all.ref().narrow()));
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.release();
        for (int i = 3; i < 8; i++) {
            assertThat(all.receiveMessage(LONG)).isEqualTo(acknowledged(i, i));
        }
        assertThat(all.receiveMessage(LONG)).isInstanceOfSatisfying(StatusReply.class,
                reply -> assertThat(((TruncateOutcome) reply.getValue()).entries()).isEqualTo(4));
        assertThat(all.receiveMessage(LONG)).isEqualTo(acknowledged(4, 4));
        world.close(log);
        assertThat(world.entrySizes()).containsExactly(1, 1, 1, 2, 7);
    }

    @Test
    void an_entry_that_is_not_there_is_refused_and_the_log_goes_on() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 5, 1);
        assertThat(truncate(log, 5).getError()).isInstanceOf(WalException.PastEnd.class);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(5, 5));
        TestProbe<StatusReply<TruncateOutcome>> probe = world.probe();
        assertThatThrownBy(() -> new LogRequest.Truncate(-2, probe.ref()))
                .hasMessage("no entry id: -2");
    }

    @Test
    void readers_behind_the_new_end_are_told_and_others_read_on() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        TruncationWatch behind = world.life.truncations().watch();
        TruncationWatch before = world.life.truncations().watch();
        TestProbe<LogRequest.ReadAnswer> waiting = world.probe();
        log.tell(new LogRequest.AwaitVisible(10, waiting.ref()));
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 4, slot);
            truncate(log, 5);
            assertThat(waiting.receiveMessage(LONG)).isInstanceOfSatisfying(
                    LogRequest.ReadFailed.class, failed -> assertThat(failed.cause())
                            .isInstanceOf(WalException.Truncated.class));
            assertThat(before.check(4)).isTrue();
            assertThatThrownBy(() -> behind.check(10)).isInstanceOf(WalException.Truncated.class);
            FragmentCursor cursor = lent.lease().cursorBefore(4);
            assertThat(cursor.advance(lent.visibleId())).isTrue();
        }
        world.appended(log, 3, 8);
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 6, slot);
            FragmentCursor cursor = lent.lease().cursorBefore(6);
            assertThat(cursor.advance(lent.visibleId())).isTrue();
            assertThat(cursor.payload().byteSize()).isEqualTo(8);
        }
    }

    @Test
    void a_floor_behind_the_new_end_comes_down_to_it() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        TestProbe<StatusReply<Done>> set = world.probe();
        log.tell(new LogRequest.ChangeFloor(
                new FloorChange.Set(Floor.of("billing", 9)), set.ref()));
        assertThat(set.receiveMessage(LONG).isSuccess()).isTrue();
        truncate(log, 5);
        assertThat(world.info(log).storage().floors().getFirst().floor().id()).isEqualTo(6);
    }

    @Test
    void a_poisoned_log_is_not_truncated() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 3, 1);
        world.scheduler.fail(world.firstStep());
        world.appended(log, 1, 1);
        world.scheduler.fail(_ -> false);
        assertThat(truncate(log, 1).getError()).isInstanceOf(WalException.Poisoned.class);
    }

    @Test
    void a_log_that_is_poisoned_by_what_came_before_is_not_truncated() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 3, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> appended = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, appended));
        TestProbe<StatusReply<TruncateOutcome>> truncated = world.probe();
        log.tell(new LogRequest.Truncate(1, truncated.ref()));
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.failHeld();
        assertThat(appended.receiveMessage(LONG)).isInstanceOf(LogRequest.Unknown.class);
        assertThat(truncated.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Poisoned.class);
        world.await(() -> world.life.phase() instanceof LogPhase.Failed);
    }

    @Test
    void a_disk_that_fails_before_the_point_of_no_return_leaves_all_as_it_was() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 10, 1);
        world.scheduler.failExecuted(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        assertThat(truncate(log, 5).getError()).isInstanceOf(WalException.Io.class);
        world.scheduler.failExecuted(_ -> false);
        TestProbe<StatusReply<LogInfo>> reopened = world.probe();
        log.tell(new LogRequest.Reopen(reopened.ref()));
        assertThat(reopened.receiveMessage(LONG).getValue().nextId()).isEqualTo(10);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(10, 10));
    }

    @Test
    void a_disk_that_fails_behind_it_ends_the_log_until_it_is_opened_again() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 10, 1);
        world.scheduler.failExecuted(chain -> chain.operations().stream().anyMatch(
                one -> one instanceof IoOperation.Fsync && one.file().path().endsWith("LOCK")));
        assertThat(truncate(log, 5).getError()).isInstanceOf(WalException.OutcomeUnknown.class);
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Failed.class);
        assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.NotWritten.class);
        world.scheduler.failExecuted(_ -> false);
        TestProbe<StatusReply<LogInfo>> reopened = world.probe();
        log.tell(new LogRequest.Reopen(reopened.ref()));
        assertThat(reopened.receiveMessage(LONG).getValue().nextId()).isEqualTo(6);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(6, 6));
    }

    @Test
    void an_actor_that_is_stopped_before_it_truncates_says_that_it_is_not_known() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        world.scheduler.hold(world.firstStep());
        log.tell(append(Durability.SYNCED, 1, 1, world.probe()));
        TestProbe<StatusReply<TruncateOutcome>> truncated = world.probe();
        log.tell(new LogRequest.Truncate(5, truncated.ref()));
        world.await(() -> world.scheduler.held() == 1
                && world.life.phase() instanceof LogPhase.Closing);
        world.kit.stop(log);
        assertThat(truncated.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.OutcomeUnknown.class);
        world.scheduler.release();
        world.await(() -> !world.isLocked());
        assertThat(world.entrySizes()).hasSizeBetween(10, 11);
    }

    @Test
    void the_log_keeps_its_lock_while_it_is_truncated() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        truncate(log, 5);
        assertThat(world.isLocked()).isTrue();
        world.appended(log, 1, 1);
        truncate(log, 99);
        world.appended(log, 1, 1);
        assertThat(world.disk.locksTaken()).isOne();
        world.close(log);
        assertThat(world.isLocked()).isFalse();
    }

    @Test
    void where_it_cannot_be_opened_afterwards_it_gives_its_lock_back() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 10, 1);
        world.scheduler.failExecuted(chain -> chain.operations().stream()
                .anyMatch(one -> one instanceof IoOperation.Fsync
                        && one.file().path().getFileName().toString().startsWith("fragment_")));
        assertThat(truncate(log, 5).getValue().nextId()).isEqualTo(6);
        assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.NotWritten.class);
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Failed.class);
        assertThat(world.isLocked()).isFalse();
        world.scheduler.failExecuted(_ -> false);
        TestProbe<StatusReply<LogInfo>> reopened = world.probe();
        log.tell(new LogRequest.Reopen(reopened.ref()));
        assertThat(reopened.receiveMessage(LONG).getValue().nextId()).isEqualTo(6);
    }

    /// Whatever it is at when it stops.
    @Test
    void an_actor_that_is_stopped_while_it_truncates_gives_its_lock_back() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        log.tell(new LogRequest.Truncate(5, world.<StatusReply<TruncateOutcome>> probe().ref()));
        world.kit.stop(log);
        world.await(() -> !world.isLocked());
        assertThat(world.entrySizes().size()).isIn(6, 10);
    }

    @Test
    void an_actor_that_is_stopped_when_it_has_truncated_gives_its_lock_back() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 10, 1);
        truncate(log, 5);
        world.kit.stop(log);
        world.await(() -> !world.isLocked());
        assertThat(world.entrySizes()).hasSize(6);
    }

    @Test
    void a_truncation_while_the_log_rests_is_told_to_readers_when_it_is_open_again() {
        ActorRef<LogActor.Command> log =
                world.log(FOUR_EACH, world.restingAfter(Duration.ofMillis(15)));
        world.appended(log, 10, 1);
        TruncationWatch behind = world.life.truncations().watch();
        world.await(() -> world.life.phase() instanceof LogPhase.Resting);
        world.truncateElsewhere(5);
        assertThat(world.appended(log, 8, 1)).isEqualTo(acknowledged(6, 13));
        assertThatThrownBy(() -> behind.check(10)).isInstanceOf(WalException.Truncated.class);
    }

    /// The files made ready for fragments to come are removed before.
    @Test
    void where_the_log_cannot_be_given_back_the_reason_is_told_and_nothing_is_truncated() {
        ActorRef<LogActor.Command> log = world.log(FOUR_EACH);
        world.appended(log, 7, 1);
        world.await(() -> files().anyMatch(name -> name.startsWith("standby_")));
        AtomicBoolean failed = new AtomicBoolean();
        world.disk.beforeDelete(file -> {
            if (file.getFileName().toString().startsWith("standby_")
                    && failed.compareAndSet(false, true)) {
                throw new WalException.Io("unlink", file, 5, "input/output error");
            }
        });
        assertThat(truncate(log, 1).getError()).isInstanceOf(WalException.Io.class)
                .hasMessageContaining("standby_");
        assertThat(world.info(log).nextId()).isEqualTo(7);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(7, 7));
        assertThat(truncate(log, 1).getValue().entries()).isEqualTo(6);
    }

    private Stream<String> files() {
        return world.disk.list(LogWorld.ORDERS.directoryIn(base)).stream();
    }
}
