package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Fault;
import io.duramen.wal.sim.SimFaults.Step;
import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A device that says that a write is done, and loses it or puts it elsewhere, takes entries with
/// it: no log can help that. But it must not show what was not appended, nor leave something out in
/// the middle, and what is missing must be noticed as soon as anything was synced behind it.
///
/// `-Dwal.sim.lies=N` tells more of them; a failure tells its seed, and `-Dwal.sim.seed=S` repeats
/// that one.
class LyingDiskTest {
    private static final int LIES = Integer.getInteger("wal.sim.lies", 200);
    private static final int OPERATIONS_MAX = 12;
    private static final int WRITES_MAX = 12;
    /// The first says what was durable before it, and so not of itself.
    private static final int SYNCED_BEHIND = 2;
    private static final Operation[] APPENDS = {Operation.APPEND_SYNCED, Operation.APPEND_WRITTEN,
        Operation.APPEND_LARGE, Operation.APPEND_GROUPS, Operation.CLAIM, Operation.SYNC,
        Operation.ROTATE};

    private enum Outcome {
        REFUSED, COMPLETE, CUT_AT_THE_END
    }

    @Test
    void what_a_lying_device_took_is_noticed() {
        Long repeated = Long.getLong("wal.sim.seed");
        long first = repeated == null ? System.nanoTime() : repeated;
        int lies = repeated == null ? LIES : 1;
        Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
        for (long seed = first; seed < first + lies; seed++) {
            try (Arena memory = Arena.ofShared()) {
                outcomes.merge(live(Dice.of(seed), Dice.of(~seed), memory), 1, Integer::sum);
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("with -Dwal.sim.seed=" + seed, broken);
            }
        }
        System.out.println(lies + " lies from seed " + first + ": " + outcomes);
        assertThat(repeated == null ? outcomes.keySet() : List.of(Outcome.values()))
                .contains(Outcome.REFUSED, Outcome.COMPLETE);
    }

    private static Outcome live(Dice dice, Dice chance, Arena memory) {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(12 << 10)
                .withFragmentEntriesMax(8).withFragmentAgeMax(LogSession.AGE_MAX)
                .withUnsyncedDelayMax(Duration.ofMillis(50)).withAdmissionTimeout(Duration.ZERO);
        SimMachine machine = SimMachine.first(chance, memory, SimMachine.BASE);
        LogOracle oracle = new LogOracle();
        int behind = dice.below(2 * SYNCED_BEHIND);
        LogSession session = new LogSession(machine, oracle, settings, dice);
        use(session, dice.below(OPERATIONS_MAX));
        machine.faults().inject(new Fault(Step.WRITE, 1 + dice.below(WRITES_MAX),
                dice.once(2) ? Fate.LOST : Fate.MISDIRECTED, 0, Unsynced.KEPT));
        while (machine.faults().fired() == null) {
            use(session, 1);
        }
        for (int i = 0; i < behind; i++) {
            session.append(dice.below(500), Durability.SYNCED);
        }
        SimMachine next = machine.afterPowerFailure(dice::below, memory);
        Outcome outcome = look(next, oracle, settings, dice);
        if (outcome == Outcome.CUT_AT_THE_END && behind >= SYNCED_BEHIND) {
            throw new AssertionError("what is missing at the end was not noticed");
        }
        next.stop();
        return outcome;
    }

    private static void use(LogSession session, int operations) {
        for (int i = 0; i < operations; i++) {
            session.dice().anyOf(APPENDS).runOn(session);
        }
    }

    private static Outcome look(SimMachine machine, LogOracle oracle, LogSettings settings,
            Dice dice) {
        try (LogSession session = new LogSession(machine, oracle, settings, dice)) {
            int found = oracle.checkPrefix(session.log());
            return found > oracle.syncedUpTo() ? Outcome.COMPLETE : Outcome.CUT_AT_THE_END;
        } catch (WalException.Corrupt | WalException.MissingFragment noticed) {
            return Outcome.REFUSED;
        }
    }
}
