package io.duramen.wal.benchmarks.targets;

import io.duramen.wal.benchmarks.harness.Parameter;

/// What is drawn of a group.
public sealed interface Chart {
    /// Nothing.
    record None() implements Chart {}

    /// The first metric over a parameter, a line for each combination of the others.
    record Over(Parameter parameter) implements Chart {}

    /// The curve that each case leaves, over bytes in the log.
    record Growth() implements Chart {}

    /// Latencies over percentiles.
    record Percentiles() implements Chart {}
}
