package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogRepair;
import io.duramen.wal.log.LogVerification;
import io.duramen.wal.log.RepairPlan;
import io.duramen.wal.log.RepairPlan.Action;
import io.duramen.wal.log.RepairPlan.Mode;
import io.duramen.wal.log.TailVerdict;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Asks verification, recovery, readers and both ways of repair about the files of a damaged log,
/// and checks that they agree and that nobody is ever silently wrong.
///
/// @param before what each id read as before the damage
record DamageJudge(Map<Long, String> before) {
    /// What was found out about one case.
    ///
    /// @param found verification calls it damage
    /// @param refused no writer could open it
    /// @param lost entries that marking gives up
    record Judgement(boolean found, boolean refused, long lost) {}

    static DamageJudge of(Map<Path, byte[]> files) {
        try (Arena memory = Arena.ofConfined();
                DiskLog log = SimLog.open(SimDisk.holding(files, memory))) {
            return new DamageJudge(SimLog.contents(log));
        }
    }

    Judgement judge(Map<Path, byte[]> files, String what) {
        try {
            boolean found = damages(files) > 0;
            boolean refused = open(files, found);
            long lost = repair(files, Mode.DROP_DAMAGED, found);
            repair(files, Mode.CUT, found);
            return new Judgement(found, refused, lost);
        } catch (RuntimeException | Error failure) {
            throw new AssertionError(what, failure);
        }
    }

    private static long damages(Map<Path, byte[]> files) {
        try (Arena memory = Arena.ofConfined()) {
            return verify(SimDisk.holding(files, memory)).damages();
        }
    }

    private static LogVerification.Result verify(SimDisk disk) {
        List<LogVerification.Finding> damage = new ArrayList<>();
        LogVerification.Result result = LogVerification.run(SimLog.BASE, SimLog.ID, disk,
                finding -> {
                    if (finding.isDamage()) {
                        damage.add(finding);
                        assertThat(finding.file().toString()).startsWith(SimLog.BASE.toString());
                        assertThat(finding.what().offset()).isNotNegative();
                        assertThat(finding.what().what()).isNotBlank();
                    }
                });
        assertThat(result.damages()).isEqualTo(damage.size());
        return result;
    }

    /// @return true where it is refused, which verification must have foreseen
    private boolean open(Map<Path, byte[]> files, boolean found) {
        try (Arena memory = Arena.ofConfined()) {
            SimDisk disk = SimDisk.holding(files, memory);
            try (DiskLog log = SimLog.open(disk)) {
                checkOpened(log, found);
                return false;
            } catch (WalException.Corrupt | WalException.MissingFragment refusal) {
                assertThat(found).as("refused, and not found: %s", refusal).isTrue();
                return true;
            }
        }
    }

    private void checkOpened(DiskLog log, boolean found) {
        Map<Long, String> contents = SimLog.contents(log);
        contents.forEach((id, payload) -> assertThat(payload)
                .isIn(before.get(id), SimLog.DAMAGED));
        if (!found) {
            assertThat(contents).doesNotContainValue(SimLog.DAMAGED);
        }
        if (contents.size() < before.size()) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
            assertThat(log.recoveryReport().evidence()).isPresent();
        }
    }

    /// @return entries lost
    private long repair(Map<Path, byte[]> files, Mode mode, boolean found) {
        try (Arena memory = Arena.ofConfined()) {
            SimDisk disk = SimDisk.holding(files, memory);
            LogEnvironment environment = SimLog.environment(disk);
            RepairPlan plan = LogRepair.plan(SimLog.BASE, SimLog.ID, mode, environment, _ -> {});
            assertThat(sameFiles(disk.files(), files)).as("a plan changes nothing").isTrue();
            assertThat(plan.isNothingToDo()).as("damage is to be repaired: %s", plan)
                    .isEqualTo(!found);
            LogRepair.Outcome outcome =
                    LogRepair.apply(SimLog.BASE, SimLog.ID, mode, environment, _ -> {});
            assertThat(outcome.plan()).isEqualTo(plan);
            checkOriginals(plan, outcome, files, disk.files());
            checkRepaired(disk, plan);
            return plan.lostEntries();
        }
    }

    private static boolean sameFiles(Map<Path, byte[]> some, Map<Path, byte[]> others) {
        return some.keySet().equals(others.keySet()) && some.entrySet().stream()
                .allMatch(it -> Arrays.equals(it.getValue(), others.get(it.getKey())));
    }

    private static void checkOriginals(RepairPlan plan, LogRepair.Outcome outcome,
            Map<Path, byte[]> original, Map<Path, byte[]> now) {
        for (RepairPlan.Change change : plan.changes()) {
            if (change.action() != Action.ADD) {
                Path kept = outcome.originals().orElseThrow()
                        .resolve(change.file().getFileName());
                assertThat(now.get(kept)).as("original %s", kept)
                        .isEqualTo(original.get(change.file()));
            }
        }
        original.forEach((path, content) -> {
            boolean stays = plan.changes().stream().noneMatch(it -> it.file().equals(path));
            if (stays && !path.equals(SimLog.LOCK)) {
                assertThat(now.get(path)).isEqualTo(content);
            }
        });
    }

    private void checkRepaired(SimDisk disk, RepairPlan plan) {
        assertThat(verify(disk).damages()).isZero();
        RepairPlan again = LogRepair.plan(SimLog.BASE, SimLog.ID, plan.mode(),
                SimLog.environment(disk), _ -> {});
        assertThat(again.isNothingToDo()).as("%s", again).isTrue();
        try (DiskLog log = SimLog.open(disk)) {
            assertThat(SimLog.contents(log)).isEqualTo(promisedBy(plan));
            assertThat(log.nextId()).isEqualTo(plan.nextId());
            assertThat(log.append(new byte[5])).isEqualTo(plan.nextId());
        }
        assertThat(verify(disk).damages()).isZero();
    }

    private Map<Long, String> promisedBy(RepairPlan plan) {
        Map<Long, String> promised = new TreeMap<>();
        for (long id = plan.firstId(); id < plan.nextId(); id++) {
            promised.put(id, before.get(id));
        }
        if (plan.mode() == Mode.DROP_DAMAGED) {
            plan.lost().forEach(lost -> {
                for (long id = lost.firstId(); id <= lost.lastId(); id++) {
                    promised.put(id, SimLog.LOST);
                }
            });
        }
        return promised;
    }
}
