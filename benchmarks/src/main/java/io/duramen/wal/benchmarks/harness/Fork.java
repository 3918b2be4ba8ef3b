package io.duramen.wal.benchmarks.harness;

import io.duramen.wal.benchmarks.contestant.Contestant;
import java.nio.file.Path;

/// What a fresh JVM is asked to measure.
///
/// @param subject what to measure
/// @param directory a folder of its own, which may not exist yet
public record Fork(Case subject, Budget budget, Path directory) {
    public Parameters parameters() {
        return subject.parameters();
    }

    /// Opens the contestant in this fork's directory.
    public <C extends Contestant> C open(Class<C> ability) throws Exception {
        return subject.entrant().open(directory, parameters(), ability);
    }
}
