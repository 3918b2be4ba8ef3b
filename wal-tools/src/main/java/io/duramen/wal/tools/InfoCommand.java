package io.duramen.wal.tools;

import io.duramen.wal.log.LogDirectory;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.LogView;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal info`: the logs of a folder, or one of them closer.
@Command(
        name = "info",
        description = {
            "Lists the logs of the folder, or tells about one: ids, fragments, who writes it, what"
                    + " recovery has done and would do. Changes no file, and ends with 1 where a"
                    + " log"
                    + " is damaged; 'wal verify' looks at every byte.",
        },
        footer = {
            "  wal info",
            "  wal info orders",
            "  wal info orders --json",
            "  wal info orders --watch",
            "  wal info orders --watch 5s --count 12 --json",
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

    @Option(names = "--watch", paramLabel = "INTERVAL", arity = "0..1", fallbackValue = "1s",
            converter = DurationConverter.class,
            description = "Prints a line for each interval, every second where none is given, until"
                    + " it is interrupted: what became durable, and what is written.")
    private Duration watch;

    @Option(names = "--count", paramLabel = "N",
            description = "Ends after so many lines of --watch.")
    private Long count;

    @Override
    public Integer call() {
        try (LogEnvironment environment = LogEnvironment.open(1, 1)) {
            if (watch != null || count != null) {
                return watch(environment);
            }
            List<LogSurvey> surveys = surveys(environment);
            print(surveys, new SurveyText());
            return surveys.stream().anyMatch(LogSurvey::isDamaged) ? ExitCode.PROBLEM
                    : ExitCode.SUCCESS;
        }
    }

    private int watch(LogEnvironment environment) {
        if (watch == null || logId == null) {
            throw new ParameterException(spec.commandLine(), watch == null
                    ? "--count says how many lines --watch prints: give both"
                    : "--watch is for one log: name it");
        }
        if (watch.isZero() || count != null && count < 1) {
            throw new ParameterException(spec.commandLine(),
                    "the interval of --watch, and --count, are at least 1");
        }
        try (OrderlyEnd _ = new OrderlyEnd();
                LogView view = LogView.open(root.basePath(), LogId.of(logId), environment.disk(),
                        environment.scheduler())) {
            new LogWatch(view, spec.commandLine().getOut(), json).run(watch,
                    count == null ? Long.MAX_VALUE : count);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // this is how it ends
        }
        return ExitCode.SUCCESS;
    }

    private List<LogSurvey> surveys(LogEnvironment environment) {
        if (logId != null) {
            return List.of(survey(LogId.of(logId), environment));
        }
        return LogDirectory.logsIn(environment.disk(), root.basePath()).stream()
                .filter(id -> LogSurvey.exists(root.basePath(), id, environment.disk()))
                .map(id -> survey(id, environment)).toList();
    }

    private void print(List<LogSurvey> surveys, SurveyText text) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            surveys.forEach(survey -> out.println(text.json(survey)));
        } else if (logId != null) {
            out.print(text.one(surveys.getFirst()));
        } else if (surveys.isEmpty()) {
            out.println("no logs in " + root.basePath());
        } else {
            out.print(text.list(surveys));
        }
        out.flush();
    }

    private LogSurvey survey(LogId id, LogEnvironment environment) {
        return LogSurvey.of(root.basePath(), id, environment.disk(), environment.scheduler());
    }
}
