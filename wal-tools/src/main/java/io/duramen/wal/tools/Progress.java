package io.duramen.wal.tools;

import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// How far a command is, in bytes or steps: drawn on a terminal, else nothing. It is gone when the
/// command ends. Any thread may move it on.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 79;
    private static final int INTERVAL_MILLIS = 200;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final ProgressBar bar;
    private int begun;

    private Progress(PrintWriter terminal, ProgressBar bar) {
        this.terminal = terminal;
        this.bar = bar;
    }

    static Progress none() {
        return new Progress(null, null);
    }

    /// Counts bytes.
    ///
    /// @param totalBytes -1 where it is not known
    static Progress on(PrintWriter terminal, String task, long totalBytes) {
        return new Progress(terminal, builder(terminal, task).setInitialMax(totalBytes)
                .setUnit(" MiB", 1 << 20).showSpeed().build());
    }

    /// Counts steps that [#begin(String)] names.
    static Progress counting(PrintWriter terminal, String task, int steps) {
        return new Progress(terminal, builder(terminal, task).setInitialMax(steps).build());
    }

    private static ProgressBarBuilder builder(PrintWriter terminal, String task) {
        return new ProgressBarBuilder().setTaskName(task).setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(line -> {
                    terminal.print("\r" + line);
                    terminal.flush();
                }, WIDTH));
    }

    /// The next step has begun, and the one before is done.
    void begin(String step) {
        if (bar != null) {
            bar.stepTo(begun);
            begun++;
            bar.setExtraMessage(" " + step);
        }
    }

    void add(long bytes) {
        if (bar != null) {
            bar.stepBy(bytes);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            terminal.print(ERASE_LINE);
            terminal.flush();
        }
    }
}
