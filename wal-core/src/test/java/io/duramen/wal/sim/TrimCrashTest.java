package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// One short life with trims and a file that is used again, ended at every step of it; and the
/// recovery after it ended at every step as well.
class TrimCrashTest {
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(2)
            .withStandby(new StandbySettings(1 << 20, 1)).withAdmissionTimeout(Duration.ZERO);
    /// Six entries of 1000 bytes a fragment, so that a block lies in front of the sixth.
    private static final LogSettings PUNCHING = SETTINGS.withFragmentSizeBytes(16 << 10)
            .withFragmentEntriesMax(6)
            .withRetention(RetentionSettings.OFF.withPunchHoles(true));

    private final Random random = Seed.random("TrimCrashTest");
    private final Dice dice = random::nextInt;

    @Test
    void a_trim_that_ends_anywhere_loses_nothing_and_brings_nothing_back() {
        endAnywhere(SETTINGS, this::trim);
    }

    @Test
    void a_trim_inside_a_fragment_that_ends_anywhere_loses_nothing() {
        endAnywhere(PUNCHING, this::trimInside);
    }

    private void endAnywhere(LogSettings settings, Work work) {
        boolean ended = true;
        int steps = 0;
        while (ended) {
            steps++;
            ended = liveUntil(steps, settings, work, false);
            liveUntil(steps, settings, work, true);
        }
        assertThat(steps).as("steps of a life").isGreaterThan(40);
    }

    /// @return false where the life ended by itself, before so many steps
    private boolean liveUntil(int steps, LogSettings settings, Work life, boolean powerFails) {
        boolean ended = true;
        boolean recoveryEnded = true;
        for (int recoverySteps = 1; ended && recoveryEnded; recoverySteps++) {
            try (Arena memory = Arena.ofShared()) {
                LogOracle oracle = new LogOracle();
                SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
                ended = ends(machine, oracle, steps, settings, life);
                machine = powerFails ? machine.afterPowerFailure(random::nextInt, memory)
                        : machine.afterProcessEnd();
                recoveryEnded = ends(machine, oracle, recoverySteps, settings, _ -> {});
                machine = machine.afterPowerFailure(random::nextInt, memory);
                try (LogSession session = new LogSession(machine, oracle, settings, dice)) {
                    oracle.check(session.log(), true);
                    session.append(30, Durability.SYNCED);
                    assertThat(session.failure()).isNull();
                }
                machine.stop();
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("life of " + steps + " steps, recovery of "
                        + recoverySteps + ", power fails: " + powerFails, broken);
            }
        }
        return ended;
    }

    private interface Work {
        void with(LogSession session);
    }

    private boolean ends(SimMachine machine, LogOracle oracle, int steps, LogSettings settings,
            Work work) {
        machine.faults().failPowerAt(steps);
        try (LogSession session = new LogSession(machine, oracle, settings, dice)) {
            work.with(session);
        } catch (RuntimeException | Error ended) {
            if (!machine.faults().isOff()) {
                throw ended;
            }
        }
        return machine.faults().isOff();
    }

    private void trim(LogSession session) {
        append(session, 5, 30);
        session.trimBefore(4);
        append(session, 5, 30);
        session.trimBefore(8);
        append(session, 2, 30);
    }

    private void trimInside(LogSession session) {
        append(session, 7, 1000);
        session.trimBefore(5);
    }

    private static void append(LogSession session, int count, int bytes) {
        for (int i = 0; i < count; i++) {
            session.append(bytes, Durability.SYNCED);
            session.machine().awaitBackground();
        }
    }
}
