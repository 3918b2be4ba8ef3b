package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.Seed;
import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What becomes of chains that are cancelled, or that take too long.
abstract class IoSchedulerStopContract extends IoSchedulerLifeContract {
    static final Duration AT_ONCE = Duration.ofNanos(1);
    private static final Duration AGES = Duration.ofDays(1_000_000);

    /// How many threads complete reads that are submitted while nothing else is under way.
    protected abstract int callbackThreads();

    /// Keeps the threads that complete submissions in callbacks until someone counts down.
    CountDownLatch keepBusy() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(callbackThreads());
        CountDownLatch mayGoOn = new CountDownLatch(1);
        for (int i = 0; i < callbackThreads(); i++) {
            scheduler.submit(IoChain.of(new Read(file, number(0), 0)), _ -> {
                busy.countDown();
                awaitQuietly(mayGoOn);
            });
        }
        busy.await();
        return mayGoOn;
    }

    static void assertCancelled(IoResult result, int operationIndex, long transferredBytes) {
        assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
            assertThat(failed.cause()).isInstanceOf(WalException.Cancelled.class);
            assertThat(failed.operationIndex()).isEqualTo(operationIndex);
            assertThat(failed.failures()).hasSize(1);
            assertThat(failed.transferredBytes()).isEqualTo(transferredBytes);
        });
    }

    static void assertTimedOut(IoResult result, int operationIndex, long transferredBytes) {
        assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
            assertThat(failed.cause()).isInstanceOf(WalException.TimedOut.class);
            assertThat(failed.operationIndex()).isEqualTo(operationIndex);
            assertThat(failed.failures()).hasSize(1);
            assertThat(failed.transferredBytes()).isEqualTo(transferredBytes);
        });
    }

    @Test
    void a_waiting_chain_that_is_cancelled_does_not_start() throws Exception {
        CountDownLatch mayGoOn = keepBusy();
        AtomicInteger called = new AtomicInteger();
        IoTicket ticket = scheduler.submit(
                IoChain.durableWrite(file, number(1), 0).within(AGES),
                _ -> called.incrementAndGet());
        ticket.cancel();
        ticket.cancel();
        mayGoOn.countDown();
        assertCancelled(ticket.await(), 0, 0);
        scheduler.close();
        assertThat(called).hasValue(1);
        assertThat(file.sizeBytes()).isZero();
        assertThat(scheduler.statistics().chains().cancelled()).isEqualTo(1);
        assertThat(scheduler.statistics().chains().failed()).isEqualTo(1);
        assertThat(scheduler.statistics().writes() + scheduler.statistics().syncs()).isZero();
    }

    @Test
    void a_cancelled_chain_lets_its_file_go() throws Exception {
        CountDownLatch mayGoOn = keepBusy();
        IoFile other = disk.create(directory.resolve("other"));
        IoTicket ticket = scheduler.submit(
                IoChain.of(new Write(other, number(1), 0)).within(AGES));
        ticket.cancel();
        mayGoOn.countDown();
        assertCancelled(ticket.await(), 0, 0);
        other.close();
        assertThat(scheduler.submit(IoChain.of(new Fdatasync(other))).await())
                .isInstanceOfSatisfying(IoResult.Failed.class, failed -> assertThat(failed.cause())
                        .isInstanceOf(WalException.Closed.class));
    }

    @Test
    void what_is_complete_cannot_be_cancelled() {
        AtomicInteger called = new AtomicInteger();
        IoTicket ticket = scheduler.submit(IoChain.of(new Write(file, number(1), 0)),
                _ -> called.incrementAndGet());
        IoResult result = ticket.await();
        ticket.cancel();
        scheduler.close();
        assertThat(ticket.await()).isSameAs(result).isEqualTo(new IoResult.Done(8));
        assertThat(called).hasValue(1);
        ticket.cancel();
        assertThat(scheduler.statistics().chains().cancelled()).isZero();
    }

    @Test
    void a_chain_whose_time_is_over_does_not_start() {
        IoChain chain = IoChain.durableWrite(file, number(1), 0).within(AT_ONCE);
        assertTimedOut(scheduler.submit(chain).await(), 0, 0);
        assertTimedOut(scheduler.execute(chain), 0, 0);
        assertThatThrownBy(() -> scheduler.execute(chain).orThrow())
                .hasMessage("pwrite on " + file.path() + " was not complete after 1.0E-6 ms and"
                        + " was given up: look whether the disk is slow or stuck, or allow more"
                        + " time");
        assertThat(file.sizeBytes()).isZero();
        assertThat(scheduler.statistics().chains().timedOut()).isEqualTo(3);
    }

    @Test
    void a_hard_linked_chain_that_is_given_up_names_every_operation() {
        IoChain chain = IoChain.hardLinked(new Write(file, number(1), 0), new Fdatasync(file),
                new Write(file, number(1), 8)).within(AT_ONCE);
        for (IoResult result : List.of(
                scheduler.submit(chain).await(), scheduler.execute(chain))) {
            assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class,
                    failed -> assertThat(failed.failures())
                            .extracting(IoResult.Failure::operationIndex)
                            .containsExactly(0, 1, 2));
        }
        assertThat(file.sizeBytes()).isZero();
    }

    @Test
    void a_chain_with_time_enough_is_complete() {
        for (long i = 0; i < 100; i++) {
            IoChain chain = IoChain.durableWrite(file, number(i), i * 8).within(AGES);
            assertThat(i % 2 == 0 ? scheduler.submit(chain).await() : scheduler.execute(chain))
                    .isEqualTo(new IoResult.Done(8));
        }
        assertThat(readNumber(99 * 8)).isEqualTo(99);
        assertThat(scheduler.statistics().chains().timedOut()).isZero();
    }

    @Test
    void a_cancelled_write_has_happened_or_it_has_not() {
        Random random = Seed.random("a_cancelled_write_has_happened_or_it_has_not");
        int count = 5_000;
        AtomicInteger called = new AtomicInteger();
        List<IoTicket> tickets = new ArrayList<>();
        file.resize(count * 8L);
        for (int i = 0; i < count; i++) {
            IoChain chain = IoChain.of(new Write(file, number(i + 1), i * 8L));
            tickets.add(scheduler.submit(random.nextInt(3) > 0 ? chain
                    : chain.within(Duration.ofNanos(1 + random.nextInt(2_000_000))),
                    _ -> called.incrementAndGet()));
            if (random.nextBoolean()) {
                tickets.get(random.nextInt(tickets.size())).cancel();
            }
        }
        tickets.forEach(IoTicket::await);
        MemorySegment content =
                file.map(IoFile.Mapping.READ_ONLY, 0, file.sizeBytes(), Arena.ofAuto());
        int given = 0;
        for (int i = 0; i < count; i++) {
            boolean done = tickets.get(i).await().equals(new IoResult.Done(8));
            given += done ? 0 : 1;
            assertThat(tickets.get(i).await().transferredBytes()).isEqualTo(done ? 8 : 0);
            assertThat(content.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(done ? i + 1 : 0);
        }
        scheduler.close();
        assertThat(called).hasValue(count);
        IoStatistics.Chains chains = scheduler.statistics().chains();
        assertThat(chains.completed()).isEqualTo(count);
        assertThat(chains.failed()).isEqualTo(given);
        assertThat(chains.cancelled() + chains.timedOut()).isEqualTo(given);
    }

    @Test
    void what_is_given_up_while_the_scheduler_closes_completes_exactly_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            AtomicInteger called = new AtomicInteger();
            IoScheduler closing = newScheduler(1 << 20);
            List<IoTicket> tickets = IntStream.range(0, 200).mapToObj(i -> closing.submit(
                    IoChain.of(new Write(file, number(i), 0), new Fdatasync(file))
                            .within(i % 3 == 0 ? Duration.ofNanos(i * 10_000L + 1) : AGES),
                    _ -> called.incrementAndGet())).toList();
            Thread canceller = Thread.ofPlatform().start(() -> tickets.reversed().forEach(
                    IoTicket::cancel));
            closing.close();
            assertThat(called).hasValue(200);
            assertThat(tickets).allMatch(IoTicket::isComplete);
            canceller.join();
            assertThat(closing.statistics().depth().now()).isZero();
        }
    }
}
