package io.duramen.wal.killed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed takes nothing with it that it acknowledged.
///
/// `-Dwal.kill.cycles` and `-Dwal.kill.seed` make it longer, or another one.
class KilledCoreTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final int CYCLES = Integer.getInteger("wal.kill.cycles", 12);
    /// A log that is killed more often grows too long to be read after each.
    private static final int CYCLES_A_LOG = 50;
    private static final long SEED = Long.getLong("wal.kill.seed", System.nanoTime());

    @TempDir
    Path base;

    private WriterOptions options(LogId log, IoDriver driver, Random random) {
        return new WriterOptions(base, log, driver,
                IoMode.values()[random.nextInt(IoMode.values().length)],
                random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN,
                1 + random.nextInt(8), random.nextLong());
    }

    @Test
    void what_was_acknowledged_survives_any_number_of_kills() throws Exception {
        System.out.println("-Dwal.kill.seed=" + SEED);
        List<IoDriver> drivers = IoDriver.AUTO.choose().driver() == IoDriver.IO_URING
                ? List.of(IoDriver.POSIX, IoDriver.IO_URING) : List.of(IoDriver.POSIX);
        Random random = new Random(SEED);
        Map<String, Integer> kills = new TreeMap<>();
        KillLoop loop = new KillLoop(random);
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            IoDriver driver = drivers.get(cycle % drivers.size());
            LogId log = LogId.of("log-" + cycle / CYCLES_A_LOG);
            loop = cycle % CYCLES_A_LOG == 0 ? new KillLoop(random) : loop;
            WriterOptions options = options(log, driver, random);
            loop.killOnce(CoreWriter.class, options);
            kills.merge(options.ioMode() + " by " + driver, 1, Integer::sum);
        }
        System.out.println("killed " + kills);
    }

    @Test
    void a_log_open_in_another_process_is_refused_until_that_ends() throws Exception {
        WriterOptions options = options(ORDERS, IoDriver.POSIX, new Random(SEED));
        KilledProcess writer = KilledProcess.start(CoreWriter.class, options);
        try {
            assertThat(List.of(writer.line(), writer.line())).containsExactly("opening", "open 0");
            assertThatThrownBy(() -> DiskLog.open(base, ORDERS, options.settings()))
                    .isInstanceOfSatisfying(WalException.Locked.class,
                            locked -> assertThat(locked.holderPid()).isEqualTo(writer.pid()))
                    .hasMessageContaining("in process " + writer.pid());
        } finally {
            writer.kill();
            writer.awaitEnd();
        }
        DiskLog.open(base, ORDERS, options.settings()).close();
    }
}
