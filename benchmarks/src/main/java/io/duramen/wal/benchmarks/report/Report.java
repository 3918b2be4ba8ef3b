package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.targets.Goal;
import io.duramen.wal.benchmarks.targets.Group;
import io.duramen.wal.benchmarks.targets.Target;
import java.util.List;
import java.util.Map;

/// Results as a page of Markdown.
public final class Report {
    private final StringBuilder page = new StringBuilder();
    private final Results results;
    private final Map<Group, String> charts;

    private Report(Results results, Map<Group, String> charts) {
        this.results = results;
        this.charts = charts;
    }

    /// @param command how the run can be repeated
    /// @param charts files with drawings, to be linked
    public static String of(List<Target> targets, Results results, Map<Group, String> charts,
            Machine machine, String command) {
        Report report = new Report(results, charts);
        report.introduce(command, machine);
        report.goals(targets);
        targets.forEach(report::target);
        return report.page.toString();
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private void introduce(String command, Machine machine) {
        line("# Benchmarks\n");
        line("Written by `" + command + "`. Every number is the median over rounds (min..max);"
                + " each round of a case is a JVM of its own, and cases of a table alternate. A"
                + " ratio is taken within each round, so it has a spread of its own. How ours and"
                + " its peers are set up: `benchmarks/README.md`.\n");
        line("| machine | |");
        line("|---|---|");
        machine.facts().forEach((name, value) -> line("| " + name + " | " + value + " |"));
        line("");
    }

    private void goals(List<Target> targets) {
        line("| | measured of | goal | reached | |");
        line("|---|---|---|---|---|");
        for (Target target : targets) {
            for (Group group : target.groups()) {
                group.goals().forEach(goal -> goal(target, results.of(target, group), goal));
            }
        }
        line("");
    }

    private void goal(Target target, Results measured, Goal goal) {
        String verdict = measured.of(goal).map(spread -> spread.show(goal::show) + " | "
                + (goal.isReachedBy(spread.median()) ? "yes" : "**not reached**"))
                .orElse("not measured | **not reached**");
        line("| " + target.id() + " | " + goal.subject() + " | " + goal + " | " + verdict + " |");
    }

    private void target(Target target) {
        line("## " + target.id() + ": " + target.title() + "\n");
        line(target.text() + "\n");
        target.overviews().forEach(this::chart);
        for (Group group : target.groups()) {
            line(new ResultTable(group, results.of(target, group)).write());
            chart(group);
        }
    }

    private void chart(Group group) {
        if (charts.containsKey(group)) {
            line("![" + group.title() + "](" + charts.get(group) + ")\n");
        }
    }
}
