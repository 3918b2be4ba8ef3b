package io.duramen.wal.benchmarks.harness;

/// What came of one case in one round.
///
/// @param outcome null where it failed
/// @param failure why it failed; empty where it did not
public record Sample(String target, String group, int round, Case subject, Outcome outcome,
        String failure) {
}
