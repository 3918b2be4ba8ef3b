package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.LogVerification;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal verify`: every byte of a log, or of all logs.
@Command(
        name = "verify",
        description = {
            "Checks every byte of a log, or of all logs of the folder, and changes none. Prints a"
                    + " line for each finding and ends with 1 where there is damage.",
            "",
            "What a crash leaves behind and the next writer settles is a note and no damage, and so"
                    + " are entries that 'wal repair' marked as lost. A log that is being written"
                    + " is checked up to its durable id.",
        },
        footer = {
            "  wal verify orders",
            "  wal verify orders --since 1000000",
            "  wal verify --json",
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", arity = "0..1", description = "The log's id; else all logs.")
    private String logId;

    @Option(names = "--since", paramLabel = "ID", defaultValue = "0",
            description = "Leaves out the fragments that end before this entry.")
    private long sinceId;

    @Option(names = "--json", description = "Prints an object for each finding and each log.")
    private boolean json;

    @Override
    public Integer call() {
        if (sinceId < 0) {
            throw new ParameterException(spec.commandLine(), "an entry id is not negative");
        }
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            List<LogId> logs = logId != null ? List.of(LogId.of(logId))
                    : LogDirectory.logsIn(environment.disk(), root.basePath()).stream()
                            .filter(it -> LogSurvey.exists(root.basePath(), it,
                                    environment.disk()))
                            .toList();
            boolean allGood = true;
            for (LogId log : logs) {
                allGood &= isGood(log, environment);
            }
            return allGood ? ExitCode.SUCCESS : ExitCode.PROBLEM;
        }
    }

    /// A log that cannot be checked at all is reported, and does not keep others from it.
    private boolean isGood(LogId log, LogEnvironment environment) {
        try {
            return verify(log, environment).damages() == 0;
        } catch (WalException unreadable) {
            if (logId != null) {
                throw unreadable;
            }
            spec.commandLine().getOut().println(json
                    ? new JsonObject().put("log", log.value()).put("ok", false)
                            .put("problem", FailureSentence.of(unreadable))
                    : log + ": NOT CHECKED, " + FailureSentence.of(unreadable));
            return false;
        }
    }

    private LogVerification.Result verify(LogId log, LogEnvironment environment) {
        LogVerification.Result result;
        Report report = new Report(log);
        try (report) {
            result = LogVerification.run(root.basePath(), log, environment.disk(), sinceId,
                    report);
        }
        report.print(result);
        return result;
    }

    /// What is printed about one log.
    private final class Report implements LogVerification.Listener, AutoCloseable {
        private final PrintWriter out = spec.commandLine().getOut();
        private final LogId log;
        private Progress progress = Progress.none();

        Report(LogId log) {
            this.log = log;
        }

        @Override
        public void begins(long sizeBytes) {
            progress.close();
            if (root.streams().progressTerminal()) {
                progress = Progress.on(spec.commandLine().getErr(), "verify " + log, sizeBytes);
            }
        }

        @Override
        public void checked(long sizeBytes) {
            progress.add(sizeBytes);
        }

        @Override
        public void finding(LogVerification.Finding finding) {
            out.println(json ? toJson(finding) : toLine(finding));
        }

        private String toLine(LogVerification.Finding finding) {
            return (finding.isDamage() ? "damage: " : "note: ") + finding.file() + " offset "
                    + finding.what().offset()
                    + (finding.what().entryId() < 0 ? "" : " entry " + finding.what().entryId())
                    + ": " + finding.what().what();
        }

        private JsonObject toJson(LogVerification.Finding finding) {
            JsonObject object = new JsonObject().put("log", log.value())
                    .put("kind", finding.isDamage() ? "damage" : "note")
                    .put("file", finding.file().toString())
                    .put("offset", finding.what().offset());
            if (finding.what().entryId() >= 0) {
                object.put("entry", finding.what().entryId());
            }
            return object.put("what", finding.what().what());
        }

        void print(LogVerification.Result result) {
            if (json) {
                out.println(new JsonObject().put("log", log.value())
                        .put("ok", result.damages() == 0).put("entries", result.entries())
                        .put("lost", result.lost()).put("fragments", result.fragments())
                        .put("bytes", result.bytes())
                        .put("live", result.live()).put("damages", result.damages()));
                return;
            }
            String verdict = result.damages() == 0 ? "ok"
                    : "DAMAGED, " + result.damages()
                            + (result.damages() == 1 ? " finding" : " findings");
            out.println(log + ": " + verdict + ", " + result.entries() + " entries in "
                    + result.fragments() + " fragments, " + result.bytes() + " bytes checked"
                    + (result.lost() == 0 ? "" : ", " + result.lost() + " marked as lost")
                    + (result.live() ? "; a writer has it open, checked up to its durable id"
                            : ""));
        }

        @Override
        public void close() {
            progress.close();
        }
    }
}
