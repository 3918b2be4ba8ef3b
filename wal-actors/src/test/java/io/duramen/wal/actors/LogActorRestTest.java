package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.WriterLock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Logs that nobody uses, logs that failed, and how they come back.
class LogActorRestTest {
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

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

    private ActorRef<LogActor.Command> resting() {
        return world.log(SMALL, world.restingAfter(SOON));
    }

    private void awaitRest() {
        world.await(() -> world.life.phase() instanceof LogPhase.Resting);
    }

    private static LogRequest.Acknowledged acknowledged(long firstId, long lastId) {
        return new LogRequest.Acknowledged(
                new io.duramen.wal.log.Appended(firstId, lastId, Durability.SYNCED));
    }

    private LogInfo reopened(ActorRef<LogActor.Command> log) {
        TestProbe<StatusReply<LogInfo>> probe = world.probe();
        log.tell(new LogRequest.Reopen(probe.ref()));
        return probe.receiveMessage(LONG).getValue();
    }

    @Test
    void a_log_that_nobody_uses_gives_back_its_files_and_its_lock() {
        ActorRef<LogActor.Command> log = resting();
        assertThat(world.appended(log, 800, 10)).isEqualTo(acknowledged(0, 799));
        awaitRest();
        assertThat(world.isLocked()).isFalse();
        world.await(() -> world.openFiles() == 0 && world.mappings() == 0);
    }

    @Test
    void the_next_request_opens_a_resting_log_again_as_often_as_need_be() {
        ActorRef<LogActor.Command> log = resting();
        for (int i = 0; i < 5; i++) {
            assertThat(world.appended(log, 1, 10)).isEqualTo(acknowledged(i, i));
            awaitRest();
        }
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(log, 3, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        assertThat(world.visible(log, LogRequest.AwaitVisible.NOW))
                .isEqualTo(new LogRequest.Visible(0, 4));
        world.close(log);
        assertThat(world.entrySizes()).containsExactly(10, 10, 10, 10, 10);
    }

    @Test
    void a_resting_log_describes_itself_without_being_opened() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 7, 10);
        awaitRest();
        assertThat(world.info(log).nextId()).isEqualTo(7);
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Resting.class);
    }

    @Test
    void a_resting_log_is_closed_without_being_opened() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 1, 1);
        awaitRest();
        TestProbe<Done> stopped = world.probe();
        world.close(log);
        stopped.expectTerminated(log, LONG);
        assertThat(world.entrySizes()).containsExactly(1);
    }

    @Test
    void requests_that_come_while_a_log_goes_to_rest_are_served_once_each_and_in_order() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        world.await(() -> world.life.phase() instanceof LogPhase.Closing
                && world.scheduler.held() == 1);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        TestProbe<StatusReply<Done>> synced = world.probe();
        for (int i = 0; i < 100; i++) {
            log.tell(append(Durability.SYNCED, 1, i, probe));
        }
        log.tell(new LogRequest.Sync(synced.ref()));
        TestProbe<Done> closed = world.probe();
        log.tell(new LogRequest.Close(closed.ref()));
        probe.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.release();
        for (int i = 0; i < 100; i++) {
            assertThat(probe.receiveMessage(LONG)).isEqualTo(acknowledged(i + 1, i + 1));
        }
        assertThat(synced.receiveMessage(LONG).isSuccess()).isTrue();
        closed.receiveMessage(LONG);
        probe.expectNoMessage(Duration.ofMillis(20));
        assertThat(world.entrySizes()).hasSize(101);
    }

    @Test
    void a_log_with_a_reader_at_its_end_does_not_rest() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 1, 1);
        TestProbe<LogRequest.ReadAnswer> reader = world.probe();
        log.tell(new LogRequest.AwaitVisible(1, reader.ref()));
        reader.expectNoMessage(SOON.multipliedBy(5));
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Running.class);
        world.appended(log, 1, 1);
        assertThat(reader.receiveMessage(LONG)).isEqualTo(new LogRequest.Visible(0, 1));
    }

    @Test
    void a_reader_keeps_its_lease_over_a_rest() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 3, 10);
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 0, slot);
            awaitRest();
            assertThat(lent.lease().cursorBefore(2).advance(2)).isTrue();
        }
    }

    @Test
    void a_log_that_another_writer_took_while_it_rested_comes_back_when_that_one_is_done() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 1, 1);
        awaitRest();
        LogDirectory directory = LogDirectory.of(world.disk, base, LogWorld.ORDERS);
        try (WriterLock _ = WriterLock.acquire(directory)) {
            assertThat(world.appended(log, 1, 1)).isInstanceOfSatisfying(
                    LogRequest.NotWritten.class, answer -> assertThat(answer.cause())
                            .isInstanceOf(WalException.Locked.class));
        }
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(1, 1));
    }

    private ActorRef<LogActor.Command> poisoned() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 5, 10);
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        assertThat(world.appended(log, 1, 10)).isInstanceOf(LogRequest.Unknown.class);
        world.scheduler.fail(_ -> false);
        return log;
    }

    @Test
    void a_poisoned_log_reads_on_and_appends_again_only_once_someone_has_it_reopened() {
        ActorRef<LogActor.Command> log = poisoned();
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Poisoned.class);
        assertThat(world.appended(log, 1, 10)).isInstanceOf(LogRequest.NotWritten.class);
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(log, 4, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        LogInfo info = reopened(log);
        assertThat(info.poisonedBy()).isEmpty();
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Running.class);
        assertThat(world.appended(log, 1, 10))
                .isEqualTo(acknowledged(info.nextId(), info.nextId()));
    }

    @Test
    void a_poisoned_log_never_rests() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 1, 1);
        awaitRest();
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        assertThat(world.appended(log, 1, 10)).isInstanceOf(LogRequest.Unknown.class);
        world.scheduler.fail(_ -> false);
        world.probe().expectNoMessage(SOON.multipliedBy(5));
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Poisoned.class);
        assertThat(world.appended(log, 1, 10)).isInstanceOf(LogRequest.NotWritten.class);
    }

    @Test
    void a_log_whose_last_sync_failed_on_the_way_to_rest_opens_only_when_asked() {
        ActorRef<LogActor.Command> log = resting();
        world.appended(log, 3, 1);
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        world.await(() -> world.life.phase() instanceof LogPhase.Failed);
        world.scheduler.fail(_ -> false);
        assertThat(world.appended(log, 1, 1)).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                answer -> assertThat(answer.cause()).isInstanceOf(WalException.Poisoned.class));
        assertThat(reopened(log).nextId()).isEqualTo(3);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(3, 3));
    }

    @Test
    void readers_at_the_end_of_a_poisoned_log_wait_on_over_its_reopening() {
        ActorRef<LogActor.Command> log = poisoned();
        TestProbe<LogRequest.ReadAnswer> reader = world.probe();
        log.tell(new LogRequest.AwaitVisible(6, reader.ref()));
        LogInfo info = reopened(log);
        world.appended(log, Math.toIntExact(7 - info.nextId()), 10);
        assertThat(reader.receiveMessage(LONG)).isEqualTo(new LogRequest.Visible(0, 6));
    }

    @Test
    void a_log_that_could_not_be_opened_stays_shut_until_someone_has_it_reopened() {
        LogDirectory directory = LogDirectory.of(world.disk, base, LogWorld.ORDERS);
        directory.create();
        ActorRef<LogActor.Command> log;
        TestProbe<StatusReply<LogInfo>> probe = world.probe();
        try (WriterLock _ = WriterLock.acquire(directory)) {
            log = world.log(SMALL);
            assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.NotWritten.class);
            log.tell(new LogRequest.Reopen(probe.ref()));
            assertThat(probe.receiveMessage(LONG).getError())
                    .isInstanceOf(WalException.Locked.class);
        }
        assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.NotWritten.class);
        assertThat(reopened(log).nextId()).isZero();
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(0, 0));
    }

    @Test
    void reopening_a_healthy_log_changes_nothing() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 3, 1);
        LogPhase before = world.life.phase();
        assertThat(reopened(log).nextId()).isEqualTo(3);
        assertThat(world.life.phase()).isSameAs(before);
    }

    @Test
    void a_sync_is_answered_when_what_was_only_written_is_on_the_device() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofHours(1)));
        TestProbe<LogRequest.AppendAnswer> written = world.probe();
        TestProbe<StatusReply<Done>> synced = world.probe();
        log.tell(append(Durability.WRITTEN, 3, 1, written));
        written.receiveMessage(LONG);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        log.tell(append(Durability.WRITTEN, 1, 1, written));
        log.tell(new LogRequest.Sync(synced.ref()));
        world.await(() -> world.scheduler.held() == 1);
        synced.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.release();
        assertThat(synced.receiveMessage(LONG).isSuccess()).isTrue();
        assertThat(world.info(log).durableId()).isEqualTo(3);
        log.tell(new LogRequest.Sync(synced.ref()));
        assertThat(synced.receiveMessage(LONG).isSuccess()).isTrue();
    }

    @Test
    void a_sync_that_fails_says_so() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofHours(1)));
        TestProbe<LogRequest.AppendAnswer> written = world.probe();
        log.tell(append(Durability.WRITTEN, 3, 1, written));
        written.receiveMessage(LONG);
        world.scheduler.fail(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        TestProbe<StatusReply<Done>> synced = world.probe();
        log.tell(new LogRequest.Sync(synced.ref()));
        assertThat(synced.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Poisoned.class);
    }

    @Test
    void an_entry_is_found_by_its_time_across_fragments_and_rests() {
        ActorRef<LogActor.Command> log = resting();
        List<Instant> times = new ArrayList<>();
        for (int hour = 0; hour < 4; hour++) {
            world.ahead = Duration.ofHours(hour);
            times.add(world.resources.clock().instant());
            world.appended(log, 500, 10);
        }
        awaitRest();
        assertThat(found(log, Instant.EPOCH)).isEqualTo(new LogRequest.Found(0));
        for (int hour = 0; hour < 4; hour++) {
            assertThat(found(log, times.get(hour))).isEqualTo(new LogRequest.Found(500 * hour));
        }
        assertThat(found(log, Instant.MAX)).isEqualTo(new LogRequest.Found(2000));
        world.close(log);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(found(view, times.get(2))).isEqualTo(new LogRequest.Found(1000));
    }

    private LogRequest.ReadAnswer found(ActorRef<? super LogRequest> log, Instant time) {
        TestProbe<LogRequest.ReadAnswer> probe = world.probe();
        log.tell(new LogRequest.FindTime(time, probe.ref()));
        return probe.receiveMessage(LONG);
    }

    private StatusReply<Done> fence(ActorRef<LogActor.Command> log, long epoch) {
        TestProbe<StatusReply<Done>> probe = world.probe();
        log.tell(new LogRequest.Fence(epoch, probe.ref()));
        return probe.receiveMessage(LONG);
    }

    @Test
    void a_resting_log_gives_way_to_a_writer_of_a_higher_epoch_and_not_to_one_of_a_lower() {
        for (int i = 0; i < 2; i++) { // each takes the next epoch
            ActorRef<LogActor.Command> log = world.log(SMALL);
            world.appended(log, 1, 1);
            world.close(log);
        }
        ActorRef<LogActor.Command> third = resting();
        world.appended(third, 1, 1);
        awaitRest();
        assertThat(fence(third, 2).getError()).isInstanceOfSatisfying(WalException.Fenced.class,
                fenced -> assertThat(fenced.currentEpoch()).isEqualTo(3));
        assertThat(world.life.phase()).isInstanceOf(LogPhase.Resting.class);
        assertThat(world.appended(third, 1, 1)).isEqualTo(acknowledged(3, 3));
        awaitRest();
        assertThat(fence(third, 9).isSuccess()).isTrue();
        assertThat(world.appended(third, 1, 1)).isInstanceOfSatisfying(
                LogRequest.NotWritten.class, refused -> assertThat(refused.cause())
                        .isInstanceOf(WalException.Fenced.class));
    }

    @Test
    void a_log_that_cannot_be_opened_gives_way_to_a_writer_that_came_meanwhile() {
        CompletableFuture<Done> mayOpen = new CompletableFuture<>();
        ActorRef<LogActor.Command> log = world.kit.spawn(OpeningLog.create(
                new OpeningLog.Plan(LogWorld.ORDERS, base, SMALL, world.wal,
                        world.resources.ofLog(), world.life, mayOpen)));
        TestProbe<StatusReply<LogInfo>> described = world.probe();
        for (int i = 0; i < WaitingRoom.REQUESTS_MAX; i++) { // as many as may wait
            log.tell(new LogRequest.Describe(described.ref()));
        }
        TestProbe<StatusReply<Done>> fenced = world.probe();
        log.tell(new LogRequest.Fence(2, fenced.ref()));
        described.expectNoMessage(Duration.ZERO);
        mayOpen.completeExceptionally(new WalException.Closed("another one"));
        assertThat(described.receiveMessage(LONG).getError())
                .isInstanceOf(WalException.Closed.class);
        assertThat(fenced.receiveMessage(LONG).isSuccess()).isTrue();
        assertThat(world.life.phase()).isInstanceOfSatisfying(LogPhase.Failed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Fenced.class));
    }
}
