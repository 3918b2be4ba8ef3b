package io.duramen.wal.tools;

import io.duramen.wal.streams.WalSource;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal tail`: prints entries as they come.
@Command(
        name = "tail",
        description = {
            "Follows a log, also while another process writes it, and changes no file. Entries"
                    + " are printed when they are durable.",
            "",
            "Ends on SIGINT (Ctrl-C, exit code 130), on SIGTERM (143), and when nobody reads its"
                    + " output any more. Formats are those of 'wal read'; 'lines' ends every"
                    + " entry with a line feed.",
        },
        footer = {
            "  wal tail orders",
            "  wal tail orders --since 1h",
            "  wal tail orders --from 0 --format json | jq .text",
        })
final class TailCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Option(names = "--from", paramLabel = "ID",
            description = "First entry; else those that come from now on.")
    private Long from;

    @Option(names = "--since", paramLabel = "INSTANT", converter = InstantConverter.class,
            description = "First entry is the first that was written then or later:"
                    + " 2026-03-01T12:00:00Z, or so long ago, as 15m or 12h.")
    private Instant since;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "lines",
            converter = EntryFormat.Converter.class,
            description = "One of ${COMPLETION-CANDIDATES}; else lines.")
    private EntryFormat.Choice format;

    @Override
    public Integer call() {
        if (from != null && from < 0) {
            throw new ParameterException(spec.commandLine(), "an entry id is not negative");
        }
        if (from != null && since != null) {
            throw new ParameterException(spec.commandLine(),
                    "--from and --since both say where to begin: give one of them");
        }
        try (LogSession session = LogSession.view(root.basePath(), logId)) {
            long first = since != null ? session.firstIdAtOrAfter(since)
                    : from != null ? from : session.describe().nextId();
            new Printing(session, root.streams().out()).run(
                    WalSource.tail(session.log(), first), format.create(true), true);
        }
        return ExitCode.SUCCESS;
    }
}
