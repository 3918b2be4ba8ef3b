package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Sample;
import io.duramen.wal.benchmarks.targets.Goal;
import io.duramen.wal.benchmarks.targets.Group;
import io.duramen.wal.benchmarks.targets.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What was measured, to be asked for.
public final class Results {
    private final List<Sample> samples;

    public Results(List<Sample> samples) {
        this.samples = List.copyOf(samples);
    }

    /// One target's part.
    Results of(Target target) {
        return new Results(samples.stream()
                .filter(sample -> sample.target().equals(target.id())).toList());
    }

    /// One group's part.
    Results of(Target target, Group group) {
        return new Results(samples.stream().filter(sample -> sample.target().equals(target.id())
                && sample.group().equals(group.title())).toList());
    }

    boolean isEmpty() {
        return samples.isEmpty();
    }

    /// What came of a case, by round; rounds that failed are not there.
    Map<Integer, Outcome> outcomes(Case subject) {
        Map<Integer, Outcome> byRound = new TreeMap<>();
        for (Sample sample : samples) {
            if (sample.subject().equals(subject) && sample.outcome() != null) {
                byRound.put(sample.round(), sample.outcome());
            }
        }
        return byRound;
    }

    /// Why a case failed, the first time it did.
    Optional<String> failure(Case subject) {
        return samples.stream().filter(sample -> sample.subject().equals(subject)
                && sample.outcome() == null).map(Sample::failure).findFirst();
    }

    Optional<Spread> spread(Case subject, Metric metric) {
        List<Double> values = new ArrayList<>();
        for (Outcome outcome : outcomes(subject).values()) {
            Double value = outcome.values().get(metric);
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /// The ratio of two cases, each round by itself.
    Optional<Spread> ratio(Case subject, Case reference, Metric metric) {
        Map<Integer, Outcome> others = outcomes(reference);
        List<Double> ratios = new ArrayList<>();
        outcomes(subject).forEach((round, outcome) -> {
            Outcome other = others.get(round);
            if (other != null && outcome.values().containsKey(metric)
                    && other.values().containsKey(metric)) {
                ratios.add(outcome.values().get(metric) / other.values().get(metric));
            }
        });
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Spread.of(ratios));
    }

    /// What is compared with a goal's bound.
    Optional<Spread> of(Goal goal) {
        return goal.than().isPresent() ? ratio(goal.subject(), goal.than().get(), goal.metric())
                : spread(goal.subject(), goal.metric());
    }
}
