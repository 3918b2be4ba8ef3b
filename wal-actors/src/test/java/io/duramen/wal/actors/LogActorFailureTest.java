package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogInfo;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogActorFailureTest {
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

    private static void assertUnknown(LogRequest.AppendAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(LogRequest.Unknown.class,
                unknown -> assertThat(unknown.cause())
                        .isInstanceOf(WalException.OutcomeUnknown.class));
    }

    private static void assertNotWritten(LogRequest.AppendAnswer answer,
            Class<? extends WalException> why) {
        assertThat(answer).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                refused -> assertThat(refused.cause()).isInstanceOf(why));
    }

    private void assertPoisons(Class<? extends IoOperation> failing) {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(failing));
        TestProbe<LogRequest.AppendAnswer> inFlight = world.probe();
        TestProbe<LogRequest.AppendAnswer> queued = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, inFlight));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(append(Durability.SYNCED, 1, 1, queued));
        world.info(log);
        world.scheduler.failHeld();
        assertUnknown(inFlight.receiveMessage());
        assertNotWritten(queued.receiveMessage(), WalException.Poisoned.class);
        assertNotWritten(world.appended(log, 1, 1), WalException.Poisoned.class);
        inFlight.expectNoMessage(Duration.ofMillis(20));
        queued.expectNoMessage(Duration.ofMillis(20));
        assertThat(world.info(log).poisonedBy()).isPresent();
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(log, 0, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        world.close(log);
        assertThat(world.isLocked()).isFalse();
    }

    @Test
    void a_failed_write_poisons_the_log_and_everyone_gets_one_answer() {
        assertPoisons(IoOperation.Write.class);
    }

    @Test
    void a_failed_sync_poisons_the_log_and_everyone_gets_one_answer() {
        assertPoisons(IoOperation.Fdatasync.class);
    }

    @Test
    void an_append_whose_first_group_is_written_and_second_fails_is_unknown() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentSizeBytes(8 << 20));
        world.appended(log, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Write.class));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, 5, 100_000, probe));
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.failHeld();
        assertUnknown(probe.receiveMessage());
        probe.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void a_full_disk_refuses_appends_until_there_is_room() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(1));
        world.appended(log, 1, 1);
        world.disk.setFull(true);
        world.appended(log, 1, 1); // may have a file prepared ahead
        assertNotWritten(world.appended(log, 1, 1), WalException.DiskFull.class);
        assertNotWritten(world.appended(log, 1, 1), WalException.DiskFull.class);
        world.disk.setFull(false);
        long next = world.info(log).nextId();
        assertThat(world.appended(log, 1, 1)).isEqualTo(new LogRequest.Acknowledged(
                new Appended(next, next, Durability.SYNCED)));
    }

    @Test
    void a_disk_that_gets_full_in_the_middle_of_an_append_leaves_its_outcome_unknown() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(2));
        world.appended(log, 1, 1);
        world.disk.setFull(true);
        assertUnknown(world.appended(log, 7, 1));
        world.disk.setFull(false);
        assertThat(world.appended(log, 1, 1)).isInstanceOf(LogRequest.Acknowledged.class);
    }

    @Test
    void a_seal_that_fails_under_a_write_waits_for_the_write_before_the_log_is_given_back() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(2));
        world.appended(log, 2, 1);
        world.scheduler.failExecuted(chain -> chain.operations().size() == 1
                && chain.operations().getFirst() instanceof IoOperation.Fdatasync);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Write.class));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, probe));
        assertUnknown(probe.receiveMessage());
        world.await(() -> world.scheduler.held() == 1);
        TestProbe<Done> closed = world.probe();
        log.tell(new LogRequest.Close(closed.ref()));
        closed.expectNoMessage(Duration.ofMillis(50));
        assertThat(world.isLocked()).isTrue();
        world.scheduler.release();
        closed.receiveMessage(Duration.ofSeconds(20));
        closed.expectNoMessage(Duration.ofMillis(20));
        assertThat(world.isLocked()).isFalse();
        world.scheduler.failExecuted(_ -> false);
        assertThat(world.entrySizes()).containsExactly(1, 1, 1);
    }

    /// Fails where a fragment's actor trusts it, behind the copy of its bytes.
    private static final class TreacherousPayload implements Payload {
        private int asked = Integer.MIN_VALUE;

        @Override
        public int sizeBytes() {
            if (asked++ == 1) {
                throw new IllegalStateException("not any more");
            }
            return 3;
        }

        @Override
        public void copyTo(MemorySegment target, long offset) {
            asked = 0;
        }
    }

    @Test
    void a_fragment_whose_actor_dies_poisons_the_log_which_can_still_be_closed() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(new LogRequest.Append(List.of(new TreacherousPayload()), Durability.SYNCED,
                probe.ref()));
        assertUnknown(probe.receiveMessage());
        assertNotWritten(world.appended(log, 1, 1), WalException.Poisoned.class);
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(log, 0, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        world.close(log);
        assertThat(world.isLocked()).isFalse();
        world.await(() -> world.openFiles() == 0);
    }

    @Test
    void a_second_writer_is_told_that_the_log_is_locked_by_every_request() {
        ActorRef<LogActor.Command> first = world.log(SMALL);
        world.appended(first, 1, 1);
        ActorRef<LogActor.Command> second = world.log(SMALL);
        assertNotWritten(world.appended(second, 1, 1), WalException.Locked.class);
        assertThat(world.visible(second, 0)).isInstanceOfSatisfying(LogRequest.ReadFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Locked.class));
        assertThat(world.lent(second, 0, new LeaseSlot()))
                .isInstanceOf(LogRequest.ReadFailed.class);
        TestProbe<StatusReply<LogInfo>> described = world.probe();
        second.tell(new LogRequest.Describe(described.ref()));
        assertThat(described.receiveMessage().getError())
                .isInstanceOf(WalException.Locked.class);
        world.close(second);
        assertThat(world.appended(first, 1, 1)).isInstanceOf(LogRequest.Acknowledged.class);
    }

    @Test
    void an_entry_too_large_for_an_empty_fragment_of_other_settings_is_refused() {
        ActorRef<LogActor.Command> small = world.log(SMALL.withFragmentEntriesMax(1));
        world.appended(small, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Write.class));
        small.tell(append(Durability.SYNCED, 1, 1, world.probe()));
        world.await(() -> world.scheduler.held() == 1);
        world.kit.stop(small);
        world.scheduler.failHeld();
        world.await(() -> !world.isLocked());
        ActorRef<LogActor.Command> large = world.log(SMALL.withFragmentSizeBytes(1 << 20));
        assertThat(world.info(large).nextId()).isEqualTo(1);
        assertNotWritten(world.appended(large, 1, 200_000), WalException.TooLarge.class);
        assertThat(world.appended(large, 1, 1)).isInstanceOf(LogRequest.Acknowledged.class);
        assertThat(world.appended(large, 1, 200_000)).isInstanceOf(LogRequest.Acknowledged.class);
    }
}
