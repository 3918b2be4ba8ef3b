package io.duramen.wal.tools;

import io.duramen.wal.bench.Bench;
import io.duramen.wal.bench.BenchCase;
import io.duramen.wal.bench.BenchSettings;
import io.duramen.wal.bench.CaseResult;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPoolSettings;
import io.duramen.wal.probe.MachineFacts;
import io.duramen.wal.probe.ScratchDirectory;
import io.duramen.wal.probe.StorageFacts;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `wal bench`: how fast logs are below the base path.
@Command(
        name = "bench",
        description = {
            "Measures logs below the base path, in a directory of its own that is removed again:"
                    + " appends in several I/O modes, synced and written, by 1, 16 and 64 callers"
                    + " at a time; reading; and the device alone. It takes less than a minute.",
            "",
            "'append': callers that each append one entry, wait for the acknowledgement, and"
                    + " append the next, through the embedded log with its default settings,"
                    + " rotation included. 'synced' is acknowledged when it is on the device,"
                    + " 'written' when the operating system has it.",
            "'bare write+sync': one caller writes as many bytes as an entry takes into a file"
                    + " that was written before, and syncs them, without a log. Compare its row"
                    + " 'direct', which is whole blocks, with one caller, synced, of auto or"
                    + " direct, and 'buffered' with one of buffered.",
            "'replay': one caller reads a log in order and checks each entry; the log is in the"
                    + " page cache, so this is the processor's speed and not the disk's.",
            "",
            "'per second' counts entries acknowledged or read, 'MiB/s' their payload. The other"
                    + " columns are times of single appends: 'p99' is what 99 of 100 did not"
                    + " exceed, 'max' the longest. The loop is closed: a caller that waits sends"
                    + " nothing, so a stall shows as one long time for each caller and not for"
                    + " everything that would have come meanwhile. Do not read them as response"
                    + " times under a given rate of arrivals.",
            "",
            "Numbers are for comparing modes, settings and machines, each measured alone on an"
                    + " idle machine. A case ends early when it has written 512 MiB.",
        },
        exitCodeList = {
            "0:success",
            "1:it could not be measured",
            "2:wrong usage",
        },
        footer = {
            "  wal bench",
            "  wal bench --base-path /mnt/nvme --payload-bytes 1024 --modes buffered,direct",
            "  wal bench --io-driver io_uring --seconds-per-case 5",
            "  wal bench --json | python3 -m json.tool",
        })
final class BenchCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int IO_THREADS = 2;
    private static final int BUFFERS = 16;
    private static final long LARGE_ENTRIES_BYTES_MAX = 256L << 20;
    /// Of what is free, a case may write one part.
    private static final int PARTS = 4;

    private static final class SecondsConverter
            implements ITypeConverter<Duration> {
        private static final Pattern NUMBER = Pattern.compile("\\d{1,4}(\\.\\d{1,9})?");
        private static final double SECONDS_MIN = 0.001;
        private static final double SECONDS_MAX = 3600;

        @Override
        public Duration convert(String text) {
            double seconds = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : 0;
            if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
                throw new TypeConversionException("'" + text
                        + "' is no time: write seconds from 0.001 to 3600, such as 0.3");
            }
            return Duration.ofNanos((long) (seconds * 1e9));
        }
    }

    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Option(names = "--payload-bytes", paramLabel = "SIZE", converter = SizeConverter.class,
            defaultValue = "256", description = "Size of each entry, 0 to 1M; else 256.")
    private long payloadBytes;

    @Option(names = "--modes", paramLabel = "MODE", split = ",", converter = ModeConverter.class,
            defaultValue = "auto,direct,mapped",
            description = "I/O modes to measure, with commas between; else"
                    + " auto,direct,mapped.")
    private List<IoMode> modes;

    @Option(names = "--io-driver", paramLabel = "DRIVER", converter = DriverConverter.class,
            defaultValue = "posix",
            description = "How bytes reach the disk: posix, io_uring, or auto; else posix.")
    private IoDriver ioDriver;

    @Option(names = "--seconds-per-case", paramLabel = "SECONDS",
            converter = SecondsConverter.class, defaultValue = "1.5",
            description = "How long each case is measured, such as 0.3; else 1.5. Warming up takes"
                    + " half as long again, 0.5 at most.")
    private Duration secondsPerCase;

    @Option(names = "--json", description = "Prints a JSON object, times in nanoseconds.")
    private boolean json;

    @Override
    public Integer call() {
        StorageFacts storage = StorageFacts.of(ScratchDirectory.nearest(root.basePath()));
        BenchSettings settings = settings(storage);
        IoDriver.Choice driver = ioDriver.choose();
        List<CaseResult> results;
        try (OrderlyEnd _ = new OrderlyEnd();
                LogEnvironment environment = environment(driver);
                Progress progress = progress(settings)) {
            results = new Bench(environment, root.basePath(), settings)
                    .run(benchCase -> progress.begin(BenchText.name(benchCase)));
        } catch (InterruptedException _) {
            return INTERRUPTED; // the signal's own code is what the process ends with
        }
        BenchText text = new BenchText(MachineFacts.ofThisProcess(), storage, driver, settings,
                results);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? text.json() + System.lineSeparator() : text.text());
        out.flush();
        return ExitCode.SUCCESS;
    }

    private BenchSettings settings(StorageFacts storage) {
        BenchSettings settings = requested();
        long part = storage.fileSystem().usableBytes().orElse(Long.MAX_VALUE) / PARTS;
        if (part < BenchSettings.CASE_BYTES_MIN) {
            throw new CommandFailure("measuring takes up to " + PARTS * BenchSettings.CASE_BYTES_MIN
                    + " bytes and " + storage.fileSystem().usableBytes().orElseThrow()
                    + " are free in " + storage.fileSystem().directory()
                    + ": make room, or choose another base path");
        }
        return settings.withCaseBytesMax(Math.min(settings.caseBytesMax(), part));
    }

    private BenchSettings requested() {
        try {
            return BenchSettings.of((int) Math.min(payloadBytes, Integer.MAX_VALUE),
                    secondsPerCase).withModes(modes.stream().distinct().toList());
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }

    private static LogEnvironment environment(IoDriver.Choice driver) {
        return LogEnvironment.open(driver, IO_THREADS,
                new BufferPoolSettings("bench", LogEnvironment.GROUP_BYTES, BUFFERS, false,
                        LARGE_ENTRIES_BYTES_MAX),
                Executors.newCachedThreadPool(
                        Thread.ofPlatform().daemon().name("wal-background-", 0).factory()));
    }

    private Progress progress(BenchSettings settings) {
        return root.streams().progressTerminal()
                ? Progress.counting(spec.commandLine().getErr(), "bench",
                        BenchCase.all(settings.modes()).size())
                : Progress.none();
    }
}
