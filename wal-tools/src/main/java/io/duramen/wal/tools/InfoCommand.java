package io.duramen.wal.tools;

import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSurvey;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal info`: the logs of a folder, or one of them closer.
@Command(
        name = "info",
        description = {
            "Lists the logs of the folder, or tells about one: ids, fragments, who writes it, what"
                    + " recovery has done and would do. Changes no file; 'wal verify' looks at"
                    + " every byte.",
        },
        footer = {
            "  wal info",
            "  wal info orders",
            "  wal info orders --json",
        })
final class InfoCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", arity = "0..1", description = "The log's id; else all logs.")
    private String logId;

    @Option(names = "--json", description = "Prints JSON: an object for each log.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            SurveyText text = new SurveyText();
            if (logId != null) {
                LogSurvey survey = survey(LogId.of(logId), environment);
                out.print(json ? text.json(survey) + System.lineSeparator() : text.one(survey));
            } else {
                List<LogSurvey> surveys =
                        LogDirectory.logsIn(environment.disk(), root.basePath()).stream()
                                .filter(id -> LogSurvey.exists(root.basePath(), id,
                                        environment.disk()))
                                .map(id -> survey(id, environment)).toList();
                if (json) {
                    surveys.forEach(survey -> out.println(text.json(survey)));
                } else if (surveys.isEmpty()) {
                    out.println("no logs in " + root.basePath());
                } else {
                    out.print(text.list(surveys));
                }
            }
            out.flush();
        }
        return ExitCode.SUCCESS;
    }

    private LogSurvey survey(LogId id, LogEnvironment environment) {
        return LogSurvey.of(root.basePath(), id, environment.disk(), environment.scheduler());
    }
}
