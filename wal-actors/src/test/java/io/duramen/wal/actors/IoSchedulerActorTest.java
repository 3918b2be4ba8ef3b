package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.WriterLock;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoSchedulerActorTest {
    @TempDir
    Path base;

    private LogWorld world;
    private WriteAccess access;
    private IoFile file;
    private ActorRef<IoSchedulerActor.Command> actor;
    private TestProbe<IoSchedulerActor.Completed> probe;
    private final AtomicInteger givenBack = new AtomicInteger();

    @BeforeEach
    void start() {
        world = new LogWorld(base);
        LogDirectory directory = LogDirectory.of(world.disk, base, LogWorld.ORDERS);
        directory.create();
        access = new WriteAccess(WriterLock.acquire(directory));
        file = world.disk.create(base.resolve("file"));
        actor = world.kit.spawn(IoSchedulerActor.create(world.scheduler, 1000));
        probe = world.probe();
        world.scheduler.hold(_ -> true);
    }

    @AfterEach
    void stop() {
        access.close();
        file.close();
        world.close();
    }

    private WriteHold submit(long offset, int bytes) {
        WriteHold hold = new WriteHold(access, givenBack::incrementAndGet);
        actor.tell(new IoSchedulerActor.Submit(IoChain.of(new IoOperation.Write(file,
                Arena.ofAuto().allocate(bytes), offset)), hold, probe.ref()));
        return hold;
    }

    private IoResult result() {
        return probe.receiveMessage().result();
    }

    @Test
    void bytes_in_flight_are_bounded_and_what_waits_goes_in_order() {
        submit(0, 600);
        submit(600, 401);
        submit(1001, 1);
        world.await(() -> world.scheduler.held() == 1);
        probe.expectNoMessage(Duration.ofMillis(20));
        assertThat(world.scheduler.held()).isEqualTo(1);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(600);
        world.await(() -> world.scheduler.held() == 2);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(401);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(1);
        probe.expectNoMessage(Duration.ofMillis(20));
        assertThat(givenBack).hasValue(3);
    }

    /// A busy log came first, and goes behind one that was given nothing yet.
    @Test
    void logs_take_turns_by_bytes_not_by_arrival() {
        submit(0, 900);
        world.await(() -> world.scheduler.held() == 1);
        submit(900, 900);
        WriteAccess quiet = new WriteAccess(WriterLock.acquire(otherLog()));
        TestProbe<IoSchedulerActor.Completed> other = world.probe();
        for (int i = 0; i < 3; i++) {
            actor.tell(new IoSchedulerActor.Submit(IoChain.of(new IoOperation.Write(file,
                    Arena.ofAuto().allocate(150), 5000)),
                    new WriteHold(quiet, givenBack::incrementAndGet), other.ref()));
        }
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(900);
        for (int i = 0; i < 2; i++) {
            int others = 2 - i;
            world.await(() -> world.scheduler.held() == others);
            world.scheduler.releaseOne();
            assertThat(other.receiveMessage().result().transferredBytes()).isEqualTo(150);
        }
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(900);
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(other.receiveMessage().result().transferredBytes()).isEqualTo(150);
        quiet.close();
    }

    private LogDirectory otherLog() {
        LogDirectory directory = LogDirectory.of(world.disk, base, LogId.of("quiet"));
        directory.create();
        return directory;
    }

    @Test
    void a_chain_larger_than_the_bound_goes_alone() {
        submit(0, 5000);
        submit(5000, 1);
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(5000);
        world.await(() -> world.scheduler.held() == 1);
    }

    @Test
    void a_scheduler_that_takes_no_more_for_now_is_asked_again() {
        submit(0, 1);
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.refuse(new WalException.Overloaded("full"));
        submit(1, 2);
        probe.expectNoMessage(Duration.ofMillis(20));
        world.scheduler.refuse(null);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(1);
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(result().transferredBytes()).isEqualTo(2);
    }

    @Test
    void every_refusal_is_an_answer() {
        world.scheduler.refuse(new WalException.Closed("the scheduler"));
        submit(0, 1);
        assertThat(result()).isInstanceOfSatisfying(IoResult.Failed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Closed.class));
        world.scheduler.refuse(new IllegalArgumentException("no such bytes"));
        submit(0, 1);
        assertThat(result()).isInstanceOfSatisfying(IoResult.Failed.class,
                failed -> assertThat(failed.cause()).isInstanceOf(WalException.Defect.class));
        world.scheduler.refuse(new WalException.Overloaded("full, and not of ours"));
        submit(0, 1);
        assertThat(result()).isInstanceOf(IoResult.Failed.class);
        assertThat(givenBack).hasValue(3);
    }

    @Test
    void a_buffer_that_cannot_be_given_back_holds_up_nobody() {
        Runnable misused = () -> {
            throw new IllegalStateException("thrown by a test, on purpose");
        };
        IoChain chain = IoChain.of(new IoOperation.Write(file, Arena.ofAuto().allocate(900), 0));
        WriteHold hold = new WriteHold(access, misused);
        actor.tell(new IoSchedulerActor.Submit(chain, hold, probe.ref()));
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(result()).isInstanceOf(IoResult.Done.class);
        submit(0, 900);
        world.await(() -> world.scheduler.held() == 1);
        WriteAccess closed = new WriteAccess(WriterLock.acquire(otherLog()));
        closed.close();
        actor.tell(new IoSchedulerActor.Submit(chain, new WriteHold(closed, misused),
                probe.ref()));
        world.scheduler.releaseOne();
        assertThat(result()).isInstanceOf(IoResult.Done.class);
        assertThat(result()).isInstanceOf(IoResult.Failed.class);
        submit(0, 900);
        world.await(() -> world.scheduler.held() == 1);
        world.scheduler.releaseOne();
        assertThat(result()).isInstanceOf(IoResult.Done.class);
    }

    @Test
    void what_waits_is_answered_when_the_actor_stops() {
        submit(0, 1000);
        submit(1000, 1000);
        world.await(() -> world.scheduler.held() == 1);
        world.kit.stop(actor);
        assertThat(result()).isInstanceOf(IoResult.Failed.class);
        assertThat(givenBack).hasValue(1);
        world.scheduler.release();
        assertThat(result()).isInstanceOf(IoResult.Done.class);
        assertThat(givenBack).hasValue(2);
    }

    @Test
    void a_chain_that_was_given_up_or_whose_log_was_given_back_is_not_started() {
        submit(0, 1000);
        WriteHold given = submit(1000, 1000);
        submit(2000, 1000);
        world.await(() -> world.scheduler.held() == 1);
        given.abandon();
        access.close();
        assertThat(world.isLocked()).isTrue();
        world.scheduler.release();
        assertThat(result()).isInstanceOf(IoResult.Done.class);
        assertThat(result()).isInstanceOf(IoResult.Failed.class);
        assertThat(result()).isInstanceOf(IoResult.Failed.class);
        assertThat(world.isLocked()).isFalse();
        assertThat(file.sizeBytes()).isEqualTo(1000);
        assertThat(givenBack).hasValue(3);
    }

    @Test
    void opening_read_only_files_fails_the_chain_not_the_actor() {
        try (IoFile readOnly = world.disk.open(base.resolve("file"), Disk.Access.READ_ONLY)) {
            world.scheduler.release();
            actor.tell(new IoSchedulerActor.Submit(
                    IoChain.of(new IoOperation.Write(readOnly, Arena.ofAuto().allocate(1), 0)),
                    new WriteHold(access, givenBack::incrementAndGet), probe.ref()));
            assertThat(result()).isInstanceOf(IoResult.Failed.class);
            submit(0, 7);
            assertThat(result().transferredBytes()).isEqualTo(7);
        }
    }
}
