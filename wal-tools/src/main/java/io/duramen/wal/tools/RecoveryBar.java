package io.duramen.wal.tools;

import io.duramen.wal.log.RecoveryProgress;
import java.io.PrintWriter;
import java.time.Duration;

/// How far recovering a log is, drawn on a terminal where it takes long. Any thread may call; it is
/// gone when it is closed, and is not drawn any more.
final class RecoveryBar implements RecoveryProgress, AutoCloseable {
    /// What is over in this time is not worth a bar.
    static final Duration PATIENCE = Duration.ofMillis(500);

    private final PrintWriter terminal;
    private final long beginNanos;
    private Progress drawn;
    private long drawnBytes;
    private boolean closed;

    RecoveryBar(PrintWriter terminal, Duration patience) {
        this.terminal = terminal;
        this.beginNanos = System.nanoTime() + patience.toNanos();
    }

    @Override
    public synchronized void scanned(long scannedBytes, long totalBytes) {
        if (closed || drawn == null && System.nanoTime() < beginNanos) {
            return;
        }
        if (drawn == null) {
            drawn = Progress.on(terminal, "recover", totalBytes);
        }
        drawn.add(scannedBytes - drawnBytes);
        drawnBytes = scannedBytes;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (drawn != null) {
            drawn.close();
        }
    }
}
