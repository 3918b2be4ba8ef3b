package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@EachWayToTheDisk
class LogActorLifeTest {
    @Parameter(0)
    IoMode ioMode;
    @Parameter(1)
    IoDriver ioDriver;
    @TempDir
    Path base;

    private LogWorld world;

    @BeforeEach
    void start() {
        world = new LogWorld(base, ioMode, ioDriver);
    }

    @AfterEach
    void stop() {
        world.close();
    }

    @Test
    void closing_completes_what_was_accepted_and_refuses_what_comes_after() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(3));
        world.appended(log, 1, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> before = world.probe();
        for (int i = 0; i < 5; i++) {
            log.tell(append(Durability.SYNCED, 2, 1, before));
        }
        TestProbe<Done> first = world.probe();
        TestProbe<Done> second = world.probe();
        log.tell(new LogRequest.Close(first.ref()));
        log.tell(new LogRequest.Close(second.ref()));
        assertThat(world.appended(log, 1, 1)).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                refused -> assertThat(refused.cause()).isInstanceOf(WalException.Closed.class));
        assertThat(world.visible(log, 99)).isInstanceOf(LogRequest.ReadFailed.class);
        world.scheduler.release();
        for (int i = 0; i < 5; i++) {
            assertThat(before.receiveMessage()).isInstanceOf(LogRequest.Acknowledged.class);
        }
        first.receiveMessage();
        second.receiveMessage();
        assertThat(world.isLocked()).isFalse();
        assertThat(world.entrySizes()).hasSize(11);
        world.await(() -> world.openFiles() == 0 && world.pool.statistics().leased() == 0);
    }

    @Test
    void what_was_only_written_is_synced_before_the_log_is_given_back() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofHours(1)));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 1, 1, probe));
        probe.receiveMessage();
        long syncs = world.scheduler.statistics().syncs();
        world.close(log);
        assertThat(world.scheduler.statistics().syncs()).isGreaterThanOrEqualTo(syncs + 2);
    }

    @Test
    void readers_that_wait_are_told_that_the_log_is_closed() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        TestProbe<LogRequest.ReadAnswer> waiting = world.probe();
        log.tell(new LogRequest.AwaitVisible(7, waiting.ref()));
        world.info(log);
        world.close(log);
        assertThat(waiting.receiveMessage()).isInstanceOf(LogRequest.ReadFailed.class);
    }

    @Test
    void a_log_that_is_stopped_answers_and_keeps_its_lock_until_its_last_write_has_ended() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> inFlight = world.probe();
        TestProbe<LogRequest.AppendAnswer> queued = world.probe();
        TestProbe<LogRequest.ReadAnswer> reader = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, inFlight));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(append(Durability.SYNCED, 1, 1, queued));
        log.tell(new LogRequest.AwaitVisible(1, reader.ref()));
        world.info(log);
        world.kit.stop(log);
        assertThat(inFlight.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        assertThat(queued.receiveMessage()).isInstanceOf(LogRequest.NotWritten.class);
        assertThat(reader.receiveMessage()).isInstanceOf(LogRequest.ReadFailed.class);
        assertThat(world.isLocked()).isTrue();
        assertThat(world.pool.statistics().leased()).isEqualTo(ioMode == IoMode.MAPPED ? 0 : 1);
        world.scheduler.release();
        world.await(() -> !world.isLocked());
        world.await(() -> world.openFiles() == 0 && world.pool.statistics().leased() == 0);
        assertThat(world.entrySizes()).hasSizeBetween(1, 2); // it was unknown
    }

    @Test
    void a_log_that_is_stopped_while_it_rotates_leaves_no_file_open() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(1));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 200, 1, probe));
        world.await(() -> world.info(log).fragments() > 2);
        world.kit.stop(log);
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        world.await(() -> !world.isLocked() && world.openFiles() == 0);
        int left = world.entrySizes().size();
        ActorRef<LogActor.Command> again = world.log(SMALL);
        assertThat(world.info(again).nextId()).isEqualTo(left);
    }

    /// A blocking dispatcher that does not get round to it before the test says so.
    private static final class Later implements Executor {
        private final List<Runnable> tasks = new ArrayList<>();

        @Override
        public synchronized void execute(Runnable task) {
            tasks.add(task);
        }

        synchronized List<Runnable> all() {
            return List.copyOf(tasks);
        }
    }

    private ActorRef<LogActor.Command> opening(Later later) {
        return world.kit.spawn(LogWorld.actorOf(LogWorld.ORDERS, base, world.small(), world.wal,
                new WalResources(world.resources.environment(), world.resources.ioScheduler(),
                        later)));
    }

    @Test
    void a_request_to_close_is_kept_however_many_wait_while_the_log_is_opened() {
        Later later = new Later();
        ActorRef<LogActor.Command> log = opening(later);
        TestProbe<LogRequest.ReadAnswer> readers = world.probe();
        for (int i = 0; i < 1001; i++) {
            log.tell(new LogRequest.AwaitVisible(LogRequest.AwaitVisible.NOW, readers.ref()));
        }
        assertThat(readers.receiveMessage()).isInstanceOf(LogRequest.ReadFailed.class);
        TestProbe<Done> closed = world.probe();
        log.tell(new LogRequest.Close(closed.ref()));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, probe));
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Overloaded.class);
        closed.expectNoMessage(Duration.ofMillis(20));
        later.all().forEach(Runnable::run);
        for (int i = 0; i < 1000; i++) {
            assertThat(readers.receiveMessage()).isInstanceOf(LogRequest.Visible.class);
        }
        world.await(() -> later.all().size() == 2);
        later.all().getLast().run();
        closed.receiveMessage();
        assertThat(world.isLocked()).isFalse();
    }

    @Test
    void appends_to_a_log_that_is_being_opened_are_bounded_by_their_bytes() {
        Later later = new Later();
        ActorRef<LogActor.Command> log = world.kit.spawn(LogWorld.actorOf(LogWorld.ORDERS, base,
                world.small().withPendingBytesMax(3000), world.wal,
                new WalResources(world.resources.environment(), world.resources.ioScheduler(),
                        later)));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        for (int i = 0; i < 5; i++) {
            log.tell(append(Durability.SYNCED, 1, 1000, probe));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(probe.expectMessageClass(LogRequest.Overloaded.class).pendingBytes())
                    .isEqualTo(2016);
        }
    }

    @Test
    void a_log_that_is_stopped_while_it_is_opened_answers_and_leaves_nothing_open() {
        ActorRef<LogActor.Command> before = world.log(SMALL);
        world.appended(before, 1, 1);
        world.close(before);
        Later later = new Later();
        ActorRef<LogActor.Command> log = opening(later);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, probe));
        world.await(() -> later.all().size() == 1);
        assertThat(world.appended(log, 1, SMALL.largestPayloadBytes() + 1))
                .isInstanceOf(LogRequest.NotWritten.class); // so the one before has arrived
        world.kit.stop(log);
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.NotWritten.class);
        later.all().forEach(Runnable::run);
        assertThat(world.isLocked()).isFalse();
        assertThat(world.openFiles()).isZero();
    }
}
