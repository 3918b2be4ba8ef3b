package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Latencies;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Quantity;
import io.duramen.wal.benchmarks.targets.Chart;
import io.duramen.wal.benchmarks.targets.Group;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is drawn of a group, as SVG.
final class GroupChart {
    private final Group group;
    private final Results results;

    private GroupChart(Group group, Results results) {
        this.group = group;
        this.results = results;
    }

    /// Empty where nothing is to be drawn, or nothing was measured.
    static Optional<String> draw(Group group, Results results) {
        GroupChart chart = new GroupChart(group, results);
        LineChart lines = switch (group.chart()) {
            case Chart.None _ -> null;
            case Chart.Over(Parameter parameter) -> chart.over(parameter);
            case Chart.Growth _ -> chart.growth();
            case Chart.Percentiles _ -> chart.percentiles();
        };
        return lines == null || lines.isEmpty() ? Optional.empty() : Optional.of(lines.svg());
    }

    private LineChart over(Parameter parameter) {
        Metric metric = group.metric();
        LineChart chart = new LineChart(metric.label() + " over " + parameter.label(),
                new Axis(parameter.label(), true, value -> parameter.show(
                        String.valueOf(Math.round(value)))),
                new Axis(metric.label(), true, metric::show));
        Map<String, List<Outcome.Point>> lines = new LinkedHashMap<>();
        for (Case subject : group.cases()) {
            results.spread(subject, metric).ifPresent(spread -> lines
                    .computeIfAbsent(nameWithout(subject, parameter), _ -> new ArrayList<>())
                    .add(new Outcome.Point(subject.parameters().number(parameter),
                            spread.median())));
        }
        lines.forEach(chart::add);
        return chart;
    }

    private LineChart growth() {
        LineChart chart = new LineChart("time per entry as a log grows",
                new Axis("payload in the log", false, Quantity::bytes),
                new Axis("time per entry", true, Metric.P50_NANOS::show));
        for (Case subject : group.cases()) {
            results.outcomes(subject).values().stream().findFirst().ifPresent(
                    outcome -> chart.add(nameWithout(subject, null), outcome.curve()));
        }
        return chart;
    }

    private LineChart percentiles() {
        LineChart chart = new LineChart("latency by percentile",
                new Axis("percentile", false, GroupChart::percentile),
                new Axis("latency", true, Metric.P50_NANOS::show));
        for (Case subject : group.cases()) {
            Latencies all = new Latencies();
            results.outcomes(subject).values().stream().map(Outcome::latencies)
                    .filter(text -> !text.isEmpty()).map(Latencies::decode).forEach(all::add);
            if (all.count() > 0) {
                chart.add(nameWithout(subject, null), IntStream.rangeClosed(0, 40)
                        .mapToDouble(step -> step / 10.0).mapToObj(x -> new Outcome.Point(x,
                                Math.max(1, all.atPercentile(100 - 100 * Math.pow(10, -x)))))
                        .toList());
            }
        }
        return chart;
    }

    /// The percentile at a place of the axis: 1 is 90 %, 2 is 99 %, and so on.
    private static String percentile(double nines) {
        BigDecimal slower = BigDecimal.ONE.scaleByPowerOfTen(2 - (int) Math.round(nines));
        return BigDecimal.valueOf(100).subtract(slower).toPlainString() + " %";
    }

    /// What tells a case from the others, but for one parameter.
    private String nameWithout(Case subject, Parameter left) {
        List<String> words = new ArrayList<>(List.of(subject.entrant().label()));
        for (Parameter parameter : subject.parameters().values().keySet()) {
            boolean differs = group.cases().stream()
                    .map(other -> other.parameters().text(parameter, ""))
                    .filter(value -> !value.isEmpty()).distinct().count() > 1;
            if (parameter != left && differs) {
                words.add(parameter.show(subject.parameters().text(parameter, "")));
            }
        }
        return String.join(", ", words);
    }
}
