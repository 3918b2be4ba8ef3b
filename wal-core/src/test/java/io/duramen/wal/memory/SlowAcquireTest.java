package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.RecordedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlowAcquireTest {
    private static final BufferPoolSettings ONE_SLOT = BufferPoolSettings.defaults()
            .withName("p").withSlotBytes(4096).withSlots(1)
            .withWatch(new WatchSettings(0, Duration.ofMillis(100)));

    private final RecordedLog log = RecordedLog.of(SlowAcquireWatch.class);
    private final List<Runnable> due = new ArrayList<>();
    private final List<Long> delays = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5; // a clock that overflows
    private final BufferPool pool = BufferPool.create(ONE_SLOT, () -> now, (task, delayNanos) -> {
        due.add(task);
        delays.add(delayNanos);
    });

    @AfterEach
    void stopRecording() {
        log.close();
    }

    /// Lets time pass to where the scheduled look is due, and looks.
    private void passToNextLook() {
        assertThat(due).hasSize(1);
        now += delays.removeFirst();
        due.removeFirst().run();
    }

    @Test
    void a_wait_that_is_too_long_is_told_while_it_lasts() throws InterruptedException {
        pool.acquire();
        CompletableFuture<BufferLease> waiting = pool.acquireAsync().toCompletableFuture();
        passToNextLook();
        assertThat(waiting).isNotDone();
        assertThat(log.messages()).singleElement().asString().contains("since 100 ms")
                .contains("buffer pool 'p' has lent 1 of its 1 slots");
    }

    @Test
    void a_wait_that_ended_in_time_is_not_told_and_nothing_goes_on_looking()
            throws InterruptedException {
        BufferLease lease = pool.acquire();
        CompletableFuture<BufferLease> waiting = pool.acquireAsync().toCompletableFuture();
        lease.close();
        passToNextLook();
        assertThat(waiting).isDone();
        assertThat(log.messages()).isEmpty();
        assertThat(due).isEmpty();
    }

    @Test
    void the_time_of_a_wait_counts_from_its_own_start() throws InterruptedException {
        BufferLease lease = pool.acquire();
        CompletableFuture<BufferLease> first = pool.acquireAsync().toCompletableFuture();
        now += TimeUnit.MILLISECONDS.toNanos(60);
        pool.acquireAsync();
        assertThat(due).hasSize(1);
        now -= TimeUnit.MILLISECONDS.toNanos(60);
        lease.close();
        assertThat(first).isDone();
        passToNextLook(); // 40 ms after the second began
        assertThat(log.messages()).isEmpty();
        passToNextLook();
        assertThat(log.messages()).singleElement().asString().contains("since 100 ms");
    }

    @Test
    void warnings_are_ten_seconds_apart() throws InterruptedException {
        pool.acquire();
        pool.acquireAsync();
        for (int warnings = 1; warnings <= 3; warnings++) {
            long before = now;
            passToNextLook();
            assertThat(log.messages()).hasSize(warnings);
            assertThat(now - before).isEqualTo(warnings == 1
                    ? TimeUnit.MILLISECONDS.toNanos(100) : SlowAcquireWatch.PAUSE_NANOS);
        }
        pool.close();
        passToNextLook();
        assertThat(due).isEmpty();
    }

    @Test
    void a_pool_that_is_not_asked_to_watch_schedules_nothing() throws InterruptedException {
        BufferPool silent = BufferPool.create(
                ONE_SLOT.withWatch(new WatchSettings(0, Duration.ZERO)), () -> now,
                (task, _) -> due.add(task));
        silent.acquire();
        silent.acquireAsync();
        assertThat(due).isEmpty();
    }

    @Test
    void the_time_of_the_system_does_it_too() throws InterruptedException {
        BufferPool real = BufferPool.create(
                ONE_SLOT.withWatch(new WatchSettings(0, Duration.ofMillis(1))));
        real.acquire();
        real.acquireAsync();
        while (log.messages().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(log.messages().getFirst()).contains("buffer pool 'p'");
    }
}
