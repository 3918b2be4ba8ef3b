package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.fragment.FragmentCheck;
import io.duramen.wal.fragment.FragmentPromise;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.log.LogEnvironment;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal dump`: one fragment file, record by record.
@Command(
        name = "dump",
        description = {
            "Shows a fragment file as the format has it: header, group records, entries, footer."
                    + " Damage is shown in its place and ends with 1; nothing is changed.",
            "",
            "The file is looked at alone, but for the name beside it that tells where the log"
                    + " starts: what only the rest of the log proves, such as entries missing at"
                    + " the file's end, is found by 'wal verify'.",
        },
        footer = {
            "  wal dump wal-data/log_orders/fragment_00000000000000000000",
            "  wal dump wal-data/log_orders/fragment_00000000000000000000 --from 40 --count 3",
        })
final class DumpCommand implements Callable<Integer> {
    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FRAGMENT", description = "The file.")
    private Path file;

    @Option(names = "--bytes", paramLabel = "N", defaultValue = "32",
            description = "Bytes shown of each payload; else 32.")
    private int payloadBytesMax;

    @Option(names = "--from", paramLabel = "ID", defaultValue = "0",
            description = "First entry shown; else the file's first.")
    private long from;

    @Option(names = "--count", paramLabel = "N",
            description = "Entries shown at most; else all.")
    private Long count;

    @Override
    public Integer call() throws IOException {
        if (payloadBytesMax < 0 || from < 0 || count != null && count < 0) {
            throw new ParameterException(spec.commandLine(),
                    "ids, counts and bytes are not negative");
        }
        if (!Files.isRegularFile(file)) {
            throw Files.exists(file)
                    ? new FileSystemException(file.toString(), null,
                            "it is no file, name a fragment of a log")
                    : new NoSuchFileException(file.toString());
        }
        long end = count == null || count > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + count;
        try (LogEnvironment environment = LogEnvironment.open(1, 1);
                IoFile fragment = FragmentSharing.open(environment.disk(), file);
                Arena mapping = Arena.ofConfined()) {
            if (fragment.sizeBytes() == 0) {
                throw new WalException.Corrupt(file, 0, -1, "it is empty");
            }
            FragmentPrinter printer = new FragmentPrinter(spec.commandLine().getOut(), from, end,
                    payloadBytesMax, fragment.sizeBytes());
            FragmentCheck.run(file, fragment.map(IoFile.Mapping.READ_ONLY, 0,
                    fragment.sizeBytes(), mapping), promise(), printer);
            return printer.sawDamage() ? ExitCode.PROBLEM : ExitCode.SUCCESS;
        } catch (InternalError fault) {
            throw new WalException.Io("read", file, 0, fault.getMessage());
        }
    }

    /// Entries in front of the log's first one are trimmed, and may be a hole.
    private FragmentPromise promise() throws IOException {
        try (Stream<Path> beside = Files.list(file.toAbsolutePath().getParent())) {
            long head = beside.map(path -> FragmentName.headId(path.getFileName().toString()))
                    .flatMapToLong(OptionalLong::stream).max().orElse(0);
            return new FragmentPromise(-1, false, false, head, Optional.empty());
        }
    }
}
