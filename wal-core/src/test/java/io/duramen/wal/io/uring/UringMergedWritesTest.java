package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.posix.PosixDisk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What each chain is told whose write went to the kernel together with others, when the kernel
/// reports what a test has it report.
@Timeout(60)
class UringMergedWritesTest {
    private static final int EIO = 5;
    private static final int ENOSPC = 28;
    private static final int ECANCELED = 125;

    @TempDir
    Path own;

    private final ConcurrentLinkedQueue<IntUnaryOperator> reports = new ConcurrentLinkedQueue<>();
    private final List<IntUnaryOperator> script = new ArrayList<>();
    private UringScheduler ring;
    private IoFile target;

    @BeforeEach
    void open() {
        Rings.require();
        ring = UringScheduler.create(Rings.settings(64), Optional.empty(),
                transfers -> new RingTransfers(transfers.registered(), transfers.bytesMax(),
                        transfers.files(), this::report));
        target = new PosixDisk().create(own.resolve("target"));
    }

    @AfterEach
    void close() {
        if (ring != null) {
            ring.close();
            target.close();
        }
    }

    private int report(int result) {
        IntUnaryOperator next = reports.poll();
        return next == null ? result : next.applyAsInt(result);
    }

    private IoChain write(long index) {
        return IoChain.of(new Write(target, number(index), index * 8));
    }

    private IoChain durableWrite(long index) {
        return IoChain.durableWrite(target, number(index), index * 8);
    }

    private static MemorySegment number(long index) {
        MemorySegment bytes = Arena.ofAuto().allocate(8, 8);
        bytes.set(ValueLayout.JAVA_LONG, 0, index + 1);
        return bytes;
    }

    /// Submits while the ring's thread is kept in a callback, so that it takes all of them at once.
    private List<IoTicket> submitTogether(IoChain... chains) throws InterruptedException {
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
        reports.addAll(script);
        List<IoTicket> tickets = new ArrayList<>();
        for (IoChain chain : chains) {
            tickets.add(ring.submit(chain));
        }
        mayGoOn.countDown();
        return tickets;
    }

    private void assertWritten(int count) {
        assertThat(target.sizeBytes()).isEqualTo(count * 8L);
        try (Arena arena = Arena.ofConfined(); IoFile reading = new PosixDisk().open(
                target.path(), Disk.Access.READ_ONLY)) {
            MemorySegment content =
                    reading.map(IoFile.Mapping.READ_ONLY, 0, count * 8L, arena);
            for (int i = 0; i < count; i++) {
                assertThat(content.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(i + 1);
            }
        }
    }

    private static void assertFailed(IoTicket ticket, int operationIndex, long bytes, int errno) {
        assertThat(ticket.await()).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
            assertThat(failed.operationIndex()).isEqualTo(operationIndex);
            assertThat(failed.transferredBytes()).isEqualTo(bytes);
            assertThat(failed.cause()).isInstanceOfSatisfying(WalException.Io.class,
                    io -> assertThat(io.errno()).isEqualTo(errno));
        });
    }

    @Test
    void a_short_write_is_complete_for_those_it_served_and_goes_on_for_the_others()
            throws Exception {
        script.add(_ -> 8 + 3);
        List<IoTicket> tickets = submitTogether(write(0), write(1), write(2));
        assertThat(tickets).allMatch(ticket -> ticket.await().equals(new IoResult.Done(8)));
        assertWritten(3);
        assertThat(ring.uringStatistics().mergedWrites()).isEqualTo(3);
        assertThat(ring.uringStatistics().repeatedRounds()).isEqualTo(2);
        assertThat(ring.uringStatistics().ringEntries()).isEqualTo(1 + 1 + 2);
    }

    @Test
    void an_error_behind_a_short_write_is_told_to_the_one_it_hit() throws Exception {
        script.add(_ -> 8 + 3);
        script.add(_ -> -ENOSPC);
        List<IoTicket> tickets = submitTogether(write(0), write(1), write(2));
        assertThat(tickets.get(0).await()).isEqualTo(new IoResult.Done(8));
        List<IoTicket> others = tickets.subList(1, 3); // which of them goes first is not said
        long failed = others.stream().filter(
                ticket -> ticket.await() instanceof IoResult.Failed).count();
        assertThat(failed).isEqualTo(1);
        if (others.getFirst().await() instanceof IoResult.Failed) {
            assertFailed(others.getFirst(), 0, 3, ENOSPC);
        } else {
            assertFailed(others.getLast(), 0, 0, ENOSPC);
        }
    }

    @Test
    void an_error_of_the_vectored_write_is_not_taken_for_everyones() throws Exception {
        script.add(_ -> -EIO);
        List<IoTicket> tickets = submitTogether(write(0), write(1), write(2));
        assertThat(tickets).allMatch(ticket -> ticket.await().equals(new IoResult.Done(8)));
        assertWritten(3);
    }

    @Test
    void a_sync_that_failed_has_failed_for_all_that_asked_for_one_and_is_not_tried_again()
            throws Exception {
        script.add(_ -> -EIO);
        List<IoTicket> tickets = submitTogether(durableWrite(0), write(1), durableWrite(2));
        assertFailed(tickets.get(0), 1, 8, EIO);
        assertThat(tickets.get(1).await()).isEqualTo(new IoResult.Done(8));
        assertFailed(tickets.get(2), 1, 8, EIO);
        assertThat(ring.uringStatistics().ringEntries()).isEqualTo(1 + 2);
        assertWritten(3);
    }

    @Test
    void a_sync_that_was_cancelled_is_asked_for_by_each_of_those_that_need_one()
            throws Exception {
        script.add(_ -> -ECANCELED);
        List<IoTicket> tickets = submitTogether(durableWrite(0), write(1), durableWrite(2));
        assertThat(tickets).allMatch(ticket -> ticket.await().equals(new IoResult.Done(8)));
        assertThat(ring.uringStatistics().ringEntries()).isEqualTo(1 + 2 + 2);
        assertThat(ring.statistics().syncs()).isEqualTo(1 + 2);
    }
}
