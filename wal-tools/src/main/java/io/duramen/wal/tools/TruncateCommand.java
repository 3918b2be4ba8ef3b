package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.log.TailVerdict;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal truncate`: takes entries off the end of a log.
@Command(
        name = "truncate",
        description = {
            "Takes the entries behind one off the end of a log, for good; their ids are given"
                    + " again. Floors of consumers beyond the new end are lowered to it.",
            "",
            "The log must not be open for writing; with --dry-run it may be, and nothing is"
                    + " changed. Readers that have read further fail and say so.",
        },
        footer = {
            "  wal truncate orders --after 99999 --dry-run",
            "  wal truncate orders --after 99999",
            "  wal truncate orders --after -1       takes all of a log that was never trimmed",
        })
final class TruncateCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Option(names = "--after", paramLabel = "ID", required = true,
            description = "The last entry that stays.")
    private long lastId;

    @Option(names = "--dry-run", description = "Says what would go, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            long entries = dryRun ? plan(id, environment) : truncate(id, environment);
            spec.commandLine().getOut().println(json ? toJson(entries) : toLine(entries));
        }
        return ExitCode.SUCCESS;
    }

    /// @return entries that would go
    private long plan(LogId id, LogEnvironment environment) {
        LogSurvey survey = LogSurvey.of(root.basePath(), id, environment.disk(),
                environment.scheduler());
        if (survey.recovery().verdict() == TailVerdict.REFUSE) {
            throw new CommandFailure("the log cannot be opened for writing: "
                    + survey.recovery().why());
        }
        if (lastId < survey.firstId() - 1) {
            throw new WalException.Trimmed(lastId, survey.firstId());
        }
        if (lastId >= survey.nextId()) {
            throw new WalException.PastEnd(lastId, survey.nextId());
        }
        return survey.nextId() - 1 - lastId;
    }

    private long truncate(LogId id, LogEnvironment environment) {
        if (!LogSurvey.exists(root.basePath(), id, environment.disk())) {
            throw new WalException.NoSuchLog(id.value(), root.basePath());
        }
        LogSettings settings = LogSettings.defaults().withStandby(StandbySettings.OFF);
        try (DiskLog log = DiskLog.open(root.basePath(), id, settings, environment)) {
            long before = log.nextId();
            log.truncateAfter(lastId);
            return before - log.nextId();
        }
    }

    private String toLine(long entries) {
        return logId + ": " + entries + (entries == 1 ? " entry " : " entries ")
                + (dryRun ? "would go" : entries == 1 ? "is gone" : "are gone")
                + ", the log " + (dryRun ? "would go on" : "goes on") + " with entry "
                + (lastId + 1);
    }

    private JsonObject toJson(long entries) {
        return new JsonObject().put("log", logId).put("dryRun", dryRun).put("entries", entries)
                .put("nextId", lastId + 1);
    }
}
