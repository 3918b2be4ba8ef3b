package io.duramen.wal.tools;

import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal snapshot`: a copy of a log as it is now.
@Command(
        name = "snapshot",
        description = {
            "Copies a log as it is at one moment, also while another process writes it: every"
                    + " entry up to the durable id, checked. The copy is a log of the same id in"
                    + " the folder DEST, to be read, verified and appended to with --base-path"
                    + " DEST.",
            "",
            "A log that is there already is never replaced. An interrupted snapshot leaves no log"
                    + " behind; the folder snapshot_<id> in DEST is used by the next one, or may"
                    + " be deleted.",
        },
        footer = {
            "  wal snapshot orders /backup/monday",
            "  wal --base-path /backup/monday verify orders",
        })
final class SnapshotCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Parameters(paramLabel = "DEST", description = "The folder to copy it to; made if missing.")
    private Path destination;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        LogSnapshot.Result result;
        try (LogEnvironment environment = LogEnvironment.open(1, 1);
                Copying copying = new Copying(id)) {
            result = LogSnapshot.take(root.basePath(), id, destination, environment, copying);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? toJson(result) : toLine(result));
        out.flush();
        return ExitCode.SUCCESS;
    }

    private static String toLine(LogSnapshot.Result result) {
        long entries = result.nextId() - result.firstId();
        return result.logId() + ": " + entries + " entries"
                + (entries == 0 ? "" : ", " + result.firstId() + " to " + (result.nextId() - 1))
                + ", in " + result.fragments() + " fragments, " + result.copiedBytes()
                + " bytes, copied to " + result.directory()
                + (result.live() ? "; a writer has it open, copied up to its durable id" : "");
    }

    private static JsonObject toJson(LogSnapshot.Result result) {
        return new JsonObject().put("log", result.logId().value())
                .put("directory", result.directory().toString()).put("firstId", result.firstId())
                .put("nextId", result.nextId()).put("fragments", result.fragments())
                .put("bytes", result.copiedBytes()).put("live", result.live());
    }

    /// Draws how far the copying is.
    private final class Copying implements LogSnapshot.Listener, AutoCloseable {
        private final LogId log;
        private Progress progress = Progress.none();

        Copying(LogId log) {
            this.log = log;
        }

        @Override
        public void begins(long sizeBytes) {
            if (root.streams().progressTerminal()) {
                progress = Progress.on(spec.commandLine().getErr(), "snapshot " + log, sizeBytes);
            }
        }

        @Override
        public void copied(long sizeBytes) {
            progress.add(sizeBytes);
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
