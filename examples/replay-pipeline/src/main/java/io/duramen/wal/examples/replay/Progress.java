package io.duramen.wal.examples.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/// A progress bar on standard error while someone watches at a terminal; nothing otherwise.
final class Progress implements AutoCloseable {
    private final ProgressBar bar;

    private Progress(ProgressBar bar) {
        this.bar = bar;
    }

    /// Starts a bar.
    ///
    /// @param unit what is counted
    /// @param unitSize how many steps make one of it
    /// @param max the number of steps
    static Progress start(String task, String unit, long unitSize, long max) {
        if (!isWatched()) {
            return new Progress(null);
        }
        return new Progress(new ProgressBarBuilder().setTaskName(task).setUnit(unit, unitSize)
                .setInitialMax(max).setUpdateIntervalMillis(100).build());
    }

    /// Standard error may be redirected while the other streams are a terminal's, which Java does
    /// not tell; the kernel does.
    private static boolean isWatched() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev/pts");
        } catch (IOException _) {
            return false;
        }
    }

    /// May be called by any thread.
    void step(long steps) {
        if (bar != null) {
            bar.stepBy(steps);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
