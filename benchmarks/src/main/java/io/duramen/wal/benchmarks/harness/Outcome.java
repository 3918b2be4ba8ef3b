package io.duramen.wal.benchmarks.harness;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one fork found out.
///
/// @param values what it measured
/// @param facts what was in effect, such as the driver, the mode and when data was synced
/// @param curve values over something that grows, in order; empty where nothing does
/// @param latencies a histogram in nanoseconds, as [Latencies#encode()] writes it; empty for none
public record Outcome(Map<Metric, Double> values, Map<String, String> facts, List<Point> curve,
        String latencies) {
    /// A point of a curve.
    public record Point(double x, double y) {}

    public Outcome {
        EnumMap<Metric, Double> copy = new EnumMap<>(Metric.class);
        copy.putAll(values);
        values = copy;
        facts = new TreeMap<>(facts);
        curve = List.copyOf(curve);
    }

    public static Outcome of(Map<Metric, Double> values, Map<String, String> facts) {
        return new Outcome(values, facts, List.of(), "");
    }

    public Outcome withCurve(List<Point> points) {
        return new Outcome(values, facts, points, latencies);
    }

    public Outcome withLatencies(Latencies recorded) {
        EnumMap<Metric, Double> all = new EnumMap<>(Metric.class);
        all.putAll(values);
        all.putAll(recorded.percentiles());
        return new Outcome(all, facts, curve, recorded.encode());
    }
}
