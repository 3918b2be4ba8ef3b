package io.duramen.wal.benchmarks.targets;

import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Cases that are measured side by side, one after the other in every round, and shown in one
/// table.
///
/// @param title what the table is about
/// @param shown metrics in the order of the columns; the first is compared with the reference
/// @param reference what the others are compared with
/// @param chart what is drawn of it
/// @param rounds how often every case is measured, in a JVM of its own each time
public record Group(String title, List<Metric> shown, List<Case> cases, Optional<Case> reference,
        List<Goal> goals, Chart chart, int rounds, Budget budget) {
    public Group {
        shown = List.copyOf(shown);
        cases = List.copyOf(cases);
        goals = List.copyOf(goals);
        for (Goal goal : goals) {
            if (!cases.contains(goal.subject())
                    || !goal.than().map(cases::contains).orElse(true)) {
                throw new IllegalArgumentException(
                        title + " has a goal for a case that is not measured: " + goal);
            }
        }
        if (!reference.map(cases::contains).orElse(true)) {
            throw new IllegalArgumentException(title + " does not measure its reference");
        }
    }

    static Group of(String title, Plan plan, Metric... shown) {
        return new Group(title, List.of(shown), List.of(), Optional.empty(), List.of(),
                new Chart.None(), plan.rounds(), plan.budget());
    }

    public Metric metric() {
        return shown.getFirst();
    }

    Group add(Case subject) {
        List<Case> all = new ArrayList<>(cases);
        all.add(subject);
        return new Group(title, shown, all, reference, goals, chart, rounds, budget);
    }

    Group addAll(Collection<Case> subjects) {
        Group all = this;
        for (Case subject : subjects) {
            all = all.add(subject);
        }
        return all;
    }

    Group addReference(Case subject) {
        Group with = add(subject);
        return new Group(title, shown, with.cases, Optional.of(subject), goals, chart, rounds,
                budget);
    }

    Group aiming(Goal goal) {
        List<Goal> all = new ArrayList<>(goals);
        all.add(goal);
        return new Group(title, shown, cases, reference, all, chart, rounds, budget);
    }

    Group drawn(Chart how) {
        return new Group(title, shown, cases, reference, goals, how, rounds, budget);
    }

    Group titled(String other) {
        return new Group(other, shown, cases, reference, goals, chart, rounds, budget);
    }

    Group times(int other) {
        return new Group(title, shown, cases, reference, goals, chart, other, budget);
    }

    /// Measured as often as its goals deserve.
    Group timed(Plan plan) {
        return times(goals.isEmpty() ? plan.roundsAside() : plan.rounds());
    }

    Group within(Budget other) {
        return new Group(title, shown, cases, reference, goals, chart, rounds, other);
    }
}
