package io.duramen.wal.examples.replay;

import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.streams.AppendTotal;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command line of the example. The table goes to standard output, what is said about it to
/// standard error.
@Command(
        name = "replay",
        description = {
            "Appends an access log to a log, replays it, and prints the requests per minute and"
                    + " status.",
            "Lines that the log has already are not appended again."
        },
        sortOptions = false,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:the log or the file has a problem", "2:wrong usage"})
final class ReplayCommand implements Callable<Integer> {
    @Option(
            names = "--base-path",
            paramLabel = "DIR",
            defaultValue = "${env:WAL_BASE_PATH:-./wal-data}",
            description = "Folder of the logs; else WAL_BASE_PATH, else ./wal-data.")
    private Path basePath;

    @Option(
            names = "--log",
            paramLabel = "LOG",
            defaultValue = "access",
            description = "Name of the log; ${DEFAULT-VALUE} if not given.")
    private String logName;

    @Option(
            names = "--from",
            paramLabel = "ID",
            description = "Replays from this entry on; else from the first there is.")
    private Long fromId;

    @Option(
            names = "--skip-append",
            description = "Only replays; the log may be in use by another process.")
    private boolean skipAppend;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this and exits.")
    private boolean help;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "An access log in common or combined format; else a bundled sample.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (fromId != null && fromId < 0) {
            throw wrong("--from is " + fromId + ", it must be 0 or more");
        }
        if (skipAppend && file != null) {
            throw wrong("--skip-append and a file exclude each other");
        }
        AccessLogFile lines = file == null ? AccessLogFile.sample() : AccessLogFile.of(file);
        LogId logId = LogId.of(logName);
        try (ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "replay")) {
            Wal wal = Wal.get(system);
            WalLog log = skipAppend ? wal.view(logId, basePath)
                    : wal.log(logId, basePath, wal.settings().forLog(logId));
            AccessLogReplay replay = new AccessLogReplay(system, log);
            if (!skipAppend) {
                append(replay, lines);
            }
            replay(replay).lines().forEach(spec.commandLine().getOut()::println);
        }
        return 0;
    }

    private void append(AccessLogReplay replay, AccessLogFile lines) {
        LogInfo before = replay.describe().toCompletableFuture().join();
        AppendTotal total;
        try (Progress bar = Progress.start("Append", " MB", 1_000_000, lines.sizeBytes())) {
            total = replay.append(lines, before, bar::step).toCompletableFuture().join();
        }
        spec.commandLine().getErr().println("Appended " + total.entries() + " lines of "
                + lines.name() + " to log " + logName + " in " + basePath
                + (before.nextId() == 0 ? "." : ", which had " + before.nextId() + " already."));
    }

    private StatusTable replay(AccessLogReplay replay) {
        LogInfo info = replay.describe().toCompletableFuture().join();
        long first = fromId == null ? info.firstId() : fromId;
        try (Progress bar = Progress.start("Replay", " entries", 1, info.nextId() - first)) {
            OptionalLong from = fromId == null ? OptionalLong.empty() : OptionalLong.of(fromId);
            return replay.replay(from, bar::step).toCompletableFuture().join();
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
