package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogSurvey;
import io.duramen.wal.log.StandbySettings;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root command: the options every command shares. A command takes them from here as its
/// `@ParentCommand`.
@Command(
        name = "wal",
        description = "Looks at the logs of a folder and works on them.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = WalVersion.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success",
            "1:the log has a problem",
            "2:wrong usage",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  wal append orders orders.txt      each line of a file becomes an entry",
            "  wal read orders                   prints them",
            "  wal tail orders                   and goes on as new ones come",
            "  wal info                          lists the logs",
            "  wal verify orders                 checks every byte",
            "  wal trim orders --older-than 30d  drops what is old",
            "  wal truncate orders --after 99    drops what is behind an entry",
            "  wal repair orders --dry-run       says what can be saved of a damaged log",
            "  wal snapshot orders /backup       copies a log, also one that is being written",
            "  wal doctor                        what this machine offers to logs",
            "  wal bench                         how fast they are here",
            "  WAL_BASE_PATH=/var/lib/app/logs wal info orders",
        },
        subcommands = {
            AppendCommand.class,
            ReadCommand.class,
            TailCommand.class,
            InfoCommand.class,
            VerifyCommand.class,
            TrimCommand.class,
            TruncateCommand.class,
            RotateCommand.class,
            FloorCommand.class,
            DumpCommand.class,
            RepairCommand.class,
            SnapshotCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
        })
final class WalCommand implements Runnable {
    @Option(
            names = "--base-path",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:WAL_BASE_PATH:-./wal-data}",
            description = "Folder of the logs; else WAL_BASE_PATH, else ./wal-data.")
    private Path basePath;

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Adds the stack trace to an error.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private final StandardStreams streams;

    WalCommand(StandardStreams streams) {
        this.streams = streams;
    }

    StandardStreams streams() {
        return streams;
    }

    Path basePath() {
        return basePath;
    }

    /// Opens a log for writing that is there; it makes no file ready for fragments to come.
    ///
    /// @throws WalException.NoSuchLog when there is no such log: it is not made
    DiskLog openExisting(LogId id, LogSettings settings, LogEnvironment environment) {
        if (!LogSurvey.exists(basePath, id, environment.disk())) {
            throw new WalException.NoSuchLog(id.value(), basePath);
        }
        return DiskLog.open(basePath, id, settings.withStandby(StandbySettings.OFF), environment);
    }

    boolean isVerbose() {
        return verbose;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
