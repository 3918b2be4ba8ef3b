package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewActorTest {
    @TempDir
    Path base;

    private LogWorld world;
    private LogWorld writers;

    @BeforeEach
    void start() {
        world = new LogWorld(base);
        writers = new LogWorld(base);
    }

    @AfterEach
    void stop() {
        world.close();
        writers.close();
    }

    @Test
    void a_view_follows_a_log_that_another_actor_system_writes() {
        ActorRef<LogActor.Command> log = writers.log(SMALL.withFragmentEntriesMax(5));
        writers.appended(log, 3, 10);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(world.visible(view, 2)).isEqualTo(new LogRequest.Visible(0, 2));
        TestProbe<LogRequest.ReadAnswer> waiting = world.probe();
        view.tell(new LogRequest.AwaitVisible(20, waiting.ref()));
        writers.appended(log, 30, 10);
        assertThat(waiting.receiveMessage()).isInstanceOfSatisfying(LogRequest.Visible.class,
                visible -> assertThat(visible.visibleId()).isBetween(20L, 32L));
        world.await(() -> world.info(view).nextId() == 33);
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(view, 20, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        assertThat(world.lent(view, 34, new LeaseSlot()))
                .isInstanceOf(LogRequest.ReadFailed.class);
    }

    @Test
    void a_view_that_nobody_waited_on_looks_when_it_is_asked_how_far_the_log_is() {
        ActorRef<LogActor.Command> log = writers.log(SMALL);
        writers.appended(log, 1, 10);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(world.info(view).nextId()).isEqualTo(1);
        writers.appended(log, 9, 10);
        assertThat(world.visible(view, LogRequest.AwaitVisible.NOW))
                .isEqualTo(new LogRequest.Visible(0, 9));
        writers.appended(log, 5, 10);
        LogInfo info = world.info(view);
        assertThat(info.nextId()).isEqualTo(15);
        assertThat(info.ioMode()).isEqualTo(LogInfo.READ_ONLY);
    }

    private void truncateAndAppend(long lastId, int count) {
        try (DiskLog log = DiskLog.open(base, LogWorld.ORDERS, SMALL)) {
            log.truncateAfter(lastId);
            for (int i = 0; i < count; i++) {
                log.append(new byte[20]);
            }
        }
    }

    @Test
    void a_view_that_has_shown_what_is_truncated_fails_everyone() {
        ActorRef<LogActor.Command> log = writers.log(SMALL.withFragmentEntriesMax(5));
        writers.appended(log, 12, 10);
        writers.close(log);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(world.visible(view, 11)).isEqualTo(new LogRequest.Visible(0, 11));
        truncateAndAppend(6, 20);
        assertThat(world.lent(view, 8, new LeaseSlot()))
                .isInstanceOfSatisfying(LogRequest.ReadFailed.class, failed -> assertThat(
                        failed.cause()).isInstanceOf(WalException.Truncated.class));
        assertThat(world.visible(view, LogRequest.AwaitVisible.NOW))
                .isInstanceOfSatisfying(LogRequest.ReadFailed.class, failed -> assertThat(
                        failed.cause()).isInstanceOf(WalException.Truncated.class));
    }

    /// It has shown 0 to 6; the log went on to 11, lost what is behind 8, and ends at 12.
    private ActorRef<ViewActor.Command> viewOfWhatIsTruncatedBehindIt() {
        ActorRef<LogActor.Command> log = writers.log(SMALL.withFragmentEntriesMax(5));
        writers.appended(log, 7, 10);
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(world.visible(view, 6)).isEqualTo(new LogRequest.Visible(0, 6));
        writers.appended(log, 5, 10);
        writers.close(log);
        truncateAndAppend(8, 4);
        return view;
    }

    @Test
    void a_view_that_has_shown_nothing_of_what_is_truncated_goes_on() {
        ActorRef<ViewActor.Command> view = viewOfWhatIsTruncatedBehindIt();
        assertThat(world.info(view).nextId()).isEqualTo(13);
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(view, 6, slot)).isInstanceOf(LogRequest.Lent.class);
        }
    }

    /// Lending may look too, where a fragment's file is another one than it was.
    @Test
    void a_view_that_has_shown_more_than_it_looked_for_fails_when_that_is_truncated() {
        ActorRef<ViewActor.Command> view = viewOfWhatIsTruncatedBehindIt();
        try (LeaseSlot slot = new LeaseSlot()) {
            assertThat(world.lent(view, 6, slot)).isInstanceOf(LogRequest.Lent.class);
        }
        assertThat(world.visible(view, 7)).isEqualTo(new LogRequest.Visible(0, 12));
        truncateAndAppend(10, 10);
        assertThat(world.visible(view, 13)).isInstanceOfSatisfying(LogRequest.ReadFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Truncated.class));
    }

    @Test
    void an_append_to_a_view_is_refused() {
        ActorRef<LogActor.Command> log = writers.log(SMALL);
        writers.appended(log, 1, 10);
        assertThat(world.appended(world.view(), 1, 1)).isInstanceOfSatisfying(
                LogRequest.NotWritten.class, refused -> assertThat(refused.cause())
                        .isInstanceOf(WalException.Closed.class));
    }

    @Test
    void a_view_of_no_log_answers_with_the_reason() {
        ActorRef<ViewActor.Command> view = world.view();
        assertThat(world.visible(view, 0)).isInstanceOfSatisfying(LogRequest.ReadFailed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.NoSuchLog.class));
        assertThat(world.lent(view, 0, new LeaseSlot()))
                .isInstanceOf(LogRequest.ReadFailed.class);
    }

    @Test
    void a_look_that_fails_fails_those_who_wait_and_those_who_come() throws IOException {
        ActorRef<LogActor.Command> log = writers.log(SMALL.withFragmentEntriesMax(5));
        writers.appended(log, 3, 10);
        ActorRef<ViewActor.Command> view = world.view();
        TestProbe<LogRequest.ReadAnswer> waiting = world.probe();
        view.tell(new LogRequest.AwaitVisible(20, waiting.ref()));
        writers.close(log);
        Path later = LogWorld.ORDERS.directoryIn(base).resolve("fragment_00000000000000000003");
        Files.write(later, new byte[100]);
        // and a writer that says it is further than the files are
        ActorRef<LogActor.Command> broken = writers.log(SMALL);
        assertThat(writers.visible(broken, 0)).isInstanceOf(LogRequest.ReadFailed.class);
        assertThat(waiting.receiveMessage(Duration.ofSeconds(20)))
                .isInstanceOf(LogRequest.ReadFailed.class);
        assertThat(world.visible(view, LogRequest.AwaitVisible.NOW))
                .isInstanceOf(LogRequest.ReadFailed.class);
    }

    @Test
    void closing_answers_those_who_wait_for_a_look() {
        ActorRef<LogActor.Command> log = writers.log(SMALL);
        writers.appended(log, 1, 10);
        ConcurrentLinkedQueue<Runnable> later = new ConcurrentLinkedQueue<>();
        ActorRef<ViewActor.Command> view = opening(later);
        TestProbe<LogRequest.ReadAnswer> waiting = world.probe();
        TestProbe<Done> closed = world.probe();
        view.tell(new LogRequest.AwaitVisible(0, waiting.ref()));
        view.tell(new LogRequest.Close(closed.ref()));
        assertThat(waiting.receiveMessage()).isInstanceOf(LogRequest.ReadFailed.class);
        closed.receiveMessage();
        runAll(later);
    }

    @Test
    void a_view_that_is_closed_while_it_is_opened_leaves_nothing_open() {
        ActorRef<LogActor.Command> log = writers.log(SMALL);
        writers.appended(log, 1, 10);
        writers.close(log);
        ConcurrentLinkedQueue<Runnable> later = new ConcurrentLinkedQueue<>();
        ActorRef<ViewActor.Command> view = opening(later);
        world.close(view);
        runAll(later);
        assertThat(world.openFiles()).isZero();
        assertThat(world.mappings()).isZero();
    }

    private ActorRef<ViewActor.Command> opening(ConcurrentLinkedQueue<Runnable> later) {
        WalResources slow = new WalResources(world.resources.environment(),
                world.resources.ioScheduler(), later::add);
        ActorRef<ViewActor.Command> view = world.kit.spawn(ViewActor.create(new ViewActor.Plan(
                LogWorld.ORDERS, Duration.ofMillis(5), slow, () -> LogView.open(base,
                        LogWorld.ORDERS, world.disk, world.scheduler),
                world.life)));
        world.await(() -> later.size() == 1);
        return view;
    }

    private static void runAll(ConcurrentLinkedQueue<Runnable> later) {
        while (!later.isEmpty()) {
            later.remove().run();
        }
    }
}
