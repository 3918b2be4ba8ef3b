package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Fault;
import io.duramen.wal.sim.SimFaults.Step;
import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One random life of a log: it is opened, used and ended in some way, again and again, and an
/// oracle checks each time what is left.
final class SimulatedLife implements AutoCloseable {
    private static final int GENERATIONS = 6;
    private static final int STEPS_MAX = 120;
    private static final int ROUNDS_MAX = 30;
    private static final int EIO = 5;
    private static final long RETAINED = 20;

    /// What a generation ends with, or lives with.
    private enum Trouble {
        POWER_FAILS, PROCESS_IS_KILLED, A_CALL_FAILS, THE_DISK_IS_FULL, NONE
    }

    private final Dice dice;
    private final LogOracle oracle = new LogOracle();
    private final Arena memory = Arena.ofShared();
    private SimMachine machine;
    private LogSettings settings;
    /// Since the oracle's last check something happened that takes what was only written.
    private boolean writtenMayBeLost;
    private int crashes;
    private long steps;

    SimulatedLife(long seed) {
        dice = Dice.of(seed);
        machine = SimMachine.first(Dice.of(~seed), memory,
                dice.once(2) ? SimMachine.BASE : SimMachine.BASE.getRoot());
    }

    /// Lives to the end.
    ///
    /// @return how often the power failed or the process was killed
    int live() {
        for (int generation = 0; generation < GENERATIONS; generation++) {
            settings = anySettings();
            Trouble trouble = dice.anyOf(Trouble.values());
            prepare(trouble);
            runUntilItEnds(trouble);
            end(trouble);
        }
        try (LogSession last = open()) {
            oracle.check(last.log(), writtenMayBeLost);
        }
        verify();
        return crashes;
    }

    /// Calls to the disk that could have been the last.
    long steps() {
        return steps;
    }

    private LogSettings anySettings() {
        return LogSettings.defaults()
                .withIoMode(dice.anyOf(IoMode.values()))
                .withFragmentSizeBytes((3L + dice.below(3)) << 12)
                .withFragmentEntriesMax(dice.once(2) ? 6 : 60)
                .withFragmentAgeMax(LogSession.AGE_MAX)
                .withDurability(dice.anyOf(Durability.values()))
                .withUnsyncedBytesMax(4 << 10)
                .withUnsyncedDelayMax(Duration.ofMillis(50))
                .withAdmissionTimeout(Duration.ZERO)
                .withStandby(anyStandby())
                .withRetention(RetentionSettings.OFF.withEntries(dice.once(4) ? RETAINED : 0)
                        .withPunchHoles(dice.once(2)));
    }

    private StandbySettings anyStandby() {
        return switch (dice.below(4)) {
            case 0 -> StandbySettings.OFF;
            case 1 -> new StandbySettings(1 << 12, 1);
            default -> new StandbySettings(1 << 20, 2);
        };
    }

    private long retained() {
        return settings.retention().entries() == 0 ? Long.MAX_VALUE : RETAINED;
    }

    private void prepare(Trouble trouble) {
        switch (trouble) {
            case POWER_FAILS, PROCESS_IS_KILLED ->
                    machine.faults().failPowerAt(1 + dice.below(STEPS_MAX));
            case A_CALL_FAILS -> machine.faults().inject(new Fault(dice.anyOf(Step.values()),
                    1 + dice.below(STEPS_MAX / 4), Fate.FAILS, EIO,
                    dice.anyOf(Unsynced.values())));
            case THE_DISK_IS_FULL -> {
                if (dice.once(2)) {
                    machine.faults().fill();
                }
            }
            case NONE -> {
            }
        }
    }

    private LogSession open() {
        return new LogSession(machine, oracle, settings, dice);
    }

    private void runUntilItEnds(Trouble trouble) {
        try (LogSession session = open()) {
            oracle.check(session.log(), writtenMayBeLost);
            oracle.retains(retained());
            writtenMayBeLost = false;
            for (int rounds = dice.below(ROUNDS_MAX); rounds > 0; rounds--) {
                Operation.any(dice).runOn(session);
                if (session.failure() != null) {
                    requireExcuse(session.failure());
                    break;
                }
                if (trouble == Trouble.THE_DISK_IS_FULL && dice.once(5)) {
                    toggleRoom();
                }
            }
            if (trouble == Trouble.NONE && dice.once(2)) {
                machine.faults().turnOff(); // killed where it stands
            }
        } catch (WalException failed) {
            requireExcuse(failed);
        } catch (RuntimeException | Error failed) {
            if (!machine.faults().isOff()) {
                throw failed;
            }
        }
    }

    private void toggleRoom() {
        if (machine.faults().isFull()) {
            machine.faults().makeRoom();
        } else {
            machine.faults().fill();
        }
    }

    /// A log may fail only with its disk, and a disk that fails is no damage.
    private void requireExcuse(WalException failed) {
        boolean excused = machine.faults().isOff() || machine.faults().fired() != null
                || machine.faults().isFull();
        if (!excused || failed instanceof WalException.Defect) {
            throw failed;
        }
        if (!machine.faults().isOff() && (failed instanceof WalException.Corrupt
                || failed instanceof WalException.MissingFragment)) {
            throw failed;
        }
    }

    private void end(Trouble trouble) {
        writtenMayBeLost |= machine.faults().hasReverted();
        boolean powerFails = trouble == Trouble.POWER_FAILS
                || trouble != Trouble.PROCESS_IS_KILLED && dice.once(2);
        machine.stop();
        steps += machine.faults().steps();
        List<String> violations = machine.faults().violations();
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.toString());
        }
        if (powerFails) {
            machine = machine.afterPowerFailure(anyChoice(), memory);
            writtenMayBeLost = true;
        } else {
            machine = machine.afterProcessEnd();
        }
        crashes++;
    }

    /// Chance decides for each part by itself, or all the same, or nearly so.
    private java.util.function.IntUnaryOperator anyChoice() {
        return switch (dice.below(5)) {
            case 0 -> _ -> 0;
            case 1 -> states -> states - 1;
            case 2 -> states -> dice.once(8) ? dice.below(states) : 0;
            case 3 -> states -> dice.once(8) ? dice.below(states) : states - 1;
            default -> dice::below;
        };
    }

    /// What was closed in order has nothing in it that a check of every byte would complain of.
    private void verify() {
        List<String> damage = new ArrayList<>();
        LogVerification.run(SimMachine.BASE, LogSession.ID, machine.disk(), finding -> {
            if (finding.isDamage()) {
                damage.add(finding.toString());
            }
        });
        if (!damage.isEmpty()) {
            throw new AssertionError("damage: " + damage);
        }
    }

    @Override
    public void close() {
        machine.stop();
        if (!SimMachine.hasAllBuffers()) {
            throw new AssertionError("a buffer was not given back");
        }
        memory.close();
    }
}
