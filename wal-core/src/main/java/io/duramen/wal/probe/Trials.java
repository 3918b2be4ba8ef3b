package io.duramen.wal.probe;

import io.duramen.wal.log.LogEnvironment;
import java.nio.file.Path;
import java.util.List;

/// What was tried out below a directory.
///
/// @param files what a log asks of files
/// @param modes a log in each I/O mode, by the mode's name
/// @param writeAndSync times of writing 4096 bytes that were there before, and syncing them: the
///     least that a durable append costs here
public record Trials(List<Trial> files, List<Trial> modes, Latency writeAndSync) {
    /// What each write of `writeAndSync` takes.
    public static final int WRITE_BYTES = 4096;

    public Trials {
        files = List.copyOf(files);
        modes = List.copyOf(modes);
    }

    /// Tries everything out; takes a second or two.
    ///
    /// @param directory a directory that may be written to; what is created stays in it
    /// @throws io.duramen.wal.WalException when nothing can be written there
    /// @throws InterruptedException when this thread is interrupted
    static Trials run(LogEnvironment environment, Path directory, SyncMeasurement measurement)
            throws InterruptedException {
        List<Trial> files = new FileTrials(environment, directory).run();
        List<Trial> modes = new ModeTrials(environment, directory).run();
        try (PreWrittenFile file = PreWrittenFile.buffered(environment.disk(),
                environment.scheduler(), directory.resolve("write-and-sync"), WRITE_BYTES)) {
            return new Trials(files, modes, measurement.of(file::writeAndSync));
        }
    }
}
