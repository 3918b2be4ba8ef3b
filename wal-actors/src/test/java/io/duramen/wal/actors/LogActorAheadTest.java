package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What happens to a group that is encoded while another is at the disk. A buffer, and so a group,
/// takes two of the entries here.
class LogActorAheadTest {
    private static final LogSettings ROOMY =
            LogWorld.SMALL.withFragmentSizeBytes(8 << 20).withFragmentEntriesMax(1000);
    private static final int ENTRY = 100_000;
    /// Where the lock file has the writer's epoch.
    private static final int EPOCH_AT = 32;

    @TempDir
    Path base;

    private LogWorld world;
    private ActorRef<LogActor.Command> log;

    @BeforeEach
    void start() {
        world = new LogWorld(base);
        log = world.log(ROOMY);
        world.appended(log, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Write.class));
    }

    @AfterEach
    void stop() {
        world.close();
    }

    private int leased() {
        return world.pool.statistics().leased();
    }

    /// Appends so many entries, of which the first two are at the disk and two more in a buffer.
    private TestProbe<LogRequest.AppendAnswer> appendAhead(int count) {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, count, ENTRY, probe));
        world.await(() -> world.scheduler.held() == 1 && leased() == 2);
        return probe;
    }

    private static LogRequest.Acknowledged acknowledged(long firstId, long lastId) {
        return new LogRequest.Acknowledged(new Appended(firstId, lastId, Durability.SYNCED));
    }

    @Test
    void it_goes_to_the_disk_as_soon_as_that_is_free_and_not_earlier() {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        assertThat(world.scheduler.held()).isEqualTo(1);
        world.scheduler.releaseOne();
        world.await(() -> world.scheduler.held() == 1 && leased() == 1);
        probe.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.release();
        probe.expectMessage(acknowledged(1, 4));
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(List.of(1, ENTRY, ENTRY, ENTRY, ENTRY));
    }

    @Test
    void what_follows_gets_the_ids_behind_it() {
        TestProbe<LogRequest.AppendAnswer> first = appendAhead(4);
        TestProbe<LogRequest.AppendAnswer> behind = world.probe();
        log.tell(append(Durability.SYNCED, 3, ENTRY, behind));
        world.scheduler.release();
        first.expectMessage(acknowledged(1, 4));
        behind.expectMessage(acknowledged(5, 7));
        assertThat(world.appended(log, 1, 1)).isEqualTo(acknowledged(8, 8));
    }

    @Test
    void it_is_not_written_behind_a_write_that_failed() {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        world.scheduler.failHeld();
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        world.await(() -> leased() == 0);
        probe.expectNoMessage(Duration.ofMillis(20));
        world.close(log);
        assertThat(world.entrySizes()).isEqualTo(List.of(1));
    }

    @Test
    void its_buffer_comes_back_when_the_log_stops() {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        world.kit.stop(log);
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        world.await(() -> leased() == 1);
        world.scheduler.release();
        world.await(() -> leased() == 0);
        assertThat(world.pool.statistics().misuse()).isZero();
    }

    @Test
    void a_log_that_closes_writes_it_first() {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        TestProbe<Done> closed = world.probe();
        log.tell(new LogRequest.Close(closed.ref()));
        closed.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.release();
        probe.expectMessage(acknowledged(1, 4));
        closed.receiveMessage();
        assertThat(world.entrySizes()).hasSize(5);
    }

    @Test
    void one_that_is_refused_leaves_the_one_at_the_disk_and_those_behind_alone() {
        TestProbe<LogRequest.AppendAnswer> first = world.probe();
        TestProbe<LogRequest.AppendAnswer> broken = world.probe();
        TestProbe<LogRequest.AppendAnswer> behind = world.probe();
        log.tell(append(Durability.SYNCED, 1, 1, world.probe()));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(append(Durability.SYNCED, 2, ENTRY, first));
        log.tell(new LogRequest.Append(Collections.nCopies(2, new BrokenPayload()),
                Durability.SYNCED, broken.ref()));
        log.tell(append(Durability.SYNCED, 1, ENTRY, behind));
        world.scheduler.releaseOne();
        assertThat(broken.receiveMessage()).isInstanceOf(LogRequest.NotWritten.class);
        first.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.release();
        first.expectMessage(acknowledged(2, 3));
        behind.expectMessage(acknowledged(4, 4));
        assertThat(leased()).isZero();
    }

    private record BrokenPayload() implements Payload {
        @Override
        public int sizeBytes() {
            return ENTRY;
        }

        @Override
        public void copyTo(MemorySegment target, long offset) {
            throw new IllegalStateException("no bytes today");
        }
    }

    @Test
    void it_is_not_written_where_another_writer_has_come_meanwhile() throws IOException {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        try (FileChannel lock = FileChannel.open(
                LogWorld.ORDERS.directoryIn(base).resolve("LOCK"), StandardOpenOption.WRITE)) {
            ByteBuffer epoch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            lock.write(epoch.putLong(0, 99), EPOCH_AT);
        }
        world.scheduler.releaseOne();
        assertThat(probe.receiveMessage()).isInstanceOfSatisfying(LogRequest.Unknown.class,
                unknown -> assertThat(unknown.cause())
                        .hasRootCauseInstanceOf(WalException.Fenced.class));
        world.await(() -> leased() == 0);
        assertThat(world.scheduler.held()).isZero();
    }

    @Test
    void syncs_and_rotations_get_their_turn_while_appends_do_not_end() throws Exception {
        world.scheduler.release();
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        for (int i = 0; i < 8; i++) {
            log.tell(append(Durability.WRITTEN, 2, ENTRY, probe));
        }
        CompletableFuture<StatusReply<Done>> synced = ask(LogRequest.Sync::new);
        CompletableFuture<StatusReply<Boolean>> rotated = ask(LogRequest.Rotate::new);
        while (!synced.isDone() || !rotated.isDone()) {
            assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Acknowledged.class);
            log.tell(append(Durability.WRITTEN, 2, ENTRY, probe));
        }
        assertThat(synced.get().isSuccess()).isTrue();
        assertThat(rotated.get().getValue()).isTrue();
    }

    private <T> CompletableFuture<T> ask(
            org.apache.pekko.japi.function.Function<ActorRef<T>, LogActor.Command> request) {
        return AskPattern.<LogActor.Command, T> ask(log, request, Duration.ofMinutes(1),
                world.kit.scheduler()).toCompletableFuture();
    }
}
