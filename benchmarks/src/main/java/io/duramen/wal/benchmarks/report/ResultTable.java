package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Quantity;
import io.duramen.wal.benchmarks.targets.Group;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/// One group as a table of Markdown. Parameters that all its cases share are in its caption, the
/// others are columns.
final class ResultTable {
    private final Group group;
    private final Results results;
    private final List<Parameter> columns;

    ResultTable(Group group, Results results) {
        this.group = group;
        this.results = results;
        this.columns = Stream.of(Parameter.values()).filter(this::differs).toList();
    }

    String write() {
        StringBuilder table = new StringBuilder(caption()).append("\n\n");
        List<String> head = head();
        table.append(row(head)).append("|---".repeat(head.size())).append("|\n");
        for (Case subject : group.cases()) {
            table.append(row(cells(subject)));
        }
        return table.toString();
    }

    private static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }

    private boolean differs(Parameter parameter) {
        return group.cases().stream().map(subject -> shown(subject, parameter)).distinct()
                .count() > 1;
    }

    private static String shown(Case subject, Parameter parameter) {
        return subject.parameters().has(parameter)
                ? parameter.show(subject.parameters().text(parameter, ""))
                : "";
    }

    private String caption() {
        List<String> shared = new ArrayList<>();
        Case any = group.cases().getFirst();
        for (Parameter parameter : any.parameters().values().keySet()) {
            if (!columns.contains(parameter)) {
                shared.add(parameter.label() + " " + shown(any, parameter));
            }
        }
        return shared.isEmpty() ? "**" + group.title() + "**"
                : "**" + group.title() + "**: " + String.join(", ", shared);
    }

    private List<String> head() {
        List<String> cells = new ArrayList<>(List.of(""));
        columns.forEach(parameter -> cells.add(parameter.label()));
        group.shown().forEach(metric -> cells.add(metric.label()));
        group.reference().ifPresent(reference -> cells.add(
                group.metric().label() + ", ratio to " + reference.entrant().label()));
        cells.add("in effect");
        return cells;
    }

    private List<String> cells(Case subject) {
        List<String> cells = new ArrayList<>();
        String name = subject.entrant().versionedLabel();
        cells.add(subject.entrant().isOurs() ? "**" + name + "**" : name);
        columns.forEach(parameter -> cells.add(shown(subject, parameter)));
        for (Metric metric : group.shown()) {
            cells.add(results.spread(subject, metric).map(spread -> spread.show(metric::show))
                    .orElse(""));
        }
        group.reference().ifPresent(reference -> cells.add(ratio(subject, reference)));
        cells.add(results.failure(subject).map(why -> "**not measured**: " + oneLine(why))
                .orElseGet(() -> inEffect(results.outcomes(subject).values())));
        return cells;
    }

    private String ratio(Case subject, Case reference) {
        if (subject.equals(reference)) {
            return "1x";
        }
        return results.ratio(subject, reference, group.metric())
                .map(spread -> spread.show(times -> Quantity.digits(times) + "x")).orElse("");
    }

    private static String oneLine(String text) {
        return text.lines().findFirst().orElse("").replace("|", "/");
    }

    private static String inEffect(Collection<Outcome> outcomes) {
        List<String> texts = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            List<String> facts = new ArrayList<>();
            outcome.facts().forEach((name, value) -> facts.add(
                    name.equals(Contestant.SYNC) ? "synced " + value : value));
            texts.add(String.join(", ", facts));
        }
        return texts.isEmpty() ? "not measured" : String.join("; ", texts.stream().distinct()
                .toList());
    }
}
