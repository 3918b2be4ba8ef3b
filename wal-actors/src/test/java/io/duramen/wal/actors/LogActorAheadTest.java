package io.duramen.wal.actors;

import static io.duramen.wal.actors.LogWorld.append;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.memory.BufferLease;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        world.scheduler.release();
        world.scheduler.failNth(1);
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.SYNCED, 4, ENTRY, probe));
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        world.await(() -> leased() == 0);
        probe.expectNoMessage(Duration.ofMillis(20));
        world.close(log);
        assertThat(world.scheduler.triedAgain()).isZero();
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
    void who_was_to_follow_a_refused_one_is_told_at_once_and_its_place_is_free() {
        log.tell(append(Durability.SYNCED, 1, 1, world.probe()));
        world.await(() -> world.scheduler.held() == 1);
        log.tell(append(Durability.SYNCED, 2, ENTRY, world.probe()));
        TestProbe<LogRequest.AppendAnswer> broken = world.probe();
        TestProbe<LogRequest.AppendAnswer> behind = world.probe();
        log.tell(new LogRequest.AppendAt(4, Collections.nCopies(2, new BrokenPayload()),
                Durability.SYNCED, broken.ref()));
        log.tell(new LogRequest.AppendAt(6, LogWorld.payloads(1, ENTRY), Durability.SYNCED,
                behind.ref()));
        world.scheduler.releaseOne();
        assertThat(broken.receiveMessage()).isInstanceOf(LogRequest.NotWritten.class);
        assertThat(behind.receiveMessage()).isInstanceOfSatisfying(LogRequest.NotWritten.class,
                answer -> assertThat(answer.cause()).isInstanceOf(WalException.OutOfOrder.class));
        TestProbe<LogRequest.AppendAnswer> again = world.probe();
        log.tell(new LogRequest.AppendAt(4, LogWorld.payloads(2, ENTRY), Durability.SYNCED,
                again.ref()));
        world.scheduler.release();
        again.expectMessage(acknowledged(4, 5));
    }

    @Test
    void what_needs_memory_of_its_own_waits_for_that_of_the_one_before() {
        world.scheduler.release();
        ActorRef<LogActor.Command> large = world.kit.spawn(LogWorld.actorOf(LogId.of("large"),
                base, ROOMY.withFragmentSizeBytes(64 << 20), world.wal, world.resources));
        world.appended(large, 1, 1);
        world.scheduler.hold(ScriptedScheduler.with(IoOperation.Write.class));
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        large.tell(append(Durability.SYNCED, 2, 5_000_000, probe)); // the pool gives one at a time
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.release();
        probe.expectMessage(acknowledged(1, 2));
    }

    /// The pool's other buffers, taken so that the group ahead waits for its own.
    private List<BufferLease> takeOtherBuffers(TestProbe<LogRequest.AppendAnswer> probe) {
        List<BufferLease> taken = Stream.generate(world.pool::tryAcquire).limit(3)
                .map(Optional::orElseThrow).toList();
        log.tell(append(Durability.SYNCED, 4, ENTRY, probe));
        world.await(() -> world.scheduler.held() == 1 && world.pool.statistics().waits() == 1);
        return taken;
    }

    @Test
    void it_is_written_when_its_buffer_comes_later_than_the_disk_is_free() {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        List<BufferLease> taken = takeOtherBuffers(probe);
        world.scheduler.release(); // and with the write that buffer is free
        probe.expectMessage(acknowledged(1, 4));
        taken.forEach(BufferLease::close);
    }

    @Test
    void a_buffer_that_comes_after_a_failure_goes_back() {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        List<BufferLease> taken = takeOtherBuffers(probe);
        world.scheduler.fail(_ -> true);
        world.scheduler.failHeld();
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        taken.forEach(BufferLease::close);
        world.await(() -> leased() == 0);
        world.close(log);
        assertThat(leased()).isZero();
    }

    @Test
    void a_buffer_that_comes_after_the_log_has_stopped_goes_back() {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        List<BufferLease> taken = takeOtherBuffers(probe);
        world.kit.stop(log);
        assertThat(probe.receiveMessage()).isInstanceOf(LogRequest.Unknown.class);
        taken.forEach(BufferLease::close);
        world.scheduler.release();
        world.await(() -> leased() == 0);
    }

    private void comeAsAnotherWriter() throws IOException {
        try (FileChannel lock = FileChannel.open(
                LogWorld.ORDERS.directoryIn(base).resolve("LOCK"), StandardOpenOption.WRITE)) {
            ByteBuffer epoch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            lock.write(epoch.putLong(0, 99), EPOCH_AT);
        }
    }

    private static void assertFenced(TestProbe<LogRequest.AppendAnswer> probe) {
        assertThat(probe.receiveMessage()).isInstanceOfSatisfying(LogRequest.Unknown.class,
                unknown -> assertThat(unknown.cause())
                        .hasRootCauseInstanceOf(WalException.Fenced.class));
    }

    @Test
    void it_is_not_written_where_another_writer_has_come_meanwhile() throws IOException {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(4);
        comeAsAnotherWriter();
        world.scheduler.releaseOne();
        assertFenced(probe);
        world.await(() -> leased() == 0);
        assertThat(world.scheduler.held()).isZero();
    }

    @Test
    void nor_where_its_buffer_comes_after_that() throws IOException {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        List<BufferLease> taken = takeOtherBuffers(probe);
        comeAsAnotherWriter();
        world.scheduler.releaseOne();
        assertFenced(probe);
        taken.forEach(BufferLease::close);
        world.await(() -> leased() == 0);
        assertThat(world.scheduler.held()).isZero();
    }

    @Test
    void an_append_of_several_groups_is_synced_once_behind_all_of_them() {
        world.scheduler.release();
        List<IoOperation> seen = Collections.synchronizedList(new ArrayList<>());
        world.scheduler.hold(chain -> !seen.addAll(chain.operations()));
        assertThat(world.appended(log, 5, ENTRY)).isEqualTo(acknowledged(1, 5));
        assertThat(seen).hasSize(4).last().isInstanceOf(IoOperation.Fdatasync.class);
        assertThat(seen.subList(0, 3)).allMatch(IoOperation.Write.class::isInstance);
    }

    /// Whatever the log and its fragment have sent each other by now has been received.
    private void settle() {
        for (int i = 0; i < 2; i++) {
            try (LeaseSlot slot = new LeaseSlot()) {
                world.lent(log, 0, slot);
            }
            world.info(log);
        }
    }

    /// When the write at the disk is done the next group goes there, and no other is encoded.
    private void assertNoneIsTakenBehindTheNext() {
        world.info(log);
        world.scheduler.releaseOne();
        world.await(() -> world.scheduler.held() == 1);
        settle();
        assertThat(leased()).isEqualTo(1);
    }

    @Test
    void none_is_taken_while_somebody_waits_for_a_sync() throws Exception {
        TestProbe<LogRequest.AppendAnswer> probe = world.probe();
        log.tell(append(Durability.WRITTEN, 1, 1, probe));
        world.await(() -> world.scheduler.held() == 1);
        for (int i = 0; i < 3; i++) {
            log.tell(append(Durability.WRITTEN, 2, ENTRY, probe));
        }
        CompletableFuture<StatusReply<Done>> synced = ask(LogRequest.Sync::new);
        assertNoneIsTakenBehindTheNext();
        world.scheduler.release();
        assertThat(synced.get(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    @Test
    void none_is_taken_while_somebody_waits_for_a_rotation() throws Exception {
        TestProbe<LogRequest.AppendAnswer> probe = appendAhead(7);
        CompletableFuture<StatusReply<Boolean>> rotated = ask(LogRequest.Rotate::new);
        assertNoneIsTakenBehindTheNext();
        world.scheduler.release();
        assertThat(rotated.get(20, TimeUnit.SECONDS).getValue()).isTrue();
        probe.expectMessage(acknowledged(1, 7));
        assertThat(world.info(log).fragments()).isEqualTo(2);
    }

    private <T> CompletableFuture<T> ask(
            org.apache.pekko.japi.function.Function<ActorRef<T>, LogActor.Command> request) {
        return AskPattern.<LogActor.Command, T> ask(log, request, Duration.ofMinutes(1),
                world.kit.scheduler()).toCompletableFuture();
    }
}
