package io.duramen.wal.benchmarks;

import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.ForkProcess;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Sample;
import io.duramen.wal.benchmarks.targets.Group;
import io.duramen.wal.benchmarks.targets.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Measures targets: every round takes each case of a group once, every other round in the opposite
/// order, so that a machine that gets slower or faster does so for all of them.
final class Rounds {
    private final DataFolder data;
    private final ForkProcess forks;
    private final Consumer<Sample> measured;

    /// @param measured told of every sample as it is there
    Rounds(DataFolder data, ForkProcess forks, Consumer<Sample> measured) {
        this.data = data;
        this.forks = forks;
        this.measured = measured;
    }

    void run(Target target) throws IOException, InterruptedException {
        for (Group group : target.groups()) {
            for (int round = 0; round < group.rounds(); round++) {
                List<Case> order = new ArrayList<>(group.cases());
                if (round % 2 == 1) {
                    order = order.reversed();
                }
                for (Case subject : order) {
                    measured.accept(run(target, group, round, subject));
                }
            }
        }
    }

    private Sample run(Target target, Group group, int round, Case subject)
            throws IOException, InterruptedException {
        Optional<String> obstacle = subject.entrant().obstacle();
        if (obstacle.isPresent()) {
            return new Sample(target.id(), group.title(), round, subject, null, obstacle.get());
        }
        Path folder = data.next();
        try {
            Outcome outcome = forks.run(new Fork(subject, group.budget(), folder));
            return new Sample(target.id(), group.title(), round, subject, outcome, "");
        } catch (ForkProcess.Failed failed) {
            return new Sample(target.id(), group.title(), round, subject, null,
                    failed.getMessage());
        } finally {
            data.delete(folder);
        }
    }
}
