package io.duramen.wal.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BufferPoolTest {
    private static final BufferPoolSettings ONE_SLOT =
            BufferPoolSettings.defaults().withName("p").withSlotBytes(4096).withSlots(1);

    private static final SlabState TWO_SLOTS = new SlabState(2 * 4096, 0, 0);

    private final BufferPool pool = BufferPool.create(ONE_SLOT);

    @Test
    void settings_are_checked() {
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_SLOT.withSlotBytes(4097));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_SLOT.withSlotBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_SLOT.withSlots(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_SLOT.withName(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> ONE_SLOT.withUnpooledBytesMax(-1));
    }

    @Test
    void try_acquire_gives_nothing_when_all_slots_are_out() throws InterruptedException {
        BufferLease lease = pool.acquire();
        assertThat(pool.tryAcquire()).isEmpty();
        lease.close();
        assertThat(pool.tryAcquire()).isPresent();
    }

    @Test
    void acquire_waits_for_a_slot_to_come_back() throws Exception {
        BufferLease lease = pool.acquire();
        FutureTask<BufferLease> waiting = start(pool::acquire);
        awaitWaits(1);
        assertThat(waiting.isDone()).isFalse();
        lease.close();
        assertThat(waiting.get(10, SECONDS).memory().byteSize()).isEqualTo(4096);
    }

    @Test
    void waiters_of_all_kinds_are_served_in_order_of_arrival() throws Exception {
        BufferLease lease = pool.acquire();
        FutureTask<BufferLease> blocking = start(pool::acquire);
        awaitWaits(1);
        CompletableFuture<BufferLease> async = pool.acquireAsync().toCompletableFuture();
        FutureTask<BufferLease> timed = start(() -> pool.acquire(Duration.ofDays(1)).orElseThrow());
        awaitWaits(3);
        lease.close();
        BufferLease first = blocking.get(10, SECONDS);
        assertThat(async).isNotDone();
        first.close();
        assertThat(async).isCompleted();
        assertThat(timed.isDone()).isFalse();
        async.join().close();
        assertThat(timed.get(10, SECONDS).isPooled()).isTrue();
    }

    @Test
    void a_new_request_never_overtakes_a_waiter() throws InterruptedException {
        BufferLease lease = pool.acquire();
        CompletableFuture<BufferLease> waiter = pool.acquireAsync().toCompletableFuture();
        CompletableFuture<Boolean> overtook = waiter.thenApply(_ -> pool.tryAcquire().isPresent());
        lease.close();
        assertThat(overtook).isCompletedWithValue(false);
    }

    @Test
    void a_timed_wait_ends_empty_and_leaves_the_queue() throws InterruptedException {
        BufferLease lease = pool.acquire();
        assertThat(pool.acquire(Duration.ofMillis(1))).isEmpty();
        assertThat(pool.acquire(Duration.ZERO)).isEmpty();
        lease.close();
        assertThat(pool.statistics().leased()).isZero();
        assertThat(pool.acquire(Duration.ZERO)).isPresent();
    }

    @Test
    void an_interrupted_waiter_leaves_the_queue() throws Exception {
        BufferLease lease = pool.acquire();
        FutureTask<BufferLease> waiting = new FutureTask<>(pool::acquire);
        Thread thread = Thread.ofPlatform().start(waiting);
        awaitWaits(1);
        thread.interrupt();
        assertThatThrownBy(() -> waiting.get(10, SECONDS)).isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedException.class);
        lease.close();
        assertThat(pool.statistics().leased()).isZero();
    }

    @Test
    void a_waiter_that_was_cancelled_or_completed_by_its_owner_is_passed_over()
            throws InterruptedException {
        BufferLease lease = pool.acquire();
        CompletableFuture<BufferLease> cancelled = pool.acquireAsync().toCompletableFuture();
        CompletableFuture<BufferLease> completed = pool.acquireAsync().toCompletableFuture();
        CompletableFuture<BufferLease> next = pool.acquireAsync().toCompletableFuture();
        cancelled.cancel(true);
        completed.complete(null);
        lease.close();
        assertThat(next).isCompleted();
        next.join().close();
        assertThat(pool.statistics().leased()).isZero();
        assertThat(pool.statistics().acquires()).isEqualTo(2);
    }

    @Test
    void slots_given_back_inside_a_callback_do_not_pile_up_on_the_stack()
            throws InterruptedException {
        BufferLease lease = pool.acquire();
        List<CompletableFuture<Void>> served = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            served.add(pool.acquireAsync().thenAccept(BufferLease::close).toCompletableFuture());
        }
        lease.close();
        assertThat(served)
                .allMatch(future -> future.isDone() && !future.isCompletedExceptionally());
        assertThat(pool.statistics().leased()).isZero();
    }

    @Test
    void closing_refuses_new_requests_and_fails_the_waiting_ones() throws Exception {
        pool.acquire();
        CompletableFuture<BufferLease> async = pool.acquireAsync().toCompletableFuture();
        FutureTask<BufferLease> blocking = start(pool::acquire);
        awaitWaits(2);
        pool.close();
        pool.close();
        assertThatThrownBy(async::join).hasCauseInstanceOf(WalException.Closed.class);
        assertThatThrownBy(() -> blocking.get(10, SECONDS))
                .hasCauseInstanceOf(WalException.Closed.class);
        assertThatThrownBy(pool::tryAcquire).isInstanceOf(WalException.Closed.class)
                .hasMessageContaining("'p'");
        assertThatThrownBy(pool::acquire).isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(pool::acquireAsync).isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(() -> pool.acquire(Duration.ZERO))
                .isInstanceOf(WalException.Closed.class);
    }

    @Test
    void memory_is_freed_when_the_last_lease_comes_back_after_close() throws InterruptedException {
        BufferLease lease = pool.acquire();
        pool.close();
        lease.memory().fill((byte) 9);
        assertThat(pool.slab().scope().isAlive()).isTrue();
        lease.close();
        assertThat(pool.slab().scope().isAlive()).isFalse();
        lease.close();
        assertThat(pool.statistics().misuse()).isEqualTo(1);
    }

    @Test
    void memory_of_an_idle_pool_is_freed_by_close() {
        pool.close();
        assertThat(pool.slab().scope().isAlive()).isFalse();
    }

    @Test
    void a_damaged_slot_is_reported_once_and_then_lent_again()
            throws InterruptedException {
        try (BufferPool strict = BufferPool.create(ONE_SLOT.withStrict(true))) {
            BufferLease lease = strict.acquire();
            MemorySegment kept = lease.memory();
            lease.close();
            kept.set(ValueLayout.JAVA_BYTE, 100, (byte) 1);
            assertThatThrownBy(strict::acquireAsync)
                    .isInstanceOf(WalException.BufferMisuse.class);
            assertThat(strict.acquireAsync().toCompletableFuture()).isCompleted();
        }
    }

    @Test
    void statistics_tell_what_happened() throws InterruptedException {
        BufferPool two = BufferPool.create(ONE_SLOT.withSlots(2));
        BufferLease first = two.acquire();
        BufferLease second = two.acquire();
        CompletableFuture<BufferLease> third = two.acquireAsync().toCompletableFuture();
        first.close();
        second.close();
        BufferLease oneOff = two.unpooled(1);
        assertThat(two.statistics())
                .isEqualTo(new PoolStatistics("p", 4096, 2, 1, 2, 3, 1, 1, 4096, 0, 0, TWO_SLOTS));
        third.join().close();
        oneOff.close();
        assertThat(two.statistics())
                .isEqualTo(new PoolStatistics("p", 4096, 2, 0, 2, 3, 1, 0, 0, 0, 0, TWO_SLOTS));
    }

    private static <T> FutureTask<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().start(task);
        return task;
    }

    private void awaitWaits(long waits) {
        while (pool.statistics().waits() < waits) {
            Thread.onSpinWait();
        }
    }
}
