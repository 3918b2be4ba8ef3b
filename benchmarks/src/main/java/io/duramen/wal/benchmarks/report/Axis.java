package io.duramen.wal.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/// An axis of a drawing: what is on it, and how its values are written.
///
/// @param logarithmic whether equal ratios take equal room; its values are positive then
record Axis(String label, boolean logarithmic, DoubleFunction<String> show) {
    private static final int TICKS = 6;

    /// A part of an axis, from one round value to another.
    ///
    /// @param ticks round values, the first being its start and the last its end
    record Range(Axis axis, List<Double> ticks) {
        /// Where a value lies: 0 at the start, 1 at the end.
        double at(double value) {
            double from = axis.scale(ticks.getFirst());
            return (axis.scale(value) - from) / (axis.scale(ticks.getLast()) - from);
        }
    }

    private double scale(double value) {
        return logarithmic ? Math.log10(value) : value;
    }

    /// The range that holds all values from the smallest to the largest.
    Range over(double min, double max) {
        return new Range(this, logarithmic ? decades(min, max) : steps(min, max));
    }

    private static List<Double> decades(double min, double max) {
        int first = (int) Math.floor(Math.log10(min));
        int last = Math.max(first + 1, (int) Math.ceil(Math.log10(max)));
        List<Double> ticks = new ArrayList<>();
        for (int decade = first; decade <= last; decade++) {
            ticks.add(Math.pow(10, decade));
        }
        return ticks;
    }

    /// Multiples of 1, 2 or 5 times a power of ten.
    private static List<Double> steps(double min, double max) {
        double rough = (max > min ? max - min : Math.max(1, Math.abs(max))) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double ratio = rough / power;
        double step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        long first = (long) Math.floor(min / step);
        long last = Math.max(first + 1, (long) Math.ceil(max / step));
        for (long tick = first; tick <= last; tick++) {
            ticks.add(tick * step);
        }
        return ticks;
    }
}
