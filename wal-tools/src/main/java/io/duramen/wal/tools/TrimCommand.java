package io.duramen.wal.tools;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.TailVerdict;
import io.duramen.wal.log.TrimOutcome;
import io.duramen.wal.log.TrimRule;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal trim`: retention by hand.
@Command(
        name = "trim",
        description = {
            "Drops entries from the start of a log, for good. Whole fragments are dropped, never"
                    + " the one that grows, and nothing that a consumer's floor holds; what shares"
                    + " a fragment with an entry that stays, stays too, but for whole blocks with"
                    + " --punch-holes. Ids are not given again.",
            "",
            "The log must not be open for writing; with --dry-run it may be, and nothing is"
                    + " changed.",
        },
        footer = {
            "  wal trim orders --before 100000 --dry-run",
            "  wal trim orders --older-than 30d",
            "  wal trim orders --keep-bytes 10G",
            "  wal trim orders --before 100000 --punch-holes",
        })
final class TrimCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @ArgGroup(multiplicity = "1")
    private Rule rule;

    @Option(names = "--punch-holes", description = "Gives back the blocks in front of the first"
            + " entry that stays, inside its fragment, as far as the file system can.")
    private boolean punchHoles;

    @Option(names = "--dry-run", description = "Says what would be dropped, and changes nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "Prints an object.")
    private boolean json;

    /// One of them.
    private static final class Rule {
        @Option(names = "--before", paramLabel = "ID", description = "What lies before an entry.")
        private Long before;

        @Option(names = "--older-than", paramLabel = "TIME", converter = DurationConverter.class,
                description = "Fragments whose newest entry is older: 90s, 15m, 12h, 30d.")
        private Duration olderThan;

        @Option(names = "--keep-bytes", paramLabel = "SIZE", converter = SizeConverter.class,
                description = "The oldest fragments, until the rest takes at most this.")
        private Long keepBytes;

        @Option(names = "--keep-entries", paramLabel = "N",
                description = "All but at least so many of the newest entries.")
        private Long keepEntries;

        TrimRule toTrimRule() {
            return before != null ? new TrimRule.Before(before)
                    : olderThan != null ? new TrimRule.OlderThan(olderThan)
                            : keepBytes != null ? new TrimRule.KeepBytes(keepBytes)
                                    : new TrimRule.KeepEntries(keepEntries);
        }
    }

    @Override
    public Integer call() {
        LogId id = LogId.of(logId);
        TrimRule trimRule = trimRule();
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            TrimOutcome outcome = dryRun ? plan(id, trimRule, environment)
                    : trim(id, trimRule, environment);
            spec.commandLine().getOut().println(json ? toJson(outcome) : toLine(outcome));
        }
        return ExitCode.SUCCESS;
    }

    private TrimRule trimRule() {
        try {
            return rule.toTrimRule();
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private TrimOutcome plan(LogId id, TrimRule trimRule, LogEnvironment environment) {
        LogSurvey survey = LogSurvey.of(root.basePath(), id, environment.disk(),
                environment.scheduler());
        if (survey.recovery().verdict() == TailVerdict.REFUSE) {
            throw new CommandFailure("the log cannot be opened for writing: "
                    + survey.recovery().why());
        }
        TrimOutcome outcome = survey.planTrim(trimRule, punchHoles, environment.clock());
        if (!punchHoles) {
            return outcome;
        }
        try (LogView view = LogView.open(root.basePath(), id, environment.disk(),
                environment.scheduler())) {
            return view.planHole(outcome, survey.floors(), environment.clock());
        }
    }

    private TrimOutcome trim(LogId id, TrimRule trimRule, LogEnvironment environment) {
        LogSettings settings = LogSettings.defaults()
                .withRetention(RetentionSettings.OFF.withPunchHoles(punchHoles));
        try (DiskLog log = root.openExisting(id, settings, environment)) {
            return log.trim(trimRule);
        }
    }

    private String toLine(TrimOutcome outcome) {
        String what = outcome.bytes() == 0 ? "nothing " + (dryRun ? "would be" : "was")
                + " dropped, the log " + (dryRun ? "would start" : "starts") + " with entry "
                + outcome.firstId()
                : outcome.fragments() + (outcome.fragments() == 1 ? " fragment" : " fragments")
                        + " with " + outcome.bytes() + " bytes " + (dryRun ? "would be" : "were")
                        + " dropped, the log " + (dryRun ? "would start" : "starts")
                        + " with entry " + outcome.firstId();
        String limit = switch (outcome.limit()) {
            case NONE -> "";
            case FLOOR -> "; consumer '" + outcome.heldBy().orElseThrow() + "' still needs more";
            case GROWING -> "; the fragment that the log ends in stays";
        };
        String ended = outcome.ended().isEmpty() ? ""
                : "; floors that have ended: " + String.join(", ", outcome.ended());
        return logId + ": " + what + limit + ended;
    }

    private JsonObject toJson(TrimOutcome outcome) {
        JsonObject object = new JsonObject().put("log", logId).put("dryRun", dryRun)
                .put("firstId", outcome.firstId()).put("wantedId", outcome.wantedId())
                .put("fragments", outcome.fragments()).put("bytes", outcome.bytes())
                .put("limit", OptionName.of(outcome.limit()));
        outcome.heldBy().ifPresent(consumer -> object.put("heldBy", consumer));
        return object.putTexts("ended", outcome.ended());
    }
}
