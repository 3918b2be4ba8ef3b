package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.WalException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many logs with random traffic, trims and closes, of which few are in use at any time. A soak of
/// many logs, which says every minute what it holds:
///
/// ```
/// mvn -pl wal-actors -am test -Dtest=ManyLogsTest -Dsurefire.failIfNoSpecifiedTests=false \
///     -Dsoak.logs=10000 -Dsoak.minutes=60
/// ```
class ManyLogsTest {
    private static final int LOGS = Integer.getInteger("soak.logs", 50);
    private static final int MINUTES = Integer.getInteger("soak.minutes", 0);
    private static final int SHORT_OPERATIONS = 3_000;
    private static final int UNDER_WAY_MAX = 64;

    @TempDir
    Path base;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Semaphore room = new Semaphore(UNDER_WAY_MAX);
    /// The id after the last one that was acknowledged, of each log.
    private final AtomicLongArray nextIds = new AtomicLongArray(LOGS);
    private final AtomicReferenceArray<WalLog> handles = new AtomicReferenceArray<>(LOGS);
    private final AtomicLong entries = new AtomicLong();
    private final AtomicReference<Throwable> unexpected = new AtomicReference<>();
    private ActorTestKit kit;

    @Test
    void many_logs_that_come_and_go_keep_what_they_acknowledged_within_bounds() throws Exception {
        System.out.println("ManyLogsTest: -Dseed=" + seed);
        kit = ActorTestKit.create("soak", ConfigFactory.parseString("""
                duramen.wal.base-path = "%s"
                duramen.wal.passivate-after = %s
                duramen.wal.fragment-idle-timeout = 1 s
                duramen.wal.log { fragment-size = 12 KiB, standby { pre-write-rate = off,
                  reuse-max = 0 } }
                """.formatted(base, MINUTES == 0 ? "50 ms" : "2 s"))
                .withFallback(ConfigFactory.load()));
        try {
            run();
            room.acquire(UNDER_WAY_MAX);
            assertThat(unexpected.get()).isNull();
            awaitRest();
            for (int i = 0; i < LOGS; i++) {
                assertThat(get(log(i).appendAll(LogWorld.payloads(1, 1))).firstId()).as("log %s", i)
                        .isGreaterThanOrEqualTo(nextIds.get(i));
            }
        } finally {
            kit.shutdownTestKit();
        }
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private WalLog log(int number) {
        WalLog log = Wal.get(kit.system()).log("log-" + number);
        handles.set(number, log);
        return log;
    }

    private void run() throws Exception {
        long minute = TimeUnit.MINUTES.toNanos(1);
        long begun = System.nanoTime();
        long reported = begun;
        for (long i = 0; MINUTES == 0 ? i < SHORT_OPERATIONS
                : System.nanoTime() - begun < MINUTES * minute; i++) {
            room.acquire();
            ask(random.nextInt(LOGS)).whenComplete((_, failure) -> {
                room.release();
                expect(failure);
            });
            if (System.nanoTime() - reported >= minute) {
                reported += minute;
                report();
            }
        }
        report();
    }

    private CompletionStage<?> ask(int number) {
        WalLog log = log(number);
        return switch (random.nextInt(20)) {
            case 0 -> Wal.get(kit.system()).close(log);
            case 1, 2 -> log.trimBefore(random.nextLong(nextIds.get(number) + 1));
            case 3, 4 -> log.info();
            case 5 -> log.sync();
            default -> append(log, number);
        };
    }

    private CompletionStage<?> append(WalLog log, int number) {
        int count = 1 + random.nextInt(20);
        return log.appendAll(LogWorld.payloads(count, random.nextInt(200)))
                .thenAccept(appended -> {
                    entries.addAndGet(count);
                    nextIds.accumulateAndGet(number, appended.lastId() + 1, Math::max);
                });
    }

    /// A log may be closed, or be closing, as it is asked.
    private void expect(Throwable failure) {
        Throwable cause = failure == null ? null : Causes.of(failure);
        if (cause != null && !(cause instanceof WalException.Closed)
                && !(cause instanceof WalException.Locked)
                && !(cause instanceof WalException.Overloaded)
                && !(cause instanceof WalException.OutcomeUnknown unknown
                        && unknown.getCause() instanceof WalException.Closed)) {
            unexpected.compareAndSet(null, cause);
        }
    }

    private void awaitRest() {
        kit.createTestProbe().awaitAssert(java.time.Duration.ofSeconds(60),
                java.time.Duration.ofMillis(50), () -> {
                    assertThat(openFiles()).isZero();
                    return null;
                });
    }

    private void report() throws IOException {
        System.gc();
        long heapBytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        List<String> resident = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS")).toList();
        long open = IntStream.range(0, LOGS).mapToObj(handles::get)
                .filter(log -> log != null && isOpen(log)).count();
        System.out.printf("entries %d, logs open %d, heap %d MiB, resident %s, descriptors %d%n",
                entries.get(), open, heapBytes >> 20,
                resident.isEmpty() ? "?" : resident.getFirst().replaceAll("\\D+", "") + " KiB",
                descriptors().size());
    }

    private static boolean isOpen(WalLog log) {
        return log.phase() instanceof LogPhase.Running || log.phase() instanceof LogPhase.Rotating;
    }

    private static List<Path> descriptors() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.toList();
        }
    }

    private long openFiles() throws IOException {
        return descriptors().stream().filter(link -> {
            try {
                return Files.readSymbolicLink(link).startsWith(base);
            } catch (IOException _) {
                return false; // closed meanwhile
            }
        }).count();
    }
}
