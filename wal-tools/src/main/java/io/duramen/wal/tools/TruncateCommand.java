package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.TailVerdict;
import io.duramen.wal.log.TruncateOutcome;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal truncate`: the end of a log cut off by hand.
@Command(
        name = "truncate",
        description = {
            "Drops every entry behind one of them from the end of a log, for good. The next append"
                    + " gets the id after it again.",
            "",
            "The log must not be open for writing; with --dry-run it may be, and nothing is"
                    + " changed.",
        },
        footer = {
            "  wal truncate orders --after 99999 --dry-run",
            "  wal truncate orders --after 99999",
        })
final class TruncateCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Option(names = "--after", paramLabel = "ID", required = true,
            description = "The entry that is to be the last one; the one in front of the first"
                    + " there is drops all, -1 where that is entry 0.")
    private long after;

    @Option(names = "--dry-run", description = "Says what would be dropped, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    @Override
    public Integer call() {
        if (after < -1) {
            throw new ParameterException(spec.commandLine(), "no entry id: " + after);
        }
        LogId id = LogId.of(logId);
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            LogSurvey survey = LogSurvey.of(root.basePath(), id, environment.disk(),
                    environment.scheduler());
            if (survey.recovery().verdict() == TailVerdict.REFUSE) {
                throw new CommandFailure("the log cannot be opened for writing: "
                        + survey.recovery().why());
            }
            TruncateOutcome outcome = dryRun ? plan(id, environment) : truncate(id, environment);
            spec.commandLine().getOut().println(json ? toJson(outcome) : toLine(outcome));
        } catch (WalException.Trimmed trimmed) {
            throw new CommandFailure("the log starts with entry " + trimmed.firstId()
                    + " and cannot end before entry " + (trimmed.firstId() - 1));
        }
        return ExitCode.SUCCESS;
    }

    private TruncateOutcome plan(LogId id, LogEnvironment environment) {
        try (LogView view = LogView.open(root.basePath(), id, environment.disk(),
                environment.scheduler())) {
            return view.planTruncate(after);
        }
    }

    private TruncateOutcome truncate(LogId id, LogEnvironment environment) {
        try (DiskLog log = root.openExisting(id, LogSettings.defaults(), environment)) {
            return log.truncateAfter(after);
        }
    }

    private String toLine(TruncateOutcome outcome) {
        String what = outcome.entries() == 0 ? "nothing"
                : outcome.entries() + (outcome.entries() == 1 ? " entry" : " entries") + " with "
                        + outcome.bytes() + " bytes";
        String was = dryRun ? " would be"
                : outcome.entries() > 1 ? " were" : " was";
        return logId + ": " + what + was + " dropped, the log " + (dryRun ? "would go" : "goes")
                + " on with entry " + outcome.nextId();
    }

    private JsonObject toJson(TruncateOutcome outcome) {
        return new JsonObject().put("log", logId).put("dryRun", dryRun)
                .put("nextId", outcome.nextId()).put("entries", outcome.entries())
                .put("bytes", outcome.bytes());
    }
}
