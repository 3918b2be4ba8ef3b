package io.duramen.wal.streams;

import io.duramen.wal.killed.KillLoop;
import io.duramen.wal.killed.WriterOptions;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that appends through actors or streams, or truncates, takes nothing with it that it
/// acknowledged when it is killed, and leaves no truncation done in part.
///
/// `-Dwal.kill.cycles` and `-Dwal.kill.seed` make it longer, or another one.
class KilledStreamsTest {
    private static final int CYCLES = Integer.getInteger("wal.kill.cycles", 8);
    /// A log that is killed more often grows too long to be read after each.
    private static final int CYCLES_A_LOG = 8;
    private static final long SEED = Long.getLong("wal.kill.seed", System.nanoTime());
    private static final List<Class<?>> WRITERS = List.of(ActorWriter.class, StreamWriter.class);

    @TempDir
    Path base;

    private static List<IoDriver> drivers() {
        return IoDriver.AUTO.choose().driver() == IoDriver.IO_URING
                ? List.of(IoDriver.POSIX, IoDriver.IO_URING) : List.of(IoDriver.POSIX);
    }

    @Test
    void what_was_acknowledged_survives_any_number_of_kills() throws Exception {
        System.out.println("-Dwal.kill.seed=" + SEED);
        List<IoDriver> drivers = drivers();
        Random random = new Random(SEED);
        TreeMap<String, Integer> kills = new TreeMap<>();
        KillLoop loop = new KillLoop(random);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            Class<?> writer = WRITERS.get(cycle % 2);
            IoDriver driver = drivers.get(cycle / 2 % drivers.size());
            loop = cycle % CYCLES_A_LOG == 0 ? new KillLoop(random) : loop;
            loop.killOnce(writer, new WriterOptions(base, LogId.of("log-" + cycle / CYCLES_A_LOG),
                    driver, IoMode.values()[random.nextInt(IoMode.values().length)],
                    random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN,
                    1 + random.nextInt(4), random.nextLong()));
            kills.merge(writer.getSimpleName() + " on " + driver, 1, Integer::sum);
        }
        System.out.println("killed " + kills);
    }

    @Test
    void a_truncation_through_actors_is_done_or_not_whenever_its_process_is_killed()
            throws Exception {
        System.out.println("-Dwal.kill.seed=" + SEED);
        List<IoDriver> drivers = drivers();
        Random random = new Random(SEED);
        TreeMap<String, Integer> kills = new TreeMap<>();
        KillLoop loop = new KillLoop(random);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            WriterOptions options = new WriterOptions(base, LogId.of("truncated"),
                    drivers.get(cycle % drivers.size()),
                    IoMode.values()[random.nextInt(IoMode.values().length)],
                    random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN, 1,
                    random.nextLong());
            kills.merge(loop.killTruncating(TruncatingWriter.class, options), 1, Integer::sum);
        }
        System.out.println("killed " + kills);
    }
}
