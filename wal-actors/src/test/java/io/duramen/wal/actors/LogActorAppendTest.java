package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.SMALL;
import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

@EachWayToTheDisk
class LogActorAppendTest {
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

    private static LogRequest.Acknowledged acknowledged(long first, long last, Durability how) {
        return new LogRequest.Acknowledged(new Appended(first, last, how));
    }

    @Test
    void appends_get_dense_ids_in_the_order_they_came() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        for (int i = 0; i < 100; i++) {
            log.tell(append(Durability.SYNCED, 2, 10, probe));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(probe.receiveMessage())
                    .isEqualTo(acknowledged(2 * i, 2 * i + 1, Durability.SYNCED));
        }
    }

    @Test
    void a_log_goes_on_in_another_fragment_when_asked() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        assertThat(rotated(log)).as("there is no fragment yet").isFalse();
        world.appended(log, 1, 10);
        assertThat(rotated(log)).isTrue();
        assertThat(world.info(log).fragments()).isEqualTo(2);
        assertThat(rotated(log)).as("the one that grows is empty").isFalse();
        TestProbe<LogRequest.AppendAnswer> appended = world.probe();
        for (int i = 0; i < 10; i++) {
            log.tell(append(Durability.WRITTEN, 1, 10, appended));
        }
        assertThat(rotated(log)).isTrue();
        for (int i = 0; i < 10; i++) {
            assertThat(appended.receiveMessage())
                    .isEqualTo(acknowledged(1 + i, 1 + i, Durability.WRITTEN));
        }
        world.appended(log, 1, 10);
        world.close(log);
        assertThat(world.entrySizes()).hasSize(12);
    }

    private boolean rotated(ActorRef<LogActor.Command> log) {
        TestProbe<StatusReply<Boolean>> probe = world.probe();
        log.tell(new LogRequest.Rotate(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20)).getValue();
    }

    @Test
    void a_batch_larger_than_a_group_is_acknowledged_once_and_whole() {
        LogSettings large = SMALL.withFragmentSizeBytes(8 << 20);
        ActorRef<LogActor.Command> log = world.log(large);
        assertThat(world.appended(log, 30, 100_000))
                .isEqualTo(acknowledged(0, 29, Durability.SYNCED));
        assertThat(world.info(log).fragments()).isEqualTo(1);
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(Collections.nCopies(30, 100_000));
    }

    @Test
    void an_entry_larger_than_a_buffer_gets_memory_of_its_own() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentSizeBytes(8 << 20));
        assertThat(world.appended(log, 1, 3_000_000))
                .isEqualTo(acknowledged(0, 0, Durability.SYNCED));
        world.await(() -> world.pool.statistics().unpooledBytes() == 0);
    }

    @Test
    void a_batch_goes_on_in_the_next_fragment_as_often_as_it_must() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        assertThat(world.appended(log, 500, 1000))
                .isEqualTo(acknowledged(0, 499, Durability.SYNCED));
        assertThat(world.info(log).fragments()).isGreaterThan(8);
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(Collections.nCopies(500, 1000));
    }

    @Test
    void a_fragment_is_rotated_when_it_holds_its_number_of_entries() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentEntriesMax(10));
        world.appended(log, 25, 1);
        assertThat(world.info(log).fragments()).isEqualTo(3);
    }

    @Test
    void a_fragment_is_rotated_by_the_first_append_after_its_age() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withFragmentAgeMax(Duration.ofHours(1)));
        world.appended(log, 1, 1);
        world.ahead = Duration.ofMinutes(59);
        world.appended(log, 1, 1);
        assertThat(world.info(log).fragments()).isEqualTo(1);
        world.ahead = Duration.ofMinutes(61);
        world.appended(log, 1, 1);
        assertThat(world.info(log).fragments()).isEqualTo(2);
    }

    @Test
    void written_is_answered_before_the_sync_and_synced_after_it() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Fdatasync.class));
        TestProbe<LogRequest.AppendAnswer> written = world.probe();
        TestProbe<LogRequest.AppendAnswer> synced = world.probe();
        log.tell(append(Durability.WRITTEN, 1, 1, written));
        log.tell(append(Durability.SYNCED, 1, 1, synced));
        assertThat(written.receiveMessage()).isEqualTo(acknowledged(0, 0, Durability.WRITTEN));
        world.await(() -> world.scheduler.held() == 1);
        synced.expectNoMessage(Duration.ofMillis(50));
        world.scheduler.release();
        assertThat(synced.receiveMessage()).isEqualTo(acknowledged(1, 1, Durability.SYNCED));
    }

    @Test
    void what_is_only_written_is_synced_in_the_background() {
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofMillis(20)));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 3, 1, probe));
        probe.receiveMessage();
        world.await(() -> world.info(log).durableId() == 2);
    }

    @Test
    void appends_that_keep_coming_do_not_put_the_background_sync_off() {
        ActorRef<LogActor.Command> log =
                world.log(LogSettings.defaults().withFragmentSizeBytes(8 << 20)
                        .withUnsyncedDelayMax(Duration.ofMillis(300)));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        world.await(() -> {
            log.tell(append(Durability.WRITTEN, 1, 1, probe));
            probe.receiveMessage();
            return world.info(log).durableId() >= 0;
        });
    }

    @Test
    void so_many_unsynced_bytes_are_synced_at_once() {
        ActorRef<LogActor.Command> log = world.log(
                SMALL.withUnsyncedDelayMax(Duration.ofHours(1)).withUnsyncedBytesMax(1000));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 1, 2000, probe));
        probe.receiveMessage();
        world.await(() -> world.info(log).durableId() == 0);
    }

    @Test
    void a_background_sync_that_falls_due_under_a_write_follows_it() {
        assumeFalse(ioMode == IoMode.MAPPED, "in mapped mode nothing is under way at a write");
        ActorRef<LogActor.Command> log =
                world.log(SMALL.withUnsyncedDelayMax(Duration.ofHours(1)));
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 1, 1, probe));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(LogEvent.Timer.SYNC_DUE);
        world.scheduler.release();
        assertThat(probe.receiveMessage()).isEqualTo(acknowledged(0, 0, Durability.WRITTEN));
        world.await(() -> world.info(log).durableId() == 0);
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(1, 1, Durability.SYNCED));
    }

    @Test
    void what_exceeds_the_limit_is_overloaded_and_taken_when_there_is_room_again() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withPendingBytesMax(10_000));
        world.appended(log, 1, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> taken = world.probe();
        TestProbe<LogRequest.AppendAnswer> refused = world.probe();
        log.tell(append(Durability.SYNCED, 1, 9_000, taken));
        log.tell(append(Durability.SYNCED, 1, 2_000, refused));
        LogRequest.Overloaded overloaded =
                refused.expectMessageClass(LogRequest.Overloaded.class);
        assertThat(overloaded.pendingBytes()).isEqualTo(9_008);
        assertThat(overloaded.limitBytes()).isEqualTo(10_000);
        assertThat(overloaded.retryAfter()).isBetween(DrainRate.SHORTEST, DrainRate.LONGEST);
        assertThat(overloaded.cause().retryAfter()).isEqualTo(overloaded.retryAfter());
        world.scheduler.release();
        assertThat(taken.receiveMessage()).isEqualTo(acknowledged(1, 1, Durability.SYNCED));
        assertThat(world.appended(log, 1, 2_000)).isEqualTo(acknowledged(2, 2, Durability.SYNCED));
    }

    @Test
    void what_waits_in_all_logs_together_is_bounded_and_given_back() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        world.appended(log, 1, 1);
        assertThat(world.pending.pending()).isZero();
        assertThat(world.pending.tryTake(world.pending.max() - 5_000)).isTrue();
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> taken = world.probe();
        TestProbe<LogRequest.AppendAnswer> refused = world.probe();
        log.tell(append(Durability.SYNCED, 1, 3_000, taken));
        log.tell(append(Durability.SYNCED, 1, 3_000, refused));
        assertThat(refused.expectMessageClass(LogRequest.Overloaded.class).limitBytes())
                .isEqualTo(world.pending.max());
        world.scheduler.release();
        assertThat(taken.receiveMessage()).isEqualTo(acknowledged(1, 1, Durability.SYNCED));
        assertThat(world.appended(log, 1, 3_000)).isEqualTo(acknowledged(2, 2, Durability.SYNCED));
        assertThat(world.pending.pending()).isEqualTo(world.pending.max() - 5_000);
    }

    @Test
    void empty_entries_count_against_the_limit_too() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withPendingBytesMax(100));
        world.appended(log, 1, 1);
        world.scheduler.hold(world.firstStep());
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        for (int i = 0; i < 20; i++) {
            log.tell(append(Durability.SYNCED, 1, 0, probe));
        }
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Overloaded.class);
    }

    @Test
    void an_entry_that_fits_no_fragment_is_too_large_and_others_are_not() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        assertThat(world.appended(log, 1, SMALL.largestPayloadBytes() + 1)).isInstanceOfSatisfying(
                LogRequest.NotWritten.class, answer -> assertThat(answer.cause())
                        .isInstanceOf(WalException.TooLarge.class));
        assertThat(world.appended(log, 1, SMALL.largestPayloadBytes()))
                .isEqualTo(acknowledged(0, 0, Durability.SYNCED));
    }

    private LogRequest.AppendAnswer appendedAtomically(ActorRef<LogActor.Command> log, int count,
            int bytes) {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(new LogRequest.Append(LogWorld.payloads(count, bytes), Durability.SYNCED, true,
                probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    @Test
    void an_atomic_append_lies_in_one_fragment_and_one_that_fits_none_is_refused() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentSizeBytes(1 << 20));
        assertThat(appendedAtomically(log, 6, 100_000))
                .isEqualTo(acknowledged(0, 5, Durability.SYNCED));
        assertThat(appendedAtomically(log, 6, 100_000))
                .isEqualTo(acknowledged(6, 11, Durability.SYNCED));
        assertThat(world.info(log).fragments()).isEqualTo(2);
        assertThat(appendedAtomically(log, 11, 100_000)).isInstanceOfSatisfying(
                LogRequest.NotWritten.class, answer -> assertThat(answer.cause())
                        .isInstanceOf(WalException.TooLarge.class)
                        .hasMessageContaining("an atomic batch of 11 entries"));
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(12, 12, Durability.SYNCED));
    }

    @Test
    void an_entry_that_can_never_get_a_buffer_is_too_large() {
        ActorRef<LogActor.Command> log = world.log(SMALL.withFragmentSizeBytes(64 << 20));
        assertThat(world.appended(log, 1, 8 << 20)).isInstanceOfSatisfying(
                LogRequest.NotWritten.class, answer -> assertThat(answer.cause())
                        .isInstanceOf(WalException.TooLarge.class));
        assertThat(world.appended(log, 1, (8 << 20) - 10_000))
                .isEqualTo(acknowledged(0, 0, Durability.SYNCED));
    }

    @Test
    void a_payload_that_fails_is_refused_and_harms_nobody_else() {
        ActorRef<LogActor.Command> log = world.log(SMALL);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(new LogRequest.Append(List.of(Payload.of(new byte[3]), new BrokenPayload()),
                Durability.SYNCED, probe.ref()));
        assertThat(probe.receiveMessage()).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                answer -> assertThat(answer.cause()).hasMessageContaining("no bytes today"));
        assertThat(world.appended(log, 1, 5)).isEqualTo(acknowledged(0, 0, Durability.SYNCED));
        world.await(() -> world.pool.statistics().leased() == 0);
        world.close(log);
        assertThat(world.entrySizes()).containsExactly(5);
    }

    private record BrokenPayload() implements Payload {
        @Override
        public int sizeBytes() {
            return 10;
        }

        @Override
        public void copyTo(MemorySegment target, long offset) {
            throw new IllegalStateException("no bytes today");
        }
    }
}
