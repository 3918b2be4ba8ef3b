package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.ManualTimer;
import io.duramen.wal.Seed;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// One short life with a trim and a file that is used again, ended at every step of it; and the
/// recovery after it ended at every step as well.
class TrimCrashTest {
    private static final Path BASE = Path.of("/sim");
    private static final LogId ID = LogId.of("orders");
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(2)
            .withStandby(new StandbySettings(1 << 20, 1)).withAdmissionTimeout(Duration.ZERO);
    private static final BufferPool POOL = BufferPool.create(
            new BufferPoolSettings("sim", 16 << 10, 4, true, 1 << 20));
    private static final ManualTimer TIMER = new ManualTimer();

    private final Random random = Seed.random("TrimCrashTest");

    @AfterAll
    static void close() {
        TIMER.shutdownNow();
        POOL.close();
    }

    @Test
    void a_trim_that_ends_anywhere_loses_nothing_and_brings_nothing_back() {
        boolean ended = true;
        int steps = 0;
        while (ended) {
            steps++;
            for (boolean powerFails : new boolean[] {false, true}) {
                ended = liveUntil(steps, powerFails);
            }
        }
        assertThat(steps).as("steps of a life").isGreaterThan(50);
    }

    /// @return false where the life ended by itself, before so many steps
    private boolean liveUntil(int steps, boolean powerFails) {
        boolean ended = true;
        boolean recoveryEnded = true;
        for (int recoverySteps = 1; ended && recoveryEnded; recoverySteps++) {
            try (Arena memory = Arena.ofConfined()) {
                LogOracle oracle = new LogOracle();
                SimDisk disk = new SimDisk(memory, new SimFaults());
                disk.createDirectory(BASE);
                ended = ends(disk, steps, log -> live(log, oracle));
                disk = next(disk, powerFails);
                recoveryEnded = ends(disk, recoverySteps, _ -> {});
                disk = next(disk, true);
                try (DiskLog log = open(disk)) {
                    oracle.check(log, false, Long.MAX_VALUE);
                    assertThat(log.append(payload(oracle))).isEqualTo(log.nextId() - 1);
                }
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("life of " + steps + " steps, recovery of "
                        + recoverySteps + ", power fails: " + powerFails, broken);
            }
        }
        return ended;
    }

    private interface Work {
        void with(DiskLog log);
    }

    private boolean ends(SimDisk disk, int steps, Work work) {
        disk.faults().failPowerAt(steps);
        try (DiskLog log = open(disk)) {
            work.with(log);
            return false;
        } catch (RuntimeException | Error ended) {
            if (!disk.faults().isOff()) {
                throw ended;
            }
            return true;
        } finally {
            TIMER.forget();
        }
    }

    private SimDisk next(SimDisk disk, boolean powerFails) {
        disk.faults().turnOff();
        return powerFails ? disk.afterPowerFailure(random, new SimFaults())
                : disk.afterProcessEnd(new SimFaults());
    }

    private void live(DiskLog log, LogOracle oracle) {
        append(log, oracle, 5);
        oracle.trimming(4);
        oracle.trimmed(log.trimBefore(4).firstId());
        append(log, oracle, 5);
        oracle.trimming(8);
        oracle.trimmed(log.trimBefore(8).firstId());
        append(log, oracle, 2);
    }

    private static void append(DiskLog log, LogOracle oracle, int count) {
        for (int i = 0; i < count; i++) {
            String payload = oracle.nextPayload(30);
            oracle.acknowledgedSynced(log.append(payload.getBytes(US_ASCII)), payload);
        }
    }

    private static byte[] payload(LogOracle oracle) {
        return oracle.nextPayload(30).getBytes(US_ASCII);
    }

    private DiskLog open(SimDisk disk) {
        return DiskLog.open(BASE, ID, SETTINGS, new LogEnvironment(disk, new SimScheduler(), POOL,
                Clock.systemUTC(), random::nextLong, Runnable::run, TIMER));
    }
}
