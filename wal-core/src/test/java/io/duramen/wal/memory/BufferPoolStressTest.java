package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many holders, each with a pattern of its own: sharing a slot shows as a foreign byte.
@Timeout(120)
class BufferPoolStressTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 4_000;

    private final BufferPool pool =
            BufferPool.create(BufferPoolSettings.defaults().withName("stress")
                    .withSlotBytes(4096).withSlots(3).withStrict(true));

    @Test
    void no_two_holders_ever_share_a_slot_and_none_is_lost() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> holders = IntStream.range(0, THREADS)
                    .mapToObj(id -> executor.submit(() -> holdAndCheck(id + 1, seed + id)))
                    .toList();
            for (Future<Integer> holder : holders) {
                assertThat(holder.get()).as("seed %d", seed).isPositive();
            }
        }
        PoolStatistics statistics = pool.statistics();
        assertThat(statistics.leased()).as("seed %d", seed).isZero();
        assertThat(statistics.misuse()).isZero();
        assertThat(statistics.leasedPeak()).isLessThanOrEqualTo(3);
        pool.close();
        assertThat(pool.slab().scope().isAlive()).isFalse();
    }

    private int holdAndCheck(int pattern, long seed) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        int held = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Optional<BufferLease> lease = acquireSomehow(random);
            if (lease.isPresent()) {
                held++;
                use(lease.get(), pattern);
            }
        }
        return held;
    }

    private Optional<BufferLease> acquireSomehow(RandomGenerator random) throws Exception {
        return switch (random.nextInt(5)) {
            case 0 -> pool.tryAcquire();
            case 1 -> Optional.of(pool.acquire());
            case 2 -> pool.acquire(Duration.ofNanos(random.nextInt(50_000)));
            case 3 -> Optional.of(pool.acquireAsync().toCompletableFuture().get());
            default -> acquireOrCancel(random.nextInt(20_000));
        };
    }

    private Optional<BufferLease> acquireOrCancel(int nanos)
            throws InterruptedException, ExecutionException {
        CompletableFuture<BufferLease> future = pool.acquireAsync().toCompletableFuture();
        try {
            return Optional.of(future.get(nanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return future.cancel(true) ? Optional.empty() : Optional.of(future.join());
        }
    }

    private static void use(BufferLease lease, int pattern) {
        lease.memory().fill((byte) pattern);
        boolean untouched = MemoryPattern.isFilledWith(lease.memory(), pattern);
        lease.close();
        assertThat(untouched).as("only the holder writes to a slot").isTrue();
    }
}
