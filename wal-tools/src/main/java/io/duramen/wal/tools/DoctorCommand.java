package io.duramen.wal.tools;

import io.duramen.wal.log.LogSettings;
import io.duramen.wal.probe.Diagnosis;
import io.duramen.wal.probe.Examination;
import io.duramen.wal.probe.Machine;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `wal doctor`: what this machine offers to logs below the base path.
@Command(
        name = "doctor",
        description = {
            "Tells what this machine offers to logs below the base path, what of it will be used,"
                    + " and what to be warned of. Takes a few seconds: it writes and syncs in a"
                    + " directory of its own, which is removed again. The base path need not"
                    + " exist; then the nearest directory above it is looked at.",
            "",
            "'write and sync' is the time of writing 4 KiB that were there before, and fdatasync:"
                    + " the least that a synced append can take here. Where half of them take"
                    + " less than 20 us (7 us on a device that states it has no volatile cache),"
                    + " no device can have done that, and it warns that syncs are ignored. A"
                    + " virtual disk whose host ignores them is not found out that way.",
        },
        exitCodeList = {
            "0:logs can be written there, whatever there is to be warned of",
            "1:no log can be written there",
            "2:wrong usage",
        },
        footer = {
            "  wal doctor",
            "  wal doctor --base-path /var/lib/app/logs --fragment-size 1G",
            "  wal doctor --json | python3 -m json.tool",
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;

    @ParentCommand
    private WalCommand root;

    @Spec
    private CommandSpec spec;

    @Option(names = "--fragment-size", paramLabel = "SIZE", converter = SizeConverter.class,
            defaultValue = "64M",
            description = "Size of fragments there is to be room for, as of 'wal append'; else"
                    + " 64M.")
    private long fragmentSizeBytes;

    @Option(names = "--json", description = "Prints a JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        LogSettings settings = settings();
        try (OrderlyEnd _ = new OrderlyEnd()) {
            Diagnosis diagnosis = Diagnosis.of(
                    new Examination(Machine.local()).run(root.basePath()), settings);
            PrintWriter out = spec.commandLine().getOut();
            DiagnosisText text = new DiagnosisText(diagnosis);
            out.print(json ? text.json() + System.lineSeparator() : text.text());
            out.flush();
            return diagnosis.isUsable() ? ExitCode.SUCCESS : ExitCode.PROBLEM;
        } catch (InterruptedException _) {
            return INTERRUPTED; // the signal's own code is what the process ends with
        }
    }

    private LogSettings settings() {
        try {
            return LogSettings.defaults().withFragmentSizeBytes(fragmentSizeBytes);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage(), wrong);
        }
    }
}
