package io.duramen.wal.tools;

import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RecoveryProgress;
import io.duramen.wal.streams.AppendSettings;
import io.duramen.wal.streams.WalFlow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal append`: input becomes entries, through the stream that applications use.
@Command(
        name = "append",
        description = {
            "Appends a file, or standard input, to a log; creates the log where it is not there.",
            "",
            "An entry of 'lines' is a line with its line feed, so that 'wal read' gives back the"
                    + " same bytes. 'length-prefixed' input has, in front of each entry, its"
                    + " length as a 4-byte little-endian number.",
            "",
            "With --atomic all of the input is one batch, which is in the log whole or not at all,"
                    + " whatever happens; it must fit a fragment. Where the input is wrong, or the"
                    + " command is told to end before it has read all of it, nothing is appended.",
            "",
            "With --at the first entry is appended only if it gets this id, and those that follow"
                    + " only if they get the ids behind it. Entries that the log has already, byte"
                    + " for byte, are not appended again, so a command whose outcome is not known"
                    + " can be run again. Where the log has others there, or is shorter, the exit"
                    + " code is 1, and nothing is appended from there on.",
            "",
            "With --epoch writers of a lower epoch are fenced off from then on; where one of a"
                    + " higher epoch has had the log the exit code is 1.",
            "",
            "Without --atomic, where the input is wrong, all before is appended and the message"
                    + " says how far. On SIGINT or SIGTERM it stops reading, completes the"
                    + " entries it has read and closes the log; the exit code is then 130 or 143.",
        },
        footer = {
            "  wal append orders orders.txt",
            "  producer | wal append orders --acks",
            "  wal append ledger transfer.txt --atomic",
            "  wal append orders --at 1000 < orders-from-1000.txt",
            "  wal append orders orders.txt --epoch 7",
            "  wal append images picture.png --split whole",
            "  wal append metrics --durability written < metrics.txt",
        })
final class AppendCommand implements Callable<Integer> {
    private static final int CHUNK_BYTES = 128 << 10;
    /// They may be stuck in a pipe that nobody reads.
    private static final Duration ACKS_END = Duration.ofSeconds(10);

    /// How input becomes entries.
    enum Split {
        LINES, WHOLE, LENGTH_PREFIXED;

        Splitter splitter(int largestBytes) {
            return switch (this) {
                case LINES -> new LineSplitter(largestBytes);
                case WHOLE -> new WholeSplitter(largestBytes);
                case LENGTH_PREFIXED -> new LengthPrefixSplitter(largestBytes);
            };
        }

        @Override
        public String toString() {
            return OptionName.of(this);
        }
    }

    private static final class SplitConverter extends ConstantConverter<Split> {
        SplitConverter() {
            super(Split.values());
        }
    }

    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "LOG", description = "The log's id.")
    private String logId;

    @Parameters(index = "1", arity = "0..1", paramLabel = "FILE", defaultValue = "-",
            description = "What to append; '-' or nothing for standard input.")
    private String input;

    @Option(names = "--split", paramLabel = "HOW", defaultValue = "lines",
            converter = SplitConverter.class,
            description = "What an entry is: ${COMPLETION-CANDIDATES}; else lines.")
    private Split split;

    @Option(names = "--durability", paramLabel = "LEVEL", defaultValue = "synced",
            description = "synced: acknowledged when on the device, the default; written: when"
                    + " the operating system has it.")
    private Durability durability;

    @Option(names = "--atomic",
            description = "Appends all of the input as one batch: whole or not at all.")
    private boolean atomic;

    @Option(names = "--at", paramLabel = "ID",
            description = "The id that the first entry must get; those that the log has already"
                    + " are not appended again.")
    private Long at;

    @Option(names = "--epoch", paramLabel = "N", defaultValue = "0",
            description = "The writer's epoch, 1 or more, not lower than any before it; else the"
                    + " next one.")
    private long epoch;

    @Option(names = "--acks",
            description = "Prints 'firstId lastId' for each acknowledgement, at once; with"
                    + " 'duplicate' behind where --at found it in the log.")
    private boolean acks;

    @Option(names = "--fragment-size", paramLabel = "SIZE", converter = SizeConverter.class,
            defaultValue = "64M",
            description = "Size of new fragments, a multiple of 4K from 12K to 32G; bounds the"
                    + " largest entry; else 64M.")
    private long fragmentSizeBytes;

    @Option(names = "--fragment-entries-max", paramLabel = "N",
            description = "Entries in a new fragment at most.")
    private Long fragmentEntriesMax;

    @Option(names = "--io-mode", paramLabel = "MODE", converter = ModeConverter.class,
            defaultValue = "auto",
            description = "How entries get into the file: buffered, direct (past the page cache),"
                    + " mapped (stored straight into it), or auto, which chooses between the first"
                    + " two for each group; else auto.")
    private IoMode ioMode;

    @Option(names = "--io-driver", paramLabel = "DRIVER", converter = DriverConverter.class,
            defaultValue = "posix",
            description = "How bytes reach the disk: posix, io_uring, or auto; else posix.")
    private IoDriver ioDriver;

    private long appended;
    private long duplicates;
    private long lastId = -1;

    @Override
    public Integer call() throws Exception {
        LogSettings settings = settings();
        try (InputStream bytes = open();
                LogSession session = session(settings)) {
            SplitStage stage = new SplitStage(split.splitter(settings.largestPayloadBytes()));
            try (Progress progress = progress()) {
                run(session, bytes, stage, progress, settings);
            } catch (RuntimeException failure) {
                throw withExtent(failure);
            }
        }
        if (root.streams().progressTerminal()) {
            spec.commandLine().getErr().println("wal: " + extent());
        } else if (duplicates > 0) {
            spec.commandLine().getErr().println("wal: " + there());
        }
        return ExitCode.SUCCESS;
    }

    private LogSettings settings() {
        if (at != null && at < 0) {
            throw new ParameterException(spec.commandLine(), "no entry id: " + at);
        }
        try {
            LogSettings settings = LogSettings.defaults().withIoMode(ioMode)
                    .withDurability(durability).withFragmentSizeBytes(fragmentSizeBytes)
                    .withEpoch(epoch);
            return fragmentEntriesMax == null ? settings
                    : settings.withFragmentEntriesMax(fragmentEntriesMax);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private LogSession session(LogSettings settings) {
        if (!root.streams().progressTerminal()) {
            return LogSession.write(root.basePath(), logId, settings, ioDriver,
                    RecoveryProgress.NONE);
        }
        try (RecoveryBar bar =
                new RecoveryBar(spec.commandLine().getErr(), RecoveryBar.PATIENCE)) {
            return LogSession.write(root.basePath(), logId, settings, ioDriver, bar);
        }
    }

    /// Opened before the log, so that input that cannot be read leaves no empty log behind.
    private InputStream open() throws IOException {
        if (input.equals("-")) {
            return root.streams().in();
        }
        Path file = Path.of(input);
        if (Files.isDirectory(file)) {
            throw new FileSystemException(input, null, "it is a directory, name a file");
        }
        return Files.newInputStream(file);
    }

    private Progress progress() throws IOException {
        if (!root.streams().progressTerminal() || acks) {
            return Progress.none();
        }
        Path file = Path.of(input);
        long size = !input.equals("-") && Files.isRegularFile(file) ? Files.size(file) : -1;
        return Progress.on(spec.commandLine().getErr(), "append", size);
    }

    private void run(LogSession session, InputStream bytes, SplitStage stage, Progress progress,
            LogSettings settings) {
        SharedKillSwitch stop = KillSwitches.shared("append-stop");
        RunnableGraph<CompletionStage<Done>> graph = StreamConverters
                .fromInputStream(() -> bytes, CHUNK_BYTES)
                .map(chunk -> {
                    progress.add(chunk.size());
                    return chunk;
                })
                .via(stop.flow())
                .via(stage)
                .via(at != null ? placed(session, stage, settings)
                        : unplaced(session, stage, settings))
                .toMat(Sink.foreach(this::acknowledged), Keep.right())
                .withAttributes(LogSession.STREAM);
        CompletionStage<Done> done = graph.run(session.system());
        session.onSignal(() -> {
            if (atomic) {
                stop.abort(new CommandFailure(
                        "it was told to end before all of the batch was read"));
            } else {
                stage.interrupt();
                stop.shutdown();
            }
            LogSession.awaitEnd(done, acks ? ACKS_END : LogSession.TIMEOUT);
        });
        LogSession.await(done);
        LogSession.await(stage.ended());
    }

    private Flow<ByteString, AppendedAt, NotUsed> unplaced(LogSession session, SplitStage stage,
            LogSettings settings) {
        AppendSettings appendSettings =
                AppendSettings.create(session.system()).withDurability(durability);
        return (atomic ? WholeBatch.of(settings, stage.ended())
                .via(WalFlow.appendBatches(session.log(), appendSettings))
                : WalFlow.acknowledging(session.log(), appendSettings))
                        .map(run -> new AppendedAt(run.firstId(), run.lastId(), run.durability(),
                                false));
    }

    private Flow<ByteString, AppendedAt, NotUsed> placed(LogSession session, SplitStage stage,
            LogSettings settings) {
        PlacedEntries entries = new PlacedEntries(session.log(), at,
                session.describe().nextId(), durability);
        return atomic ? WholeBatch.of(settings, stage.ended()).via(entries.batch())
                : entries.each();
    }

    private void acknowledged(AppendedAt run) throws IOException {
        if (run.duplicate()) {
            duplicates += run.lastId() - run.firstId() + 1;
        } else {
            appended += run.lastId() - run.firstId() + 1;
            lastId = run.lastId();
        }
        if (acks) {
            OutputStream out = root.streams().out();
            out.write((run.firstId() + " " + run.lastId()
                    + (run.duplicate() ? " duplicate\n" : "\n"))
                            .getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }

    private RuntimeException withExtent(RuntimeException failure) {
        return new CommandFailure(FailureSentence.of(failure) + "; before that, " + extent(),
                failure);
    }

    private String extent() {
        return (duplicates == 0 ? "" : there() + ", ")
                + (appended == 0 ? "nothing was appended"
                        : appended + (appended == 1 ? " entry was" : " entries were")
                                + " appended, up to id " + lastId);
    }

    private String there() {
        return duplicates + (duplicates == 1 ? " entry was" : " entries were")
                + " in the log already, from id " + at + " on";
    }
}
