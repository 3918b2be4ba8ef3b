package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.StandbySettings;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// One short life with truncations, ended at every step of it; and the recovery after it ended at
/// every step as well. Whoever looks without opening sees what the next writer finds.
class TruncateCrashTest {
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(2)
            .withStandby(new StandbySettings(1 << 20, 1)).withAdmissionTimeout(Duration.ZERO);

    private final Random random = Seed.random("TruncateCrashTest");
    private final Dice dice = random::nextInt;

    @Test
    void a_truncation_that_ends_anywhere_happens_whole_or_not_at_all() {
        boolean ended = true;
        int steps = 0;
        while (ended) {
            steps++;
            ended = liveUntil(steps, false);
            liveUntil(steps, true);
        }
        assertThat(steps).as("steps of a life").isGreaterThan(100);
    }

    /// @return false where the life ended by itself, before so many steps
    private boolean liveUntil(int steps, boolean powerFails) {
        boolean ended = true;
        boolean recoveryEnded = true;
        for (int recoverySteps = 1; ended && recoveryEnded; recoverySteps++) {
            try (Arena memory = Arena.ofShared()) {
                LogOracle oracle = new LogOracle();
                SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
                ended = ends(machine, oracle, steps, this::live);
                machine = powerFails ? machine.afterPowerFailure(random::nextInt, memory)
                        : machine.afterProcessEnd();
                recoveryEnded = ends(machine, oracle, recoverySteps, _ -> {});
                machine = recoverySteps % 2 == 0 ? machine.afterProcessEnd()
                        : machine.afterPowerFailure(random::nextInt, memory);
                goOn(machine, oracle);
                machine.stop();
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("life of " + steps + " steps, recovery of "
                        + recoverySteps + ", power fails: " + powerFails, broken);
            }
        }
        return ended;
    }

    private void goOn(SimMachine machine, LogOracle oracle) {
        boolean isThere = machine.disk().exists(
                LogSession.ID.directoryIn(SimMachine.BASE).resolve("LOCK"));
        long shown = isThere ? endOfView(machine) : 0;
        try (LogSession session = new LogSession(machine, oracle, SETTINGS, dice)) {
            if (isThere) {
                assertThat(session.log().nextId()).isEqualTo(shown);
            }
            oracle.check(session.log(), true);
            session.append(30, Durability.SYNCED);
            session.append(30, Durability.SYNCED);
            assertThat(session.failure()).isNull();
        }
        LogVerification.run(SimMachine.BASE, LogSession.ID, machine.disk(), finding -> {
            assertThat(finding.isDamage()).as(finding.toString()).isFalse();
        });
    }

    private static long endOfView(SimMachine machine) {
        try (LogView view = LogView.open(SimMachine.BASE, LogSession.ID, machine.disk(),
                machine.environment().scheduler())) {
            LogOracle.contentsOf(view);
            return view.nextId();
        }
    }

    private interface Work {
        void with(LogSession session);
    }

    private boolean ends(SimMachine machine, LogOracle oracle, int steps, Work work) {
        machine.faults().failPowerAt(steps);
        try (LogSession session = new LogSession(machine, oracle, SETTINGS, dice)) {
            work.with(session);
        } catch (RuntimeException | Error ended) {
            if (!machine.faults().isOff()) {
                throw ended;
            }
        }
        return machine.faults().isOff();
    }

    private void live(LogSession session) {
        append(session, 5);
        session.truncateAfter(2);
        append(session, 2);
        session.trimBefore(2);
        session.truncateAfter(3);
        session.truncateAfter(1);
        append(session, 1);
    }

    private static void append(LogSession session, int count) {
        for (int i = 0; i < count; i++) {
            session.append(30, Durability.SYNCED);
            session.machine().awaitBackground();
        }
    }
}
