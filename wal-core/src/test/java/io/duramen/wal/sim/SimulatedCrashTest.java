package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.ManualTimer;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random lives of a log on a disk that loses power at any step, during recovery too, again and
/// again; an oracle checks after each what is left.
///
/// `-Dwal.sim.lives=N` runs more of them, `-Dwal.sim.seed=S` repeats one run.
class SimulatedCrashTest {
    private static final Path BASE = Path.of("/sim");
    private static final LogId ID = LogId.of("orders");
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(16 << 10).withFragmentEntriesMax(60)
            .withUnsyncedBytesMax(4 << 10).withUnsyncedDelayMax(Duration.ofDays(1))
            .withAdmissionTimeout(Duration.ZERO);
    private static final long RETAINED = 40;
    private static final int GENERATIONS = 6;
    private static final int STEPS_MAX = 120;
    private static final int LIVES = Integer.getInteger("wal.sim.lives", 500);

    private static final BufferPool POOL = BufferPool.create(
            new BufferPoolSettings("sim", 16 << 10, 4, true, 1 << 20));

    @Test
    void no_promise_is_broken_wherever_the_power_fails() {
        long first = Long.getLong("wal.sim.seed", System.nanoTime());
        int lives = System.getProperty("wal.sim.seed") == null ? LIVES : 1;
        for (long seed = first; seed < first + lives; seed++) {
            try {
                try (Arena memory = Arena.ofConfined(); Life life = new Life(seed, memory)) {
                    life.live();
                }
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("with -Dwal.sim.seed=" + seed, broken);
            }
        }
    }

    private static final class Life implements AutoCloseable {
        private final Random random;
        private final LogOracle oracle = new LogOracle();
        private final DeferringExecutor background = new DeferringExecutor();
        private final LogSettings settings;
        private SimDisk disk;
        private boolean writtenCounts = true;

        /// What is only written stays so until someone asks for more, which takes a day.
        private final ManualTimer timer = new ManualTimer();

        Life(long seed, Arena memory) {
            this.random = new Random(seed);
            this.settings = anySettings();
            this.disk = new SimDisk(memory, new SimFaults());
            disk.createDirectory(BASE);
        }

        private LogSettings anySettings() {
            boolean trimsItself = random.nextInt(4) == 0;
            StandbySettings standby = switch (random.nextInt(4)) {
                case 0 -> StandbySettings.OFF;
                case 1 -> new StandbySettings(1 << 12, 1);
                default -> new StandbySettings(1 << 20, 2);
            };
            return SETTINGS.withStandby(standby).withRetention(
                    RetentionSettings.OFF.withEntries(trimsItself ? RETAINED : 0));
        }

        private long retained() {
            return settings.retention().entries() > 0 ? RETAINED : Long.MAX_VALUE;
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }

        void live() {
            for (int generation = 0; generation < GENERATIONS; generation++) {
                disk.faults().failPowerAt(1 + random.nextInt(STEPS_MAX));
                runUntilItEnds();
                disk.faults().turnOff();
                timer.forget();
                boolean powerFails = random.nextBoolean();
                disk = powerFails ? disk.afterPowerFailure(random, new SimFaults())
                        : disk.afterProcessEnd(new SimFaults());
                writtenCounts &= !powerFails;
            }
            try (DiskLog log = open()) {
                oracle.check(log, writtenCounts, retained());
            }
        }

        private void runUntilItEnds() {
            try (DiskLog log = open()) {
                oracle.check(log, writtenCounts, retained());
                writtenCounts = true;
                for (int rounds = random.nextInt(30); rounds > 0; rounds--) {
                    appendSome(log);
                    trimSome(log);
                }
                if (random.nextBoolean()) {
                    disk.faults().turnOff(); // the process is killed where it stands
                }
            } catch (RuntimeException | Error ended) {
                background.endWithMachine();
                if (!disk.faults().isOff()) {
                    throw ended;
                }
            }
        }

        private void appendSome(DiskLog log) {
            if (random.nextInt(3) > 0) {
                append(log, random.nextInt(300));
            } else if (random.nextInt(10) == 0) {
                append(log, random.nextInt(5000));
            } else {
                appendGroup(log);
            }
        }

        /// Trims, now and then while a reader holds what goes, and lets standbys be filled.
        private void trimSome(DiskLog log) {
            if (random.nextInt(3) == 0) {
                timer.run(Duration.ofMinutes(1));
            }
            if (random.nextInt(6) > 0 || log.nextId() == log.firstId()) {
                return;
            }
            long id = random.nextLong(log.firstId(), log.nextId() + 1);
            oracle.trimming(id);
            if (random.nextBoolean()) {
                oracle.trimmed(log.trimBefore(id).firstId());
            } else {
                try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
                    Entry entry = reader.next();
                    byte[] first = entry.toByteArray();
                    oracle.trimmed(log.trimBefore(id).firstId());
                    append(log, 10);
                    if (!Arrays.equals(first, entry.toByteArray())) {
                        throw new AssertionError("an entry changed under its reader");
                    }
                }
            }
        }

        private void append(DiskLog log, int sizeBytes) {
            String payload = oracle.nextPayload(sizeBytes);
            Durability durability = anyDurability();
            acknowledged(log.append(Payload.of(payload.getBytes(US_ASCII)), durability), durability,
                    payload);
        }

        /// Several entries in one group, of sizes that differ by a group record's: a stale entry
        /// could fall into place behind a new one.
        private void appendGroup(DiskLog log) {
            Durability durability = anyDurability();
            background.defer();
            for (int i = 1 + random.nextInt(24); i > 0; i--) {
                String payload = oracle.nextPayload(24 + 48 * random.nextInt(3));
                log.appendAsync(Payload.of(payload.getBytes(US_ASCII)), durability).thenAccept(
                        appended -> acknowledged(appended.firstId(), durability, payload));
            }
            background.proceed();
        }

        private Durability anyDurability() {
            return random.nextBoolean() ? Durability.SYNCED : Durability.WRITTEN;
        }

        private void acknowledged(long id, Durability durability, String payload) {
            if (durability == Durability.SYNCED) {
                oracle.acknowledgedSynced(id, payload);
            } else {
                oracle.acknowledgedWritten(id, payload);
            }
        }

        private DiskLog open() {
            LogEnvironment environment = new LogEnvironment(disk, new SimScheduler(), POOL,
                    Clock.systemUTC(), random::nextLong, background, timer);
            return DiskLog.open(BASE, ID, settings, environment);
        }
    }
}
