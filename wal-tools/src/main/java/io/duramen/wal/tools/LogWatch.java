package io.duramen.wal.tools;

import io.duramen.wal.log.LogView;
import io.duramen.wal.log.StorageInfo;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Prints how a log goes on, a line for each interval, as `vmstat` does: entries that became
/// durable, those that are written and not durable yet, and what the log takes on the disk.
record LogWatch(LogView view, PrintWriter out, boolean json) {
    private static final String FORMAT = "%-20s  %-7s  %12s  %12s  %12s  %9s  %12s%n";

    /// Ends earlier where nobody reads what it prints.
    ///
    /// @param lines how many to print, at least 1
    /// @throws InterruptedException when it is to end earlier
    void run(Duration interval, long lines) throws InterruptedException {
        if (!json) {
            out.printf(Locale.ROOT, FORMAT, "time", "writer", "entries/s", "next id", "not durable",
                    "fragments", "bytes on disk");
            out.flush();
        }
        long before = view.refresh();
        long since = System.nanoTime();
        for (long line = 0; line < lines && !out.checkError(); line++) {
            Thread.sleep(interval);
            long nextId = view.refresh();
            long now = System.nanoTime();
            double seconds = (double) (now - since) / TimeUnit.SECONDS.toNanos(1);
            print(nextId, Math.max(0, nextId - before) / seconds);
            before = nextId;
            since = now;
        }
    }

    private void print(long nextId, double entriesPerSecond) {
        Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        long rate = Math.round(entriesPerSecond);
        long notDurable = Math.max(0, view.writtenId() - nextId + 1);
        int fragments = view.fragments().all().size();
        long bytes = StorageInfo.ofView(view.fragments()).usedBytes();
        if (json) {
            out.println(new JsonObject().put("time", time.toString())
                    .put("writer", view.hasWriter()).put("entriesPerSecond", rate)
                    .put("nextId", nextId).put("notDurable", notDurable)
                    .put("fragments", fragments).put("bytesOnDisk", bytes));
        } else {
            out.printf(Locale.ROOT, FORMAT, time, view.hasWriter() ? "yes" : "no", rate, nextId,
                    notDurable, fragments, bytes);
        }
        out.flush();
    }
}
