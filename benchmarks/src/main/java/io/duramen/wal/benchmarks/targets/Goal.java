package io.duramen.wal.benchmarks.targets;

import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Quantity;
import java.util.Optional;

/// What a case is to reach: a value, or a multiple of what another case reached in the same round.
///
/// @param than the case to compare with; empty where `bound` is a value of the metric
/// @param atLeast whether more is better
/// @param bound the multiple, or the value
public record Goal(Case subject, Metric metric, Optional<Case> than, boolean atLeast,
        double bound) {
    static Goal atLeast(Case subject, Metric metric, double times, Case than) {
        return new Goal(subject, metric, Optional.of(than), true, times);
    }

    static Goal atMost(Case subject, Metric metric, double times, Case than) {
        return new Goal(subject, metric, Optional.of(than), false, times);
    }

    static Goal atLeast(Case subject, Metric metric, double value) {
        return new Goal(subject, metric, Optional.empty(), true, value);
    }

    static Goal atMost(Case subject, Metric metric, double value) {
        return new Goal(subject, metric, Optional.empty(), false, value);
    }

    public boolean isReachedBy(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    /// A value of what is compared, as people read it.
    public String show(double value) {
        return than.isPresent() ? Quantity.digits(value) + "x" : metric.show(value);
    }

    /// `p50 at most 1.10x of bare pwrite`.
    @Override
    public String toString() {
        return metric.label() + (atLeast ? " at least " : " at most ") + show(bound)
                + than.map(other -> " of " + other.entrant().label()).orElse("");
    }
}
