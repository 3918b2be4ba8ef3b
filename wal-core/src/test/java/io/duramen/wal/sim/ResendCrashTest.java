package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderSettings;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A client that says which id each of its entries is for, and after a crash sends again, in any
/// order, all that it has no answer for. Each of its lives has a higher epoch.
///
/// `-Dwal.sim.seed=S` repeats one.
class ResendCrashTest {
    private static final int LIVES = 100;
    private static final int ENTRIES = 120;
    private static final int WINDOW = 8;
    private static final int GENERATIONS = 5;
    private static final int STEPS_MAX = 60;

    private final BitSet acknowledged = new BitSet();
    private AssertionError wrong;
    private int duplicates;
    private int lost;
    private int crashes;
    private long epoch;
    private long openedEpoch;

    @Test
    void what_is_sent_again_after_a_crash_is_in_the_log_once_and_at_its_place() {
        Long repeated = Long.getLong("wal.sim.seed");
        long first = repeated == null ? System.nanoTime() : repeated;
        for (long seed = first; seed < first + (repeated == null ? LIVES : 1); seed++) {
            try (Arena memory = Arena.ofShared()) {
                live(seed, memory);
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("with -Dwal.sim.seed=" + seed, broken);
            }
        }
        System.out.println("lives from seed " + first + ", " + crashes + " crashes, " + duplicates
                + " were there unanswered, " + lost + " were not");
        assertThat(repeated != null || duplicates > 0 && lost > 0).isTrue();
    }

    private void live(long seed, Arena memory) {
        Dice dice = Dice.of(seed);
        acknowledged.clear();
        epoch = 0;
        openedEpoch = 0;
        SimMachine machine = SimMachine.first(Dice.of(~seed), memory, SimMachine.BASE);
        for (int generation = 0; generation < GENERATIONS; generation++) {
            requireFenced(machine);
            machine.faults().failPowerAt(1 + dice.below(STEPS_MAX));
            runUntilItEnds(machine, dice);
            machine.stop();
            machine = dice.once(2) ? machine.afterProcessEnd()
                    : machine.afterPowerFailure(dice::below, memory);
        }
        requireFenced(machine);
        try (DiskLog log = open(machine, dice)) {
            for (int id = 0; id < ENTRIES; id++) {
                AppendedAt answer = log.appendAt(id, payload(id), Durability.SYNCED);
                lost += answer.duplicate() ? 0 : 1;
                assertThat(answer.duplicate() || !acknowledged.get(id)).isTrue();
            }
            assertThat(LogOracle.contentsOf(log)).isEqualTo(
                    IntStream.range(0, ENTRIES).mapToObj(ResendCrashTest::text).toList());
        }
        machine.stop();
    }

    /// Whoever had the log last, a crash does not let one before it in again.
    private void requireFenced(SimMachine machine) {
        if (openedEpoch > 1) {
            assertThatThrownBy(() -> DiskLog.open(SimMachine.BASE, LogSession.ID,
                    LogSettings.defaults().withEpoch(openedEpoch - 1), machine.environment()))
                            .isInstanceOf(WalException.Fenced.class);
        }
    }

    private DiskLog open(SimMachine machine, Dice dice) {
        machine.faults().forgive();
        epoch++;
        DiskLog log = DiskLog.open(SimMachine.BASE, LogSession.ID, LogSettings.defaults()
                .withIoMode(dice.anyOf(IoMode.values())).withFragmentSizeBytes(12 << 10)
                .withFragmentEntriesMax(15).withAdmissionTimeout(Duration.ZERO)
                .withReorder(ReorderSettings.of(WINDOW)).withEpoch(epoch), machine.environment());
        openedEpoch = epoch;
        return log;
    }

    private void runUntilItEnds(SimMachine machine, Dice dice) {
        try (DiskLog log = open(machine, dice)) {
            int round = 0;
            while (acknowledged.cardinality() < ENTRIES && round++ < ENTRIES) {
                for (int id : someUnanswered(dice)) {
                    log.appendAtAsync(id, payload(id), Durability.SYNCED)
                            .whenComplete(
                                    (answer, failed) -> answered(id, answer, failed, machine));
                    machine.giveWay();
                }
                machine.awaitCommits();
            }
            machine.faults().turnOff(); // killed where it stands
        } catch (RuntimeException | Error failed) {
            if (!machine.faults().isOff()) {
                throw failed;
            }
        }
        crashes++;
        if (wrong != null) {
            throw wrong;
        }
    }

    private synchronized List<Integer> someUnanswered(Dice dice) {
        List<Integer> ids = new ArrayList<>();
        for (int id = acknowledged.nextClearBit(0); id < ENTRIES && ids.size() < WINDOW; id =
                acknowledged.nextClearBit(id + 1)) {
            ids.add(dice.below(ids.size() + 1), id);
        }
        if (dice.once(3)) {
            ids.add(dice.anyOf(ids.toArray(Integer[]::new))); // again before it is answered
        }
        return ids;
    }

    private synchronized void answered(int id, AppendedAt answer, Throwable failed,
            SimMachine machine) {
        if (failed == null) {
            duplicates += answer.duplicate() && !acknowledged.get(id) ? 1 : 0;
            acknowledged.set(id);
        } else if (failed instanceof WalException.Conflict || !machine.faults().isOff()
                && !(failed instanceof WalException.OutOfOrder
                        || failed instanceof WalException.Overloaded
                        || failed instanceof WalException.Closed)) {
            wrong = new AssertionError("entry " + id + " is refused", failed);
        }
    }

    private static String text(int id) {
        return "#" + id + ":" + "x".repeat(id * 37 % 300);
    }

    private static List<Payload> payload(int id) {
        return List.of(Payload.of(text(id).getBytes(US_ASCII)));
    }
}
