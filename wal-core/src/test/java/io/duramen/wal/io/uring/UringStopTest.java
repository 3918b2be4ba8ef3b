package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.Pipes;
import io.duramen.wal.io.posix.PosixDisk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Giving up what the kernel has. A read of an empty pipe, or a write to a full one, stands for
/// what would take for ever.
@Timeout(60)
class UringStopTest {
    private static final MemorySegment EIGHT = Arena.global().allocate(8, 8).fill((byte) 8);
    private static final int PIPE_BYTES = 1 << 16;

    @TempDir
    Path own;

    private final Disk disk = new PosixDisk();
    private final Queue<IoTicket> submitted = new ConcurrentLinkedQueue<>();
    private UringScheduler ring;
    private IoFile target;
    private IoFile pipe;

    @BeforeEach
    void open() throws Exception {
        Rings.require();
        ring = Rings.scheduler(4);
        target = disk.create(own.resolve("target"));
        pipe = Pipes.open(disk, own);
    }

    /// What a test that failed left behind would keep the ring from closing.
    @AfterEach
    void close() {
        if (ring != null) {
            submitted.forEach(IoTicket::cancel);
            ring.close();
            target.close();
            pipe.close();
        }
    }

    private static MemorySegment room() {
        return Arena.ofAuto().allocate(8, 8);
    }

    private Read stuckRead() {
        return new Read(pipe, room(), 0);
    }

    private IoTicket submit(IoChain chain) {
        IoTicket ticket = ring.submit(chain);
        submitted.add(ticket);
        return ticket;
    }

    /// Returns when everything that was submitted before is in the ring.
    private void awaitTurn() {
        submit(IoChain.of(new Fdatasync(target))).await().orThrow();
    }

    private static <T extends WalException> void assertGivenUp(IoResult result, Class<T> cause,
            int operationIndex, long transferredBytes) {
        assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
            assertThat(failed.cause()).isInstanceOf(cause);
            assertThat(failed.operationIndex()).isEqualTo(operationIndex);
            assertThat(failed.transferredBytes()).isEqualTo(transferredBytes);
        });
    }

    @Test
    void what_the_kernel_has_is_given_up_when_it_is_cancelled() {
        IoTicket ticket = submit(IoChain.of(stuckRead()));
        awaitTurn();
        assertThat(ticket.isComplete()).isFalse();
        ticket.cancel();
        assertGivenUp(ticket.await(), WalException.Cancelled.class, 0, 0);
        assertThat(ring.statistics().chains().cancelled()).isEqualTo(1);
    }

    @Test
    void what_the_kernel_has_is_given_up_when_its_time_is_over() {
        IoTicket ticket = submit(IoChain.of(stuckRead()).within(Duration.ofMillis(5)));
        assertGivenUp(ticket.await(), WalException.TimedOut.class, 0, 0);
        assertThat(ring.statistics().chains().timedOut()).isEqualTo(1);
    }

    @Test
    void a_sleeping_ring_wakes_for_each_of_many_deadlines() {
        List<IoTicket> tickets = IntStream.range(0, 4).mapToObj(i -> submit(
                IoChain.of(stuckRead()).within(Duration.ofMillis(20 - 5L * i)))).toList();
        tickets.forEach(ticket -> assertGivenUp(
                ticket.await(), WalException.TimedOut.class, 0, 0));
    }

    @Test
    void a_chain_is_given_up_at_the_operation_it_has_come_to() {
        IoTicket ticket = submit(IoChain.of(new Write(target, EIGHT, 0), stuckRead(),
                new Write(target, EIGHT, 8)));
        awaitTurn();
        ticket.cancel();
        assertGivenUp(ticket.await(), WalException.Cancelled.class, 1, 8);
        assertThat(target.sizeBytes()).isEqualTo(8);
    }

    @Test
    void a_hard_linked_chain_is_given_up_whole() {
        IoTicket ticket = submit(IoChain.hardLinked(new Fdatasync(pipe),
                new Write(target, EIGHT, 0), stuckRead(), new Write(target, EIGHT, 8)));
        ticket.cancel();
        assertThat(ticket.await()).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
            int last = failed.failures().getLast().operationIndex();
            assertThat(last).isEqualTo(3);
            assertThat(failed.failures().getLast().cause())
                    .isInstanceOf(WalException.Cancelled.class);
        });
        assertThat(target.sizeBytes()).isLessThanOrEqualTo(8);
    }

    /// The kernel finds only what it has started, so the first request to give up may come too
    /// early.
    @Test
    void what_starts_after_it_was_cancelled_is_given_up_too() {
        for (int i = 0; i < 200; i++) {
            IoTicket ticket = submit(IoChain.of(new Write(target, EIGHT, 0),
                    new Write(target, EIGHT, 8), stuckRead()));
            ticket.cancel();
            assertThat(ticket.await()).isInstanceOfSatisfying(IoResult.Failed.class,
                    failed -> assertThat(failed.cause())
                            .isInstanceOf(WalException.Cancelled.class));
        }
    }

    @Test
    void a_part_that_was_moved_before_is_told() {
        submit(IoChain.of(new Write(pipe, EIGHT, 0))).await().orThrow();
        MemorySegment first = room();
        IoTicket ticket = submit(IoChain.of(new Readv(pipe, List.of(first, room()), 0)));
        awaitTurn();
        ticket.cancel();
        assertGivenUp(ticket.await(), WalException.Cancelled.class, 0, 8);
        assertThat(first.mismatch(EIGHT)).isEqualTo(-1);
        assertThat(ring.statistics().bytesRead()).isEqualTo(8);
    }

    @Test
    void what_waits_for_a_full_ring_is_given_up_without_a_completion() {
        List<IoTicket> stuck =
                IntStream.range(0, 4).mapToObj(_ -> submit(IoChain.of(stuckRead()))).toList();
        IoChain write = IoChain.of(new Write(target, EIGHT, 0));
        IoTicket cancelled = submit(write);
        IoTicket late = submit(write.within(Duration.ofMillis(5)));
        IoTicket patient = submit(write);
        cancelled.cancel();
        assertGivenUp(cancelled.await(), WalException.Cancelled.class, 0, 0);
        assertGivenUp(late.await(), WalException.TimedOut.class, 0, 0);
        assertThat(patient.isComplete()).isFalse();
        stuck.getFirst().cancel();
        assertThat(patient.await()).isEqualTo(new IoResult.Done(8));
        stuck.forEach(IoTicket::cancel);
        stuck.forEach(ticket -> assertGivenUp(
                ticket.await(), WalException.Cancelled.class, 0, 0));
    }

    @Test
    void writes_that_went_together_with_one_that_is_cancelled_go_on() throws Exception {
        MemorySegment full = Arena.ofAuto().allocate(PIPE_BYTES);
        submit(IoChain.of(new Write(pipe, full, 0))).await().orThrow();
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        ring.submit(IoChain.of(new Fdatasync(target)), _ -> {
            busy.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        busy.await();
        List<IoTicket> tickets = IntStream.range(0, 3).mapToObj(i -> submit(IoChain.of(
                new Write(pipe, room().fill((byte) (i + 1)), i * 8L)))).toList();
        mayGoOn.countDown();
        awaitTurn();
        assertThat(ring.uringStatistics().mergedWrites()).isEqualTo(3);
        tickets.get(1).cancel();
        assertGivenUp(tickets.get(1).await(), WalException.Cancelled.class, 0, 0);
        assertThat(tickets.get(0).isComplete()).isFalse();
        submit(IoChain.of(new Read(pipe, full, 0))).await().orThrow();
        assertThat(tickets.get(0).await()).isEqualTo(new IoResult.Done(8));
        assertThat(tickets.get(2).await()).isEqualTo(new IoResult.Done(8));
        MemorySegment left = Arena.ofAuto().allocate(16);
        submit(IoChain.of(new Read(pipe, left, 0))).await().orThrow();
        assertThat(left.get(ValueLayout.JAVA_BYTE, 0) + left.get(ValueLayout.JAVA_BYTE, 15))
                .isEqualTo(1 + 3);
    }

    @Test
    void close_ends_once_what_is_stuck_is_given_up() throws Exception {
        IoTicket cancelled = submit(IoChain.of(stuckRead()));
        IoTicket late = submit(IoChain.of(stuckRead()).within(Duration.ofMillis(20)));
        Thread closing = Thread.ofPlatform().start(ring::close);
        cancelled.cancel();
        closing.join();
        assertGivenUp(cancelled.await(), WalException.Cancelled.class, 0, 0);
        assertGivenUp(late.await(), WalException.TimedOut.class, 0, 0);
    }
}
