package io.duramen.wal.benchmarks.targets;

import java.util.ArrayList;
import java.util.List;

/// Everything that is measured, in the order in which it is reported.
public final class Targets {
    private Targets() {}

    public static List<Target> of(Plan plan) {
        List<Target> targets = new ArrayList<>(List.of(AppendTargets.oneThreadWritten(plan),
                ReadTargets.core(plan), AppendTargets.oneCallerSynced(plan),
                AppendTargets.manyCallersSynced(plan), AppendTargets.streams(plan),
                ReadTargets.streams(plan), IoTargets.drivers(plan), LifeTargets.opening(plan),
                LifeTargets.idle(plan), LifeTargets.rotation(plan), CurveTargets.tail(plan),
                HotTargets.inMemory(plan)));
        if (plan.full()) {
            targets.add(CurveTargets.callers(plan));
            targets.add(CurveTargets.logs(plan));
            targets.add(CurveTargets.growth(plan));
        }
        return targets;
    }
}
