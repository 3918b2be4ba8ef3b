package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the I/O modes have in common, beyond what each suite that runs with all of them shows.
class IoModesTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final long SEED = 77;
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(64 << 10);

    @TempDir
    Path base;

    /// Bytes that tell which entry they are of.
    private static byte[] payload(long id, Random random) {
        byte[] bytes =
                new byte[random.nextInt(8) == 0 ? random.nextInt(9000) : random.nextInt(300)];
        new Random(id).nextBytes(bytes);
        return bytes;
    }

    private static void assertIsEntry(Entry entry, long id) {
        assertThat(entry.id()).isEqualTo(id);
        byte[] bytes = entry.toByteArray();
        byte[] expected = new byte[bytes.length];
        new Random(id).nextBytes(expected);
        assertThat(bytes).isEqualTo(expected);
    }

    private static void assertHolds(ReadableLog log, List<Integer> sizes) {
        long id = 0;
        try (LogReader reader = log.read(ReadRange.from(0))) {
            for (Entry entry : reader) {
                assertIsEntry(entry, id);
                assertThat(entry.toByteArray()).hasSize(sizes.get((int) id));
                id++;
            }
        }
        assertThat(id).isEqualTo(sizes.size());
    }

    @Test
    void a_log_may_be_opened_with_another_mode_each_time() {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        List<Integer> sizes = new ArrayList<>();
        try (LogEnvironment environment = LogEnvironment.open(1, 4)) {
            for (int life = 0; life < 30; life++) {
                IoMode mode = IoMode.values()[random.nextInt(IoMode.values().length)];
                try (DiskLog log =
                        DiskLog.open(base, ORDERS, SMALL.withIoMode(mode), environment)) {
                    assertThat(log.info().ioMode()).isEqualTo(mode.toString());
                    assertHolds(log, sizes);
                    for (int i = random.nextInt(20); i > 0; i--) {
                        byte[] payload = payload(sizes.size(), random);
                        assertThat(log.append(payload)).isEqualTo(sizes.size());
                        sizes.add(payload.length);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.duramen.wal.log.IoChoice#all")
    void claims_of_every_size_are_put_wherever_a_group_starts(IoChoice io) {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        List<Integer> sizes = new ArrayList<>();
        try (LogEnvironment environment = io.environment();
                DiskLog log = io.open(base, ORDERS, SMALL, environment)) {
            for (long id = 0; id < 200; id++) {
                byte[] payload = payload(id, random);
                try (Claim claim = log.claim(payload.length + random.nextInt(5000))) {
                    MemorySegment.copy(payload, 0, claim.memory(), ValueLayout.JAVA_BYTE, 0,
                            payload.length);
                    assertThat(claim.commit(payload.length)).isEqualTo(id);
                }
                sizes.add(payload.length);
            }
            assertHolds(log, sizes);
        }
    }

    /// The page cache keeps what readers have mapped while the writer goes past it, rewrites its
    /// last block, or stores into the same pages.
    @ParameterizedTest
    @MethodSource("io.duramen.wal.log.IoChoice#all")
    void readers_that_follow_the_writer_closely_never_see_a_stale_byte(IoChoice io)
            throws Exception {
        System.out.println("seed " + SEED);
        int entries = 2000;
        Random random = new Random(SEED);
        try (LogEnvironment environment = io.environment();
                DiskLog log = io.open(base, ORDERS, SMALL.withDurability(Durability.WRITTEN),
                        environment);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Long> own = threads.submit(follow(log, entries));
            log.append(payload(0, random));
            try (LogView view =
                    LogView.open(base, ORDERS, environment.disk(), environment.scheduler())) {
                Future<Long> other = threads.submit(() -> {
                    long next = 0;
                    while (next < entries) {
                        if (view.refresh() > next) {
                            next = readFrom(view, next);
                        }
                    }
                    return next;
                });
                for (long id = 1; id < entries; id++) {
                    log.append(payload(id, random));
                }
                log.sync();
                assertThat(own.get()).isEqualTo(entries);
                assertThat(other.get()).isEqualTo(entries);
            }
        }
    }

    private static Callable<Long> follow(DiskLog log, int entries) {
        return () -> {
            long next = 0;
            try (LogReader reader = log.read(ReadRange.from(0))) {
                while (next < entries && reader.awaitNext(Duration.ofSeconds(20))) {
                    assertIsEntry(reader.next(), next++);
                }
            }
            return next;
        };
    }

    private static long readFrom(ReadableLog log, long first) {
        long next = first;
        try (LogReader reader = log.read(ReadRange.from(first))) {
            for (Entry entry : reader) {
                assertIsEntry(entry, next++);
            }
        }
        return next;
    }
}
