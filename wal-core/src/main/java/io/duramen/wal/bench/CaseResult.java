package io.duramen.wal.bench;

/// How a case ended.
public sealed interface CaseResult {
    BenchCase benchCase();

    record Measured(BenchCase benchCase, Measurement measurement) implements CaseResult {}

    /// This machine does not offer what the case is about.
    ///
    /// @param reason one sentence
    record NotOffered(BenchCase benchCase, String reason) implements CaseResult {}
}
