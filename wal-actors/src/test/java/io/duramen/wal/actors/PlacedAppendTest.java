package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Appends that say which id they are for, through the log's actor.
@EachWayToTheDisk
class PlacedAppendTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final LogSettings WINDOW = SMALL.withReorder(ReorderSettings.of(50));

    @TempDir
    Path base;

    private final IoMode ioMode;
    private final IoDriver ioDriver;
    private LogWorld world;
    private TestProbe<LogRequest.AppendAnswer> probe;

    PlacedAppendTest(IoMode ioMode, IoDriver ioDriver) {
        this.ioMode = ioMode;
        this.ioDriver = ioDriver;
    }

    @BeforeEach
    void start() {
        world = new LogWorld(base, ioMode, ioDriver);
        probe = world.probe();
    }

    @AfterEach
    void stop() {
        assertThat(world.pending.pending()).as("bytes given back").isZero();
        world.close();
    }

    /// An entry that tells its id, and who wrote it.
    private static Payload entry(long id, String by) {
        return Payload.of((by + id).getBytes());
    }

    private LogRequest.AppendAt at(long id, String by) {
        return new LogRequest.AppendAt(id, List.of(entry(id, by)), Durability.SYNCED, probe.ref());
    }

    private LogRequest.AppendAnswer answer(ActorRef<LogActor.Command> log, LogRequest request) {
        log.tell(request);
        LogRequest.AppendAnswer answer = probe.receiveMessage(LONG);
        world.await(() -> world.pending.pending() == 0);
        return answer;
    }

    private static Appended synced(long firstId, long lastId) {
        return new Appended(firstId, lastId, Durability.SYNCED);
    }

    private static void assertRefused(LogRequest.AppendAnswer answer,
            Class<? extends WalException> with) {
        assertThat(answer).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                refused -> assertThat(refused.cause()).isInstanceOf(with));
    }

    @Test
    void an_append_whose_turn_it_is_is_appended_and_its_duplicate_is_not() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        assertThat(answer(log, at(0, "a")))
                .isEqualTo(new LogRequest.Acknowledged(synced(0, 0)));
        LogRequest.AppendAt three = new LogRequest.AppendAt(1,
                List.of(entry(1, "a"), entry(2, "a"), entry(3, "a")), Durability.SYNCED,
                probe.ref());
        assertThat(answer(log, three)).isEqualTo(new LogRequest.Acknowledged(synced(1, 3)));
        assertThat(answer(log, three)).isEqualTo(new LogRequest.Duplicate(synced(1, 3)));
        assertThat(answer(log, at(2, "a"))).isEqualTo(new LogRequest.Duplicate(synced(2, 2)));
        world.close(log);
        assertThat(world.entrySizes()).hasSize(4);
    }

    @Test
    void other_bytes_at_the_same_place_are_a_conflict_that_tells_the_next_id() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 5, 2);
        assertThat(answer(log, at(3, "b"))).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                refused -> assertThat(refused.cause()).isInstanceOfSatisfying(
                        WalException.Conflict.class,
                        conflict -> assertThat(conflict.nextId()).isEqualTo(5)));
        assertRefused(answer(log, new LogRequest.AppendAt(4,
                List.of(entry(4, "b"), entry(5, "b")), Durability.SYNCED, probe.ref())),
                WalException.Conflict.class);
    }

    @Test
    void without_a_window_an_append_before_its_turn_is_refused() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        assertThat(answer(log, at(1, "a"))).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                refused -> assertThat(refused.cause()).isInstanceOfSatisfying(
                        WalException.OutOfOrder.class,
                        early -> assertThat(early.nextId()).isZero()));
    }

    @Test
    void in_whatever_order_they_come_they_are_in_the_log_in_that_of_their_ids() {
        ActorRef<LogActor.Command> log = world.log(WINDOW);
        List<Integer> ids = new ArrayList<>(IntStream.range(0, 40).boxed().toList());
        Collections.shuffle(ids, new Random(7));
        ids.forEach(id -> log.tell(at(id, "a")));
        ids.forEach(id -> log.tell(at(id, "a")));
        List<LogRequest.AppendAnswer> answers = probe.receiveSeveralMessages(80, LONG);
        assertThat(answers).filteredOn(LogRequest.Acknowledged.class::isInstance).hasSize(40);
        assertThat(answers).filteredOn(LogRequest.Duplicate.class::isInstance).hasSize(40);
        probe.expectNoMessage(Duration.ZERO);
        world.await(() -> world.pending.pending() == 0);
        world.close(log);
        assertThat(world.entrySizes()).hasSize(40);
    }

    @Test
    void what_the_window_has_no_room_for_is_refused() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withReorder(ReorderSettings.of(3)));
        assertRefused(answer(log, at(3, "a")), WalException.OutOfOrder.class);
        log.tell(at(1, "a"));
        log.tell(at(2, "a"));
        log.tell(at(2, "a"));
        assertRefused(answer2(log, at(2, "c")), WalException.OutOfOrder.class);
        log.tell(at(0, "a"));
        assertThat(probe.receiveSeveralMessages(4, LONG)).filteredOn(
                LogRequest.NotWritten.class::isInstance).isEmpty();
        world.await(() -> world.pending.pending() == 0);
    }

    private LogRequest.AppendAnswer answer2(ActorRef<LogActor.Command> log, LogRequest request) {
        log.tell(request);
        return probe.receiveMessage(LONG);
    }

    @Test
    void who_waits_for_a_gap_that_stays_open_is_refused() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withReorder(
                new ReorderSettings(50, 1 << 20, Duration.ofMillis(5))));
        assertRefused(answer(log, at(4, "a")), WalException.OutOfOrder.class);
    }

    @Test
    void a_duplicate_of_what_is_on_its_way_is_answered_once_that_is_on_the_device() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        answer(log, at(0, "a"));
        world.scheduler.hold(world.firstStep());
        log.tell(at(1, "a"));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(at(1, "a"));
        world.info(log);
        probe.expectNoMessage(Duration.ZERO);
        world.scheduler.release();
        assertThat(probe.receiveSeveralMessages(2, LONG)).containsExactly(
                new LogRequest.Acknowledged(synced(1, 1)),
                new LogRequest.Duplicate(synced(1, 1)));
        world.await(() -> world.pending.pending() == 0);
    }

    @Test
    void where_what_is_in_front_of_it_is_refused_it_gets_no_other_id() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        answer(log, at(0, "a"));
        TestProbe<LogRequest.AppendAnswer> broken = world.probe();
        world.scheduler.hold(world.firstStep());
        log.tell(at(1, "a"));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(new LogRequest.Append(List.of(new BrokenPayload()), Durability.SYNCED,
                broken.ref()));
        log.tell(at(3, "a"));
        world.scheduler.release();
        assertThat(probe.receiveMessage(LONG))
                .isEqualTo(new LogRequest.Acknowledged(synced(1, 1)));
        assertThat(broken.receiveMessage(LONG)).isInstanceOf(LogRequest.NotWritten.class);
        assertThat(probe.receiveMessage(LONG)).isInstanceOf(LogRequest.NotWritten.class);
        world.await(() -> world.pending.pending() == 0);
        world.close(log);
        assertThat(world.entrySizes()).hasSize(2);
    }

    /// One that its owner cannot copy.
    private record BrokenPayload() implements Payload {
        @Override
        public int sizeBytes() {
            return 10;
        }

        @Override
        public void copyTo(java.lang.foreign.MemorySegment target, long offset) {
            throw new IllegalStateException("the owner's mistake");
        }
    }

    @Test
    void a_poisoned_log_refuses_who_waits_and_who_comes() {
        ActorRef<LogActor.Command> log = world.log(WINDOW);
        answer(log, at(0, "a"));
        log.tell(at(5, "a"));
        world.info(log);
        world.scheduler.fail(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> failed = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, failed));
        assertThat(failed.receiveMessage(LONG)).isInstanceOf(LogRequest.Unknown.class);
        assertRefused(probe.receiveMessage(LONG), WalException.Poisoned.class);
        assertRefused(answer(log, at(1, "a")), WalException.Poisoned.class);
    }

    @Test
    void who_waits_when_the_log_is_closed_is_told() {
        ActorRef<LogActor.Command> log = world.log(WINDOW);
        log.tell(at(5, "a"));
        world.close(log);
        assertRefused(probe.receiveMessage(LONG), WalException.Closed.class);
    }

    @Test
    void who_waits_when_the_log_is_truncated_goes_on_waiting() {
        ActorRef<LogActor.Command> log = world.log(WINDOW);
        answer(log, at(0, "a"));
        log.tell(at(2, "a"));
        log.tell(new LogRequest.Truncate(0, world.<Object> probe().ref().narrow()));
        log.tell(at(1, "a"));
        assertThat(probe.receiveSeveralMessages(2, LONG)).containsExactlyInAnyOrder(
                new LogRequest.Acknowledged(synced(1, 1)),
                new LogRequest.Acknowledged(synced(2, 2)));
        world.await(() -> world.pending.pending() == 0);
    }

    @Test
    void a_log_with_someone_in_its_window_does_not_go_to_rest_and_one_at_rest_is_opened() {
        ActorRef<LogActor.Command> log =
                world.log(WINDOW, world.restingAfter(Duration.ofMillis(10)));
        answer(log, at(0, "a"));
        world.await(() -> world.life.phase() instanceof LogPhase.Resting);
        log.tell(at(2, "a"));
        assertThat(world.info(log).nextId()).isEqualTo(1);
        log.tell(at(1, "a"));
        assertThat(probe.receiveSeveralMessages(2, LONG)).hasSize(2)
                .allMatch(LogRequest.Acknowledged.class::isInstance);
        world.await(() -> world.pending.pending() == 0);
    }

    @Test
    void no_id_below_zero_and_no_append_of_nothing_is_asked_for() {
        assertThatThrownBy(() -> at(-1, "a")).hasMessage("no entry id: -1");
        assertThatThrownBy(() -> new LogRequest.AppendAt(0, List.of(), Durability.SYNCED,
                probe.ref())).hasMessage("an append holds at least one entry");
    }
}
