package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.duramen.wal.RecordedLog;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeakDetectorTest {
    private final RecordedLog log = RecordedLog.of(LeakDetector.class);

    @AfterEach
    void stopRecording() {
        log.close();
    }

    private static BufferPool pool(int leakSampleEvery, int slots) {
        return BufferPool.create(BufferPoolSettings.defaults().withName("p").withSlotBytes(4096)
                .withSlots(slots).withWatch(new WatchSettings(leakSampleEvery, Duration.ZERO)));
    }

    private static void leakOne(BufferPool pool) throws InterruptedException {
        pool.acquire();
    }

    private static void awaitLeaks(BufferPool pool, long leaks) {
        while (pool.statistics().leaks() < leaks) {
            System.gc();
        }
    }

    private List<String> methodsAtSite() {
        return Arrays.stream(log.causes().getFirst().getStackTrace())
                .map(StackTraceElement::getMethodName).toList();
    }

    @Test
    void a_lost_lease_is_told_with_the_place_that_asked_for_it() throws InterruptedException {
        BufferPool pool = pool(1, 2);
        leakOne(pool);
        awaitLeaks(pool, 1);
        assertThat(log.messages()).singleElement().asString()
                .contains("slot 0 of buffer pool 'p' was never given back");
        assertThat(methodsAtSite()).contains("leakOne",
                "a_lost_lease_is_told_with_the_place_that_asked_for_it");
        assertThat(pool.statistics().leased()).isEqualTo(1); // its memory may still be in use
    }

    @Test
    void a_lease_that_waited_is_told_with_the_place_that_asked_not_the_one_that_gave()
            throws InterruptedException {
        BufferPool pool = pool(1, 1);
        BufferLease first = pool.acquire();
        waitAndLose(pool);
        first.close();
        awaitLeaks(pool, 1);
        assertThat(methodsAtSite()).contains("waitAndLose");
    }

    private static void waitAndLose(BufferPool pool) {
        pool.acquireAsync();
    }

    @Test
    void a_lost_one_off_buffer_is_told() {
        BufferPool pool = pool(1, 1);
        pool.unpooled(1);
        awaitLeaks(pool, 1);
        assertThat(log.messages().getFirst()).contains("one-off buffer of buffer pool 'p'");
    }

    @Test
    void what_was_given_back_is_no_leak() throws InterruptedException {
        BufferPool pool = pool(1, 2);
        pool.acquire().close();
        BufferLease lease = pool.acquire();
        pool.acquireAsync().toCompletableFuture().join().close();
        lease.close();
        leakOne(pool);
        awaitLeaks(pool, 1); // and no other was found by then
        System.gc();
        assertThat(pool.statistics().leaks()).isEqualTo(1);
        assertThat(log.messages()).hasSize(1);
    }

    @Test
    void one_in_so_many_is_observed() throws InterruptedException {
        BufferPool pool = pool(3, 9);
        for (int i = 0; i < 9; i++) {
            leakOne(pool);
        }
        awaitLeaks(pool, 3);
        System.gc();
        assertThat(pool.statistics().leaks()).isEqualTo(3);
    }

    @Test
    void settings_are_checked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WatchSettings(-1, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WatchSettings(0, Duration.ofMillis(-1)));
    }
}
