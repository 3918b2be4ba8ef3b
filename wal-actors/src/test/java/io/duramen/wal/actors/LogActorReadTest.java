package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@EachWayToTheDisk
class LogActorReadTest {
    @Parameter(0)
    IoMode ioMode;
    @Parameter(1)
    IoDriver ioDriver;
    @TempDir
    Path base;

    private LogWorld world;

    @BeforeEach
    void start() {
        world = new LogWorld(base, ioMode, ioDriver, Duration.ofMillis(20));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void a_lease_comes_with_how_far_it_may_be_read() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 3, 10);
        try (LeaseSlot slot = new LeaseSlot()) {
            LogRequest.Lent lent = (LogRequest.Lent) world.lent(log, 1, slot);
            assertThat(lent.visibleId()).isEqualTo(2);
            assertThat(lent.lease().cursorBefore(1).advance(2)).isTrue();
        }
    }

    @Test
    void the_entry_behind_the_last_is_not_visible_and_those_beyond_are_past_the_end() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 3, 10);
        assertThat(world.lent(log, 3, new LeaseSlot())).isEqualTo(new LogRequest.Visible(0, 2));
        assertThat(world.lent(log, 4, new LeaseSlot())).isInstanceOfSatisfying(
                LogRequest.ReadFailed.class, failed -> assertThat(failed.cause())
                        .isInstanceOf(WalException.PastEnd.class));
    }

    @Test
    void an_id_that_none_can_be_is_refused_where_it_is_asked_for() {
        TestProbe<LogRequest.ReadAnswer> probe = world.probe();
        assertThatThrownBy(() -> new LogRequest.Lend(-1, new LeaseSlot(), probe.ref()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readers_wait_for_what_is_durable_and_are_told_once() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofHours(1)));
        TestProbe<LogRequest.ReadAnswer> reader = world.probe();
        TestProbe<LogRequest.AppendAnswer> writer = world.probe();
        log.tell(new LogRequest.AwaitVisible(0, reader.ref()));
        log.tell(LogWorld.append(Durability.WRITTEN, 1, 1, writer));
        writer.receiveMessage();
        reader.expectNoMessage(Duration.ofMillis(20));
        world.appended(log, 1, 1);
        assertThat(reader.receiveMessage()).isEqualTo(new LogRequest.Visible(0, 1));
        world.appended(log, 1, 1);
        reader.expectNoMessage(Duration.ofMillis(20));
    }

    @Test
    void every_lease_is_lent_however_often_its_fragment_is_passivated() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(2));
        world.appended(log, 9, 1);
        long deadline = System.nanoTime() + Duration.ofMillis(300).toNanos();
        while (System.nanoTime() < deadline) {
            for (long id = 0; id < 9; id++) {
                try (LeaseSlot slot = new LeaseSlot()) {
                    assertThat(world.lent(log, id, slot)).isInstanceOf(LogRequest.Lent.class);
                }
            }
        }
        int writers = ioMode == IoMode.MAPPED ? 2 : 1; // the status page, and the growing fragment
        world.await(() -> world.mappings() == writers);
    }

    private FragmentLease lease(ActorRef<LogActor.Command> log) {
        return ((LogRequest.Lent) world.lent(log, 0, new LeaseSlot())).lease();
    }

    @Test
    void a_slot_gives_its_lease_back_whichever_comes_first() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        FragmentLease early = lease(log);
        LeaseSlot filled = new LeaseSlot();
        filled.put(early);
        filled.close();
        filled.close();
        assertThatThrownBy(early::close).isInstanceOf(IllegalStateException.class);
        FragmentLease late = lease(log);
        LeaseSlot left = new LeaseSlot();
        left.close();
        left.put(late);
        assertThatThrownBy(late::close).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void an_idle_fragment_answers_what_it_was_asked_before_it_stops() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        TestProbe<LogActor.Command> owner = world.probe();
        FragmentLease own = lease(log);
        ActorRef<FragmentActor.Command> fragment = world.kit.spawn(FragmentActor.sealed(
                own.fragment(),
                new FragmentActor.Owner(owner.ref(), null, null, IoMode.BUFFERED,
                        Duration.ofMillis(10)),
                world.resources));
        owner.expectMessageClass(LogEvent.FragmentIdle.class);
        TestProbe<LogRequest.ReadAnswer> reader = world.probe();
        LeaseSlot slot = new LeaseSlot();
        fragment.tell(new FragmentActor.Lend(own.fragment()::lease, slot, reader.ref(), 0));
        fragment.tell(FragmentActor.Stop.STOP);
        assertThat(reader.receiveMessage()).isInstanceOf(LogRequest.Lent.class);
        owner.expectTerminated(fragment);
        slot.close();
        own.close();
    }
}
