package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveryReport;
import io.duramen.wal.log.TailVerdict;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;

/// Ends workloads at every step of their last operation, in every way that its bounds allow, and
/// lets an oracle judge what is left. Steps of the operations before belong to shorter workloads:
/// until then nobody knows what will follow.
///
/// A device that holds what it held before, of which as much is owed, is looked at once; whatever
/// workload led to it.
final class CrashSearch {
    private static final long PROGRESS_EVERY = 100_000;
    private static final long MIXER = 0x9e3779b97f4a7c15L;
    /// What an operation leaves to chance: in the middle of what it may be.
    private static final Dice MIDDLE = bound -> bound / 3;

    /// When background work is done: as late as it can be, or as early.
    enum Background {
        LATE(Dice.FIRST), EARLY(bound -> bound - 1);

        private final Dice dice;

        Background(Dice dice) {
            this.dice = dice;
        }
    }

    /// @param waysMax in how many ways the power fails at one step; see [PowerFailures]
    /// @param waysInRecoveryMax in how many ways it fails again at one step of the recovery after
    ///     it, 0 where it does not
    record Bounds(int waysMax, int waysInRecoveryMax) {}

    /// Of what a search is made.
    private enum Moment {
        POWER_FAILED, POWER_FAILED_AGAIN, PROCESS_ENDED, WENT_ON
    }

    private final LogSettings settings;
    private final Bounds bounds;
    private final Set<Long> seen = new HashSet<>();
    private long workloads;
    private long steps;
    private long images;
    private long recoveries;

    CrashSearch(LogSettings settings, Bounds bounds) {
        this.settings = settings;
        this.bounds = bounds;
    }

    /// @return how much was looked at
    String counts() {
        return workloads + " workloads ended at " + steps + " steps, " + images
                + " images of the device, " + seen.size() + " different, " + recoveries
                + " recoveries";
    }

    /// @return true where the last operation did something, so that what follows it differs from
    ///     what would without it
    boolean crashEverywhere(List<Operation> workload, Background background) {
        workloads++;
        Run run = new Run(workload, background);
        for (long step = 1; !run.ended; step++) {
            crashAt(step, run);
        }
        return run.changed;
    }

    private void crashAt(long step, Run run) {
        steps++;
        try (Arena memory = new RecycledArena()) {
            SimMachine machine = SimMachine.first(run.background.dice, memory, SimMachine.BASE);
            LogOracle oracle = new LogOracle();
            run.upTo(step, machine, oracle);
            machine.stop();
            for (int[] way : PowerFailures.of(machine.disk(), bounds.waysMax)) {
                goOnAfterPowerFailure(machine, oracle, way);
            }
            goOnAfterProcessEnd(machine, oracle);
        } catch (RuntimeException | Error broken) {
            throw new AssertionError(run.workload + " ended at step " + step + ", background "
                    + run.background, broken);
        }
    }

    /// A workload, which runs from the start each time.
    private final class Run {
        private final List<Operation> workload;
        private final Background background;
        private boolean ended;
        private boolean changed = true;

        Run(List<Operation> workload, Background background) {
            this.workload = workload;
            this.background = background;
        }

        /// Until the power fails at that step of the last operation, or of opening where there is
        /// none; or to the end.
        void upTo(long step, SimMachine machine, LogOracle oracle) {
            if (workload.isEmpty()) {
                machine.faults().failPowerAt(step);
            }
            try (LogSession session = open(machine, oracle)) {
                for (int i = 0; i < workload.size() - 1; i++) {
                    workload.get(i).runOn(session);
                }
                if (!workload.isEmpty()) {
                    runLast(step, session, oracle);
                }
                ended = !machine.faults().isOff();
                machine.faults().turnOff();
            } catch (WalException | PowerFailure | CompletionException failed) {
                assert machine.faults().isOff() : failed;
            }
        }

        private void runLast(long step, LogSession session, LogOracle oracle) {
            SimFaults faults = session.machine().faults();
            int owed = oracle.fingerprint();
            long before = faults.steps();
            faults.failPowerAt(step);
            workload.getLast().runOn(session);
            changed = faults.steps() > before || oracle.fingerprint() != owed;
        }
    }

    private void goOnAfterPowerFailure(SimMachine machine, LogOracle oracle, int[] way) {
        SimImage image = machine.disk().imageAfterPowerFailure(PowerFailures.chooser(way));
        if (!isNew(Moment.POWER_FAILED, image.fingerprint(), oracle)) {
            return;
        }
        try (Arena memory = new RecycledArena()) {
            boolean repaired = goOn(machine.afterPowerFailure(image, memory), oracle, true);
            if (repaired && bounds.waysInRecoveryMax > 0) {
                failAgain(machine, oracle, image);
            }
        } catch (RuntimeException | Error broken) {
            throw new AssertionError("parts left as " + Arrays.toString(way), broken);
        }
    }

    private void goOnAfterProcessEnd(SimMachine machine, LogOracle oracle) {
        SimDisk disk = machine.disk();
        long shown = disk.imageAfterPowerFailure(states -> states - 1).fingerprint();
        long durable = disk.imageAfterPowerFailure(_ -> 0).fingerprint();
        if (isNew(Moment.PROCESS_ENDED, shown * MIXER + durable, oracle)) {
            goOn(machine.afterProcessEnd(), oracle, false);
        }
    }

    /// The power fails again while the log is recovered, at every step of it.
    private void failAgain(SimMachine machine, LogOracle oracle, SimImage image) {
        boolean recovered = false;
        for (int step = 1; !recovered; step++) {
            try (Arena memory = new RecycledArena()) {
                SimMachine again = machine.afterPowerFailure(image, memory);
                again.faults().failPowerAt(step);
                recovered = isOpened(again, oracle.copy());
                again.stop();
                for (int[] way : PowerFailures.of(again.disk(), bounds.waysInRecoveryMax)) {
                    goOnAgain(again, oracle, way);
                }
            }
        }
    }

    private void goOnAgain(SimMachine again, LogOracle oracle, int[] way) {
        SimImage image = again.disk().imageAfterPowerFailure(PowerFailures.chooser(way));
        if (isNew(Moment.POWER_FAILED_AGAIN, image.fingerprint(), oracle)) {
            try (Arena memory = new RecycledArena()) {
                goOn(again.afterPowerFailure(image, memory), oracle, true);
            }
        }
    }

    private boolean isOpened(SimMachine machine, LogOracle oracle) {
        try {
            recoveries++;
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
        boolean repaired = false;
        LogOracle next = oracle.copy();
        try (LogSession session = recover(machine, next)) {
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
        SimImage image = machine.disk().imageAfterPowerFailure(_ -> 0);
        if (isNew(Moment.WENT_ON, image.fingerprint(), next)) {
            goOnOnceMore(machine, image, next);
        }
        return repaired;
    }

    private void goOnOnceMore(SimMachine machine, SimImage image, LogOracle oracle) {
        try (Arena memory = new RecycledArena();
                LogSession session = recover(machine.afterPowerFailure(image, memory), oracle)) {
            oracle.check(session.log(), true);
        }
    }

    private boolean isNew(Moment moment, long fingerprint, LogOracle oracle) {
        images++;
        long owed = oracle.fingerprint() * MIXER + moment.ordinal();
        return seen.add((fingerprint ^ owed) * MIXER);
    }

    private LogSession recover(SimMachine machine, LogOracle oracle) {
        if (++recoveries % PROGRESS_EVERY == 0) {
            System.out.println(counts());
        }
        return open(machine, oracle);
    }

    private LogSession open(SimMachine machine, LogOracle oracle) {
        return new LogSession(machine, oracle, settings, MIDDLE);
    }
}
