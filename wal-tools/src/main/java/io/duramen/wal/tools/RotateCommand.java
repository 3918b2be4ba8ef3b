package io.duramen.wal.tools;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogSurvey;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal rotate`: the fragment that grows completed by hand.
@Command(
        name = "rotate",
        description = {
            "Completes the fragment that a log grows in: the next append goes to another one, of"
                    + " the same size. So it can be trimmed, once it is not needed any more. Where"
                    + " the fragment is empty, nothing changes.",
            "",
            "The log must not be open for writing.",
        },
        footer = {
            "  wal rotate orders",
        })
final class RotateCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            LogSettings settings = LogSettings.defaults()
                    .withFragmentSizeBytes(fragmentSizeBytes(id, environment));
            try (DiskLog log = root.openExisting(id, settings, environment)) {
                boolean rotated = log.rotate();
                spec.commandLine().getOut().println(json ? toJson(log, rotated)
                        : toLine(log, rotated));
            }
        }
        return ExitCode.SUCCESS;
    }

    private long fragmentSizeBytes(LogId id, LogEnvironment environment) {
        LogSurvey survey = LogSurvey.of(root.basePath(), id, environment.disk(),
                environment.scheduler());
        return survey.fragments().isEmpty() || survey.isDamaged()
                ? LogSettings.defaults().fragmentSizeBytes()
                : survey.fragments().getLast().sizeBytes();
    }

    private String toLine(DiskLog log, boolean rotated) {
        return logId + ": " + (rotated ? "goes on in another fragment, with entry " + log.nextId()
                : "the fragment that grows is empty, nothing has changed");
    }

    private JsonObject toJson(DiskLog log, boolean rotated) {
        return new JsonObject().put("log", logId).put("rotated", rotated).put("nextId",
                log.nextId());
    }
}
