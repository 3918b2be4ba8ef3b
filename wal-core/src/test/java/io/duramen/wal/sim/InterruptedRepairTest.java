package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogRepair;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.RepairPlan;
import io.duramen.wal.log.RepairPlan.Mode;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A repair ends at every one of its steps, because its process is killed or the power fails, and
/// again while it is completed. The originals are there all the time, nobody opens half a repair,
/// and running it again ends as if it had never been interrupted.
class InterruptedRepairTest {
    private static final int STEPS_MAX = 1000;

    private final Map<Path, byte[]> original = damaged();
    private final Map<Long, String> before = DamageJudge.of(SimLog.closed()).before();

    /// An entry in a sealed fragment, the one after it missing, and the last one damaged as well.
    private static Map<Path, byte[]> damaged() {
        Map<Path, byte[]> files = new TreeMap<>(SimLog.closed());
        files.remove(SimLog.DIRECTORY.resolve("fragment_%020d".formatted(12)));
        for (long firstId : new long[] {0, 24}) {
            Path path = SimLog.DIRECTORY.resolve("fragment_%020d".formatted(firstId));
            byte[] content = files.get(path).clone();
            content[4400] ^= 1;
            files.put(path, content);
        }
        return files;
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_repair_that_is_killed_at_any_step_is_run_again(Mode mode) {
        Random random = Seed.random("a_repair_that_is_killed_at_any_step_is_run_again");
        assertThat(interruptEverywhere(mode, random, false)).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void a_repair_that_loses_power_at_any_step_is_run_again(Mode mode) {
        Random random = Seed.random("a_repair_that_loses_power_at_any_step_is_run_again");
        for (int round = 0; round < 3; round++) {
            assertThat(interruptEverywhere(mode, random, true)).isGreaterThan(20);
        }
    }

    /// @return steps of a repair
    private int interruptEverywhere(Mode mode, Random random, boolean losesPower) {
        for (int step = 1; step < STEPS_MAX; step++) {
            try (Arena memory = Arena.ofConfined()) {
                SimDisk disk = SimDisk.holding(original, memory);
                RepairPlan plan = plan(disk, mode);
                int failsAt = step;
                int interruptions = 0;
                while (isInterrupted(disk, mode, failsAt)) {
                    disk = losesPower ? SimDisk.holding(
                            disk.imageAfterPowerFailure(random::nextInt), memory, faults())
                            : disk.afterProcessEnd(faults());
                    checkInterrupted(disk);
                    failsAt = interruptions++ < 3 ? 1 + random.nextInt(10) : STEPS_MAX;
                }
                checkRepaired(disk, plan);
                if (interruptions == 0) {
                    return step;
                }
            } catch (RuntimeException | Error failure) {
                throw new AssertionError(mode + ", interrupted at step " + step, failure);
            }
        }
        throw new AssertionError("a repair never ends");
    }

    private static SimFaults faults() {
        return new SimFaults(Dice.FIRST);
    }

    private static RepairPlan plan(SimDisk disk, Mode mode) {
        return LogRepair.plan(SimLog.BASE, SimLog.ID, mode, SimLog.environment(disk), _ -> {});
    }

    private static boolean isInterrupted(SimDisk disk, Mode mode, int step) {
        LogEnvironment environment = SimLog.environment(disk);
        disk.faults().failPowerAt(step);
        try {
            LogRepair.apply(SimLog.BASE, SimLog.ID, mode, environment, _ -> {});
            disk.faults().failPowerAt(Integer.MAX_VALUE);
            return false;
        } catch (PowerFailure _) {
            return true;
        }
    }

    /// Whoever looks or opens now sees the log as it was, or that a repair has to go on.
    private void checkInterrupted(SimDisk disk) {
        Map<Path, byte[]> files = disk.files();
        original.forEach((path, content) -> {
            if (!path.equals(SimLog.LOCK)) {
                assertThat(files.entrySet()).as("%s is there", path)
                        .anyMatch(it -> it.getKey().endsWith(path.getFileName())
                                && Arrays.equals(it.getValue(), content));
            }
        });
        try (Arena memory = Arena.ofConfined()) {
            SimDisk copy = SimDisk.holding(files, memory);
            boolean unfinished = files.containsKey(SimLog.DIRECTORY.resolve("REPAIR"));
            if (unfinished) {
                assertThat(LogVerification.run(SimLog.BASE, SimLog.ID, copy, _ -> {}).damages())
                        .isPositive();
            }
            try (DiskLog log = SimLog.open(copy)) {
                assertThat(unfinished).isFalse();
                SimLog.contents(log).forEach((id, payload) -> assertThat(payload)
                        .isIn(before.get(id), SimLog.LOST));
            } catch (WalException.MissingFragment | WalException.Corrupt _) {
                assertThat(unfinished).isFalse();
            } catch (WalException.RepairUnfinished _) {
                assertThat(unfinished).isTrue();
            }
        }
    }

    private void checkRepaired(SimDisk disk, RepairPlan plan) {
        checkInterrupted(disk);
        assertThat(plan(disk, plan.mode()).isNothingToDo()).isTrue();
        assertThat(LogVerification.run(SimLog.BASE, SimLog.ID, disk, _ -> {}).damages()).isZero();
        try (DiskLog log = SimLog.open(disk)) {
            assertThat(log.nextId()).isEqualTo(plan.nextId());
            Map<Long, String> contents = SimLog.contents(log);
            assertThat(contents).hasSize((int) (plan.nextId() - plan.firstId()));
            assertThat(contents.values().stream().filter(SimLog.LOST::equals).count())
                    .isEqualTo(plan.mode() == Mode.CUT ? 0 : plan.lostEntries());
        }
    }
}
