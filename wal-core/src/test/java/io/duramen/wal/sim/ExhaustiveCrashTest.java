package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveryReport;
import io.duramen.wal.log.TailVerdict;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.IntUnaryOperator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/// Every small workload, ended at every step, by the end of the process and by every power failure
/// there may be at that step, in so far as [PowerFailures] bounds them: what is left opens, keeps
/// what was promised, and goes on. And the same when the power fails again at any step of opening.
///
/// `-Dwal.sim.operations=N` sets how many operations a workload has at most, and
/// `-Dwal.sim.operations-twice=N` where the power fails twice.
class ExhaustiveCrashTest {
    private static final int OPERATIONS_MAX = Integer.getInteger("wal.sim.operations", 2);
    private static final int OPERATIONS_TWICE_MAX =
            Integer.getInteger("wal.sim.operations-twice", 1);
    /// As many ways as ten sectors can be left in.
    private static final int WAYS_MAX = 1 << 10;
    private static final int WAYS_IN_RECOVERY_MAX = 1 << 4;
    private static final List<Operation> ALPHABET = List.of(Operation.APPEND_SYNCED,
            Operation.APPEND_WRITTEN, Operation.APPEND_LARGE, Operation.APPEND_GROUPS,
            Operation.APPEND_BATCH, Operation.SYNC, Operation.ROTATE, Operation.TRIM_TO_TIP,
            Operation.TRUNCATE, Operation.REOPEN);
    /// Leaves a file to be used again.
    private static final List<Operation> TRIMMED =
            List.of(Operation.APPEND_GROUPS, Operation.TRIM_TO_TIP);
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(5)
            .withFragmentAgeMax(LogSession.AGE_MAX).withUnsyncedDelayMax(Duration.ofDays(99))
            .withAdmissionTimeout(Duration.ZERO);
    /// What an operation leaves to chance: in the middle of what it may be.
    private static final Dice MIDDLE = bound -> bound / 3;

    /// When background work is done: as late as it can be, or as early.
    private enum Background {
        LATE(Dice.FIRST), EARLY(bound -> bound - 1);

        private final Dice dice;

        Background(Dice dice) {
            this.dice = dice;
        }
    }

    private final Set<String> seen = new HashSet<>();
    private boolean twice;
    private long crashes;
    private long runs;

    @Test
    void no_promise_is_broken_by_any_failure_in_any_small_workload() {
        crashAll(OPERATIONS_MAX);
    }

    @Test
    void no_promise_is_broken_where_a_file_is_used_again() {
        for (Operation last : ALPHABET) {
            List<Operation> workload = new ArrayList<>(TRIMMED);
            workload.add(last);
            for (Background background : Background.values()) {
                crashEverywhere(workload, background);
            }
        }
        System.out.println("files used again: " + runs + " runs, " + crashes
                + " different crashes");
    }

    @Test
    void no_promise_is_broken_when_the_power_fails_again_during_recovery() {
        twice = true;
        crashAll(OPERATIONS_TWICE_MAX);
    }

    private void crashAll(int operationsMax) {
        for (int length = 0; length <= operationsMax; length++) {
            for (List<Operation> workload : workloads(length)) {
                for (Background background : Background.values()) {
                    crashEverywhere(workload, background);
                }
            }
        }
        System.out.println("workloads of up to " + operationsMax + " operations: " + runs
                + " runs, " + crashes + " different crashes");
    }

    private static List<List<Operation>> workloads(int length) {
        if (length == 0) {
            return List.of(List.of());
        }
        List<List<Operation>> all = new ArrayList<>();
        for (List<Operation> shorter : workloads(length - 1)) {
            for (Operation next : ALPHABET) {
                List<Operation> longer = new ArrayList<>(shorter);
                longer.add(next);
                all.add(longer);
            }
        }
        return all;
    }

    /// At every step of the last operation and behind it: the steps before belong to a shorter
    /// workload.
    private void crashEverywhere(List<Operation> workload, Background background) {
        seen.clear();
        boolean ended = false;
        for (long step = 1; !ended; step++) {
            ended = crashAt(step, workload, background);
        }
    }

    /// @return true where the workload ended before it came to that step
    private boolean crashAt(long step, List<Operation> workload, Background background) {
        runs++;
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = SimMachine.first(background.dice, memory, SimMachine.BASE);
            LogOracle oracle = new LogOracle();
            boolean ended = run(machine, oracle, workload, step);
            machine.stop();
            for (int[] way : PowerFailures.of(machine.disk(), WAYS_MAX)) {
                goOnAfterPowerFailure(machine, oracle, way);
            }
            goOn(machine.afterProcessEnd(), oracle, false);
            return ended;
        } catch (RuntimeException | Error broken) {
            throw new AssertionError(workload + " ended at step " + step + ", background "
                    + background, broken);
        }
    }

    private static boolean run(SimMachine machine, LogOracle oracle, List<Operation> workload,
            long step) {
        boolean ended = false;
        if (workload.isEmpty()) {
            machine.faults().failPowerAt(step);
        }
        try (LogSession session = new LogSession(machine, oracle, SETTINGS, MIDDLE)) {
            for (int i = 0; i < workload.size(); i++) {
                if (i == workload.size() - 1) {
                    machine.faults().failPowerAt(step);
                }
                workload.get(i).runOn(session);
            }
            ended = !machine.faults().isOff();
            machine.faults().turnOff();
        } catch (WalException | PowerFailure | CompletionException failed) {
            assert machine.faults().isOff() : failed;
        }
        return ended;
    }

    private void goOnAfterPowerFailure(SimMachine machine, LogOracle oracle, int[] way) {
        try (Arena memory = Arena.ofShared()) {
            IntUnaryOperator chooser = PowerFailures.chooser(way);
            if (goOn(machine.afterPowerFailure(chooser, memory), oracle, true) && twice) {
                failAgain(machine, oracle, way);
            }
        } catch (RuntimeException | Error broken) {
            throw new AssertionError("parts left as " + Arrays.toString(way), broken);
        }
    }

    /// The power fails again while the log is recovered, at every step of it.
    private void failAgain(SimMachine machine, LogOracle oracle, int[] way) {
        boolean recovered = false;
        for (int step = 1; !recovered; step++) {
            try (Arena memory = Arena.ofShared()) {
                SimMachine again =
                        machine.afterPowerFailure(PowerFailures.chooser(way), memory);
                again.faults().failPowerAt(step);
                recovered = isOpened(again, oracle.copy());
                again.stop();
                for (int[] nextWay : PowerFailures.of(again.disk(), WAYS_IN_RECOVERY_MAX)) {
                    goOn(again.afterPowerFailure(PowerFailures.chooser(nextWay), memory), oracle,
                            true);
                }
            }
        }
    }

    private static boolean isOpened(SimMachine machine, LogOracle oracle) {
        try {
            open(machine, oracle);
            return true;
        } catch (PowerFailure failed) {
            return false;
        }
    }

    /// Opens, appends, loses all that was not synced, and opens again.
    ///
    /// @return true where recovery had something to do
    private boolean goOn(SimMachine machine, LogOracle oracle, boolean powerFailed) {
        if (!seen.add(fingerprintOf(machine.disk(), oracle))) {
            return false;
        }
        crashes++;
        boolean repaired = false;
        LogOracle next = oracle.copy();
        try (LogSession session = open(machine, next)) {
            next.check(session.log(), powerFailed);
            RecoveryReport report = session.log().recoveryReport();
            repaired = report.tail() == TailVerdict.CUT || report.resealed() > 0;
            session.append(100, Durability.SYNCED);
            machine.stop();
        } catch (WalException | PowerFailure | CompletionException failed) {
            if (!machine.faults().isOff()) {
                throw failed;
            }
        }
        try (Arena memory = Arena.ofShared();
                LogSession session = open(machine.afterPowerFailure(_ -> 0, memory), next)) {
            next.check(session.log(), true);
        }
        return repaired;
    }

    private static LogSession open(SimMachine machine, LogOracle oracle) {
        return new LogSession(machine, oracle, SETTINGS, MIDDLE);
    }

    private static String fingerprintOf(SimDisk disk, LogOracle oracle) {
        CRC32C crc = new CRC32C();
        StringBuilder fingerprint = new StringBuilder(oracle.fingerprint());
        disk.files().forEach((name, content) -> {
            crc.update(content);
            fingerprint.append(name).append(crc.getValue());
        });
        return fingerprint.toString();
    }
}
