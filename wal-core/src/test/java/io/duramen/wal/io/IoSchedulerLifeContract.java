package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who is told what, and when, while many submit, callbacks misbehave and the scheduler is closed.
@Timeout(60)
abstract class IoSchedulerLifeContract {
    private static final int MANY = 1 << 20;

    @TempDir
    Path directory;

    Disk disk;
    IoScheduler scheduler;
    IoFile file;

    protected abstract Disk newDisk();

    /// A scheduler that refuses once this many chains wait.
    protected abstract IoScheduler newScheduler(int waitingChainsMax);

    @BeforeEach
    void open() {
        disk = newDisk();
        scheduler = newScheduler(MANY);
        file = disk.create(directory.resolve("file"));
    }

    @AfterEach
    void close() {
        scheduler.close();
        file.close();
    }

    static MemorySegment number(long value) {
        MemorySegment bytes = Arena.ofAuto().allocate(8, 8);
        bytes.set(ValueLayout.JAVA_LONG, 0, value);
        return bytes;
    }

    long readNumber(long offset) {
        MemorySegment into = Arena.ofAuto().allocate(8, 8);
        try (IoScheduler reader = newScheduler(MANY)) {
            assertThat(reader.execute(IoChain.of(new Read(file, into, offset))).orThrow())
                    .isEqualTo(8);
        }
        return into.get(ValueLayout.JAVA_LONG, 0);
    }

    private IoChain writeNumber(long index) {
        return IoChain.of(new Write(file, number(index), index * 8));
    }

    @Test
    void each_of_many_concurrent_submissions_completes_exactly_once() throws Exception {
        int submitters = 16;
        int each = 2_000;
        AtomicIntegerArray completions = new AtomicIntegerArray(submitters * each);
        CountDownLatch all = new CountDownLatch(submitters * each);
        List<Thread> threads = IntStream.range(0, submitters)
                .mapToObj(submitter -> Thread.ofPlatform().start(() -> {
                    for (int i = submitter * each; i < (submitter + 1) * each; i++) {
                        int index = i;
                        scheduler.submit(writeNumber(index), result -> {
                            if (result.transferredBytes() == 8) {
                                completions.incrementAndGet(index);
                            }
                            all.countDown();
                        });
                    }
                })).toList();
        for (Thread thread : threads) {
            thread.join();
        }
        all.await();
        scheduler.close();
        assertThat(IntStream.range(0, completions.length()).map(completions::get))
                .allMatch(count -> count == 1);
        assertThat(file.sizeBytes()).isEqualTo(8L * submitters * each);
        assertThat(readNumber(8L * 12_345)).isEqualTo(12_345);
        assertThat(scheduler.statistics().chains().completed()).isEqualTo((long) submitters * each);
    }

    @Test
    void ten_thousand_submitters_at_a_time_are_all_served() throws Exception {
        AtomicInteger served = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(1);
        List<Thread> submitters = IntStream.range(0, 10_000)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    awaitQuietly(all);
                    scheduler.submit(writeNumber(i)).await().orThrow();
                    served.incrementAndGet();
                })).toList();
        all.countDown();
        for (Thread submitter : submitters) {
            submitter.join();
        }
        assertThat(served).hasValue(10_000);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content =
                    file.map(IoFile.Mapping.READ_ONLY, 0, file.sizeBytes(), arena);
            assertThat(IntStream.range(0, 10_000)).allMatch(
                    i -> content.getAtIndex(ValueLayout.JAVA_LONG, i) == i);
        }
    }

    @Test
    void what_is_accepted_while_the_scheduler_closes_completes_exactly_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            closeUnderSubmitters();
        }
    }

    private void closeUnderSubmitters() throws InterruptedException {
        IoScheduler closing = newScheduler(MANY);
        int submitters = 4;
        CountDownLatch someAccepted = new CountDownLatch(200);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger completed = new AtomicInteger();
        List<Thread> threads =
                IntStream.range(0, submitters).mapToObj(_ -> Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            closing.submit(writeNumber(7), _ -> completed.incrementAndGet());
                            accepted.incrementAndGet();
                            someAccepted.countDown();
                        }
                    } catch (WalException.Closed expected) {
                        assertThat(expected).hasMessageContaining("closed");
                    }
                })).toList();
        someAccepted.await();
        closing.close();
        int completedAtClose = completed.get();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(completedAtClose).isEqualTo(accepted.get());
        assertThat(completed.get()).isEqualTo(accepted.get());
        assertThat(closing.statistics().chains().submitted()).isEqualTo(accepted.get());
    }

    @Test
    void a_closed_scheduler_refuses() {
        scheduler.close();
        assertThatThrownBy(() -> scheduler.submit(writeNumber(1)))
                .isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(() -> scheduler.execute(writeNumber(1)))
                .isInstanceOf(WalException.Closed.class);
        assertThat(file.sizeBytes()).isZero();
    }

    @Test
    void a_second_close_does_nothing() {
        scheduler.close();
        scheduler.close();
        assertThat(scheduler.statistics().chains().submitted()).isZero();
    }

    @Test
    void close_from_a_callback_does_not_wait_for_itself() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        scheduler.submit(writeNumber(3), _ -> {
            scheduler.close();
            closed.countDown();
        });
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> scheduler.submit(writeNumber(1)))
                .isInstanceOf(WalException.Closed.class);
    }

    @Test
    void a_callback_that_throws_stops_nothing() {
        for (int i = 0; i < 4; i++) {
            scheduler.submit(writeNumber(i), _ -> {
                throw new IllegalStateException("thrown by a test's callback, on purpose");
            });
        }
        assertThat(scheduler.submit(writeNumber(4)).await().orThrow()).isEqualTo(8);
        scheduler.close();
        assertThat(file.sizeBytes()).isEqualTo(5 * 8);
    }

    @Test
    void a_callback_may_submit_again() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        scheduler.submit(writeNumber(1),
                _ -> scheduler.submit(writeNumber(2), _ -> second.countDown()));
        second.await();
        assertThat(readNumber(16)).isEqualTo(2);
    }

    @Test
    void more_waiting_chains_than_the_limit_are_refused() {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicInteger completed = new AtomicInteger();
        int accepted = 0;
        try (IoScheduler limited = newScheduler(10)) {
            try {
                while (accepted < 10_000) {
                    limited.submit(writeNumber(accepted), _ -> {
                        awaitQuietly(mayGoOn);
                        completed.incrementAndGet();
                    });
                    accepted++;
                }
            } catch (WalException.Overloaded refused) {
                assertThat(refused).hasMessageContaining("10 chains waiting");
            }
            mayGoOn.countDown();
        }
        assertThat(accepted).isBetween(10, 9_999);
        assertThat(completed.get()).isEqualTo(accepted);
    }

    protected static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void an_interrupt_is_kept_and_ends_neither_execution_nor_wait() {
        Thread.currentThread().interrupt();
        IoResult executed = scheduler.execute(IoChain.durableWrite(file, number(5), 0));
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        IoResult awaited = scheduler.submit(writeNumber(1)).await();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(executed).isEqualTo(new IoResult.Done(8));
        assertThat(awaited).isEqualTo(new IoResult.Done(8));
        assertThat(readNumber(0)).isEqualTo(5);
    }

    @Test
    void an_interrupted_callback_thread_goes_on() {
        List<IoTicket> tickets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            scheduler.submit(writeNumber(i), _ -> Thread.currentThread().interrupt());
            tickets.add(scheduler.submit(IoChain.of(
                    new Write(file, number(i), 800), new Fdatasync(file))));
        }
        assertThat(tickets).allMatch(ticket -> ticket.await().equals(new IoResult.Done(8)));
    }

    @Test
    void a_file_closed_after_submission_stays_open_for_the_chain() {
        for (int i = 0; i < 100; i++) {
            IoFile early = disk.create(directory.resolve("early_" + i));
            IoTicket ticket = scheduler.submit(IoChain.durableWrite(early, number(i), 0));
            early.close();
            try (IoFile stranger = disk.create(directory.resolve("stranger_" + i))) {
                assertThat(ticket.await()).isEqualTo(new IoResult.Done(8));
                assertThat(stranger.sizeBytes()).isZero();
            }
        }
    }
}
