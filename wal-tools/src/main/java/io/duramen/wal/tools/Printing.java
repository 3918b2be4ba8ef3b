package io.duramen.wal.tools;

import io.duramen.wal.streams.WalEntry;
import java.io.OutputStream;
import java.time.Duration;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/// Prints a stream of entries on standard output until it ends, its reader goes, or a signal comes.
record Printing(LogSession session, OutputStream out) {
    private static final Duration LAST_WRITE = Duration.ofSeconds(3);

    /// Returns when all is printed.
    void run(Source<WalEntry, NotUsed> entries, EntryFormat format, boolean flushWhenIdle) {
        PrintStage printer = new PrintStage(format, out, flushWhenIdle);
        SharedKillSwitch stop = KillSwitches.shared("print-stop");
        entries.via(stop.flow()).to(Sink.fromGraph(printer))
                .withAttributes(LogSession.STREAM)
                .run(session.system());
        session.onSignal(() -> {
            stop.shutdown();
            LogSession.awaitEnd(printer.ended(), LAST_WRITE);
        });
        LogSession.await(printer.ended());
    }
}
