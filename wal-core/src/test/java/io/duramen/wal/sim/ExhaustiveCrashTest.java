package io.duramen.wal.sim;

import io.duramen.wal.log.LogSettings;
import io.duramen.wal.sim.CrashSearch.Background;
import io.duramen.wal.sim.CrashSearch.Bounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every small workload, ended at every step, by the end of the process and by every power failure
/// there may be at that step, in so far as [PowerFailures] bounds them: what is left opens, keeps
/// what was promised, and goes on. And the same when the power fails again at any step of opening.
///
/// What is left out: workloads with an operation in them that changed nothing, which are those
/// without it; and images of the device that were seen before, with the same owed.
///
/// `-Dwal.sim.operations=N` sets how many operations a workload has at most, and
/// `-Dwal.sim.operations-twice=N` where the power fails twice. `-Dwal.sim.ways=N` bounds the ways
/// in which the power fails at one step: up to that, all are tried.
class ExhaustiveCrashTest {
    private static final int OPERATIONS_MAX = Integer.getInteger("wal.sim.operations", 2);
    private static final int OPERATIONS_TWICE_MAX =
            Integer.getInteger("wal.sim.operations-twice", 1);
    /// As many ways as ten sectors can be left in.
    private static final int WAYS_MAX = Integer.getInteger("wal.sim.ways", 1 << 10);
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

    @Test
    void no_promise_is_broken_by_any_failure_in_any_small_workload() {
        crashAll(OPERATIONS_MAX, new Bounds(WAYS_MAX, 0));
    }

    @Test
    void no_promise_is_broken_where_a_file_is_used_again() {
        CrashSearch search = new CrashSearch(SETTINGS, new Bounds(WAYS_MAX, 0));
        for (Background background : Background.values()) {
            crashFollowing(search, TRIMMED, background, 1);
        }
        System.out.println("files used again: " + search.counts());
    }

    @Test
    void no_promise_is_broken_when_the_power_fails_again_during_recovery() {
        crashAll(OPERATIONS_TWICE_MAX, new Bounds(WAYS_MAX, WAYS_IN_RECOVERY_MAX));
    }

    private static void crashAll(int operationsMax, Bounds bounds) {
        CrashSearch search = new CrashSearch(SETTINGS, bounds);
        for (Background background : Background.values()) {
            search.crashEverywhere(List.of(), background);
            crashFollowing(search, List.of(), background, operationsMax);
        }
        System.out.println("up to " + operationsMax + " operations: " + search.counts());
    }

    /// All workloads that start with these operations and have at most so many more.
    private static void crashFollowing(CrashSearch search, List<Operation> first,
            Background background, int more) {
        if (more == 0) {
            return;
        }
        for (Operation next : ALPHABET) {
            List<Operation> workload = new ArrayList<>(first);
            workload.add(next);
            if (search.crashEverywhere(workload, background)) {
                crashFollowing(search, workload, background, more - 1);
            }
        }
    }
}
