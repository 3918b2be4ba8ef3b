package io.duramen.wal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosedLoopTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final AtomicInteger done = new AtomicInteger();

    @Test
    void it_ends_when_all_that_may_be_done_is_done_and_counts_the_measured_ones()
            throws InterruptedException {
        Measurement measurement = new ClosedLoop(1, 100, LONG, LONG)
                .run(done::incrementAndGet, 7);
        assertThat(measurement.operations()).isPositive().isLessThan(done.get());
        assertThat(measurement.bytes()).isEqualTo(7 * measurement.operations());
        assertThat(measurement.latency().count()).isEqualTo(measurement.operations());
        assertThat(measurement.elapsedNanos())
                .isGreaterThanOrEqualTo(measurement.latency().maxNanos());
    }

    /// The first operation, in the warm-up, takes longer than all the time there is.
    @Test
    void a_caller_that_is_slower_than_the_time_given_is_measured_once_to_the_end()
            throws InterruptedException {
        long pauseNanos = TimeUnit.MILLISECONDS.toNanos(50);
        Measurement measurement = new ClosedLoop(1, Long.MAX_VALUE, Duration.ofNanos(1),
                Duration.ofNanos(1)).run(() -> pause(pauseNanos), 1);
        assertThat(measurement.operations()).isPositive();
        assertThat(measurement.latency().maxNanos()).isGreaterThanOrEqualTo(pauseNanos);
        assertThat(measurement.elapsedNanos())
                .isGreaterThanOrEqualTo(measurement.latency().maxNanos());
    }

    private static void pause(long nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            LockSupport.parkNanos(nanos);
        }
    }

    /// None gets past the barrier unless all are in the operation together.
    @Test
    void all_callers_are_at_work_at_the_same_time() throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(8);
        AtomicBoolean met = new AtomicBoolean();
        Measurement measurement = new ClosedLoop(8, 8 * 4, LONG, LONG).run(() -> {
            if (!met.get()) {
                meet(together);
                met.set(true);
            }
            done.incrementAndGet();
        }, 1);
        assertThat(met).isTrue();
        assertThat(measurement.operations()).isPositive().isLessThan(done.get());
    }

    private static void meet(CyclicBarrier together) {
        try {
            together.await();
        } catch (Exception broken) {
            throw new AssertionError(broken);
        }
    }

    /// One caller waits for what the other alone can only do with more than half of the operations.
    @Test
    void a_caller_that_gets_more_done_than_others_does_not_end_it_early()
            throws InterruptedException {
        CountDownLatch most = new CountDownLatch(300);
        new ClosedLoop(2, 400, LONG, LONG).run(() -> {
            if (Thread.currentThread().getName().endsWith("-0")) {
                meet(most);
            } else {
                most.countDown();
            }
        }, 1);
        assertThat(most.getCount()).isZero();
    }

    private static void meet(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @Test
    void the_first_failure_ends_all_and_is_thrown() {
        IllegalStateException failure = new IllegalStateException("the fifth");
        assertThatThrownBy(() -> new ClosedLoop(4, Long.MAX_VALUE, LONG, LONG).run(() -> {
            if (done.incrementAndGet() == 5) {
                throw failure;
            }
        }, 1)).isSameAs(failure);
    }

    @Test
    void an_interrupt_ends_the_callers_first() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        AtomicBoolean inside = new AtomicBoolean();
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean stillInside = new AtomicBoolean(true);
        Thread measuring = new Thread(() -> {
            try {
                new ClosedLoop(1, Long.MAX_VALUE, LONG, LONG).run(() -> {
                    inside.set(true);
                    began.countDown();
                    LockSupport.parkNanos(1000);
                    inside.set(false);
                }, 1);
            } catch (InterruptedException _) {
                interrupted.set(true);
                stillInside.set(inside.get());
            }
        });
        measuring.start();
        began.await();
        measuring.interrupt();
        measuring.join();
        assertThat(interrupted).isTrue();
        assertThat(stillInside).isFalse();
    }
}
