package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Fault;
import io.duramen.wal.sim.SimFaults.Step;
import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whichever call to the disk fails: who asked is told what is known, nothing is tried again on
/// that file, reads go on, and opening again finds what was promised; whatever the kernel makes of
/// what a failed sync was to sync, and also when the power fails afterwards.
class EveryCallFailsTest {
    private static final int EIO = 5;
    private static final Dice MIDDLE = bound -> bound / 3;
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(6)
            .withFragmentAgeMax(LogSession.AGE_MAX).withUnsyncedDelayMax(Duration.ofDays(99))
            .withAdmissionTimeout(Duration.ZERO);
    private static final List<Operation> WORKLOAD = List.of(Operation.APPEND_SYNCED,
            Operation.APPEND_GROUPS, Operation.APPEND_WRITTEN, Operation.SYNC, Operation.ROTATE,
            Operation.REOPEN, Operation.APPEND_LARGE, Operation.CLAIM, Operation.TRUNCATE,
            Operation.REOPEN,
            Operation.APPEND_SYNCED);

    private int failures;

    @ParameterizedTest
    @EnumSource(Unsynced.class)
    void a_failing_call_breaks_no_promise(Unsynced unsynced) {
        for (Step step : Step.values()) {
            int nth = 0;
            do {
                nth++;
            } while (fails(new Fault(step, nth, Fate.FAILS, EIO, unsynced), false)
                    && fails(new Fault(step, nth, Fate.FAILS, EIO, unsynced), true));
        }
        System.out.println(failures + " failing calls, " + unsynced);
        assertThat(failures).isGreaterThan(100);
    }

    /// @return false where the workload has no such call
    private boolean fails(Fault fault, boolean powerFails) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE.getRoot());
            LogOracle oracle = new LogOracle();
            machine.faults().inject(fault);
            use(machine, oracle);
            boolean fired = machine.faults().fired() != null;
            failures += fired ? 1 : 0;
            assertThat(machine.faults().violations()).isEmpty();
            boolean writtenMayBeLost = powerFails || fault.unsynced() == Unsynced.REVERTED;
            SimMachine next = powerFails ? machine.afterPowerFailure(_ -> 0, memory)
                    : machine.afterProcessEnd();
            try (LogSession session = new LogSession(next, oracle, SETTINGS, MIDDLE)) {
                oracle.check(session.log(), writtenMayBeLost);
                Operation.APPEND_GROUPS.runOn(session);
                Operation.REOPEN.runOn(session);
            }
            return fired;
        } catch (RuntimeException | Error broken) {
            throw new AssertionError(fault + ", the power fails then: " + powerFails, broken);
        }
    }

    /// It fails once: opening it again must do.
    private static LogSession open(SimMachine machine, LogOracle oracle) {
        try {
            return new LogSession(machine, oracle, SETTINGS, MIDDLE);
        } catch (WalException.Io | WalException.UnusablePath failed) {
            assertThat(machine.faults().fired()).isNotNull();
            return new LogSession(machine, oracle, SETTINGS, MIDDLE);
        }
    }

    private static void use(SimMachine machine, LogOracle oracle) {
        try (LogSession session = open(machine, oracle)) {
            for (Operation operation : WORKLOAD) {
                if (session.failure() == null) {
                    operation.runOn(session);
                }
            }
            if (session.failure() != null && machine.faults().fired().unsynced()
                    != Unsynced.REVERTED) {
                session.read();
            }
        } catch (WalException.Io failed) { // while it was opened or closed
            assertThat(machine.faults().fired()).isNotNull();
        }
    }
}
