package io.duramen.wal.benchmarks.report;

import java.util.List;
import java.util.function.DoubleFunction;

/// Values of several rounds: their median, and how far they lie apart.
///
/// @param count how many there are, at least one
public record Spread(double median, double min, double max, int count) {
    /// @throws IllegalArgumentException when there is no value
    static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.getFirst(), sorted.getLast(), sorted.size());
    }

    /// `2.1 M (1.9 M..2.2 M)`.
    String show(DoubleFunction<String> unit) {
        return count == 1 ? unit.apply(median)
                : unit.apply(median) + " (" + unit.apply(min) + ".." + unit.apply(max) + ")";
    }
}
