package io.duramen.wal.tools;

import io.duramen.wal.log.ReadRange;
import io.duramen.wal.streams.WalEntry;
import io.duramen.wal.streams.WalSource;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal read`: prints entries and ends where the log ends now.
@Command(
        name = "read",
        description = {
            "Prints a log's entries. Works while another process writes the log, and changes no"
                    + " file.",
            "",
            "'lines' prints payloads as they are, with a line feed between two where the first"
                    + " has none; 'raw' prints them one behind the other; 'json' an object per"
                    + " line with id, timestamp, size and the payload as text or base64; 'hex' id"
                    + " and payload.",
        },
        footer = {
            "  wal read orders",
            "  wal read orders --from 100 --count 10 --format json",
            "  wal read orders --since 15m",
            "  wal read images --from 3 --to 3 --format raw > picture.png",
        })
final class ReadCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Option(names = "--from", paramLabel = "ID",
            description = "First entry; else the first there is.")
    private Long from;

    @Option(names = "--since", paramLabel = "INSTANT", converter = InstantConverter.class,
            description = "First entry is the first that was written then or later:"
                    + " 2026-03-01T12:00:00Z, or so long ago, as 15m or 12h.")
    private Instant since;

    @Option(names = "--to", paramLabel = "ID",
            description = "Last entry, included; else the last there is.")
    private Long to;

    @Option(names = "--count", paramLabel = "N", description = "Entries at most.")
    private Long count;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "lines",
            converter = EntryFormat.Converter.class,
            description = "One of ${COMPLETION-CANDIDATES}; else lines.")
    private EntryFormat.Choice format;

    @Override
    public Integer call() {
        check();
        try (LogSession session = LogSession.view(root.basePath(), logId)) {
            Source<WalEntry, NotUsed> entries =
                    WalSource.current(session.log(), range(session));
            new Printing(session, root.streams().out()).run(entries,
                    format.create(false), false);
        }
        return ExitCode.SUCCESS;
    }

    private void check() {
        long first = from == null ? 0 : from;
        if (first < 0 || to != null && to < first || count != null && count < 0) {
            throw new ParameterException(spec.commandLine(),
                    "no range of entries: ids and counts are not negative, and --to is not before"
                            + " --from");
        }
        if (from != null && since != null) {
            throw new ParameterException(spec.commandLine(),
                    "--from and --since both say where to begin: give one of them");
        }
    }

    private ReadRange range(LogSession session) {
        long first = since != null ? session.firstIdAtOrAfter(since)
                : from != null ? from : session.describe().firstId();
        ReadRange range = to == null ? ReadRange.from(first)
                : new ReadRange(first, Math.max(to, first - 1));
        return count == null ? range : range.atMost(count);
    }
}
