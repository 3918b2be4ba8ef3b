package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// From arguments to an exit code. Every failure becomes one sentence on standard error, and with
/// `--verbose` its stack trace behind it.
public final class WalMain {
    private WalMain() {}

    /// The process ends with one of [ExitCode].
    public static void main(String[] arguments) {
        System.exit(commandLine(new WalCommand()).execute(arguments));
    }

    static CommandLine commandLine(WalCommand root) {
        return new CommandLine(root)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(WalMain::onWrongUsage)
                .setExecutionExceptionHandler(WalMain::onFailure);
    }

    private static int onWrongUsage(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("wal: " + firstSmall(wrong.getMessage()) + guess(wrong) + "; '"
                + command.getCommandSpec().qualifiedName() + " --help' tells more");
        if (List.of(arguments).contains("--verbose")) {
            wrong.printStackTrace(err);
        }
        return ExitCode.USAGE;
    }

    private static int onFailure(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("wal: " + sentence(failure));
        WalCommand root = (WalCommand) command.getCommandSpec().root().userObject();
        if (root.isVerbose()) {
            failure.printStackTrace(err);
        }
        return ExitCode.PROBLEM;
    }

    private static String sentence(Exception failure) {
        return switch (failure) {
            case WalException named -> oneLine(named.getMessage());
            case UncheckedIOException wrapper -> sentence(wrapper.getCause());
            case FileSystemException file -> file.getFile() + ": " + reason(file);
            case IOException io -> oneLine(String.valueOf(io.getMessage()));
            default -> "this should not happen, please report it with the output of --verbose: "
                    + oneLine(failure.toString());
        };
    }

    /// What the exception says; its kind in words where it says nothing, as `NoSuchFileException`.
    private static String reason(FileSystemException file) {
        if (file.getReason() != null) {
            return file.getReason();
        }
        String kind = file.getClass().getSimpleName().replaceFirst("Exception$", "");
        return kind.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT);
    }

    private static String guess(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            return near.isEmpty() ? "" : ", did you mean '" + near.getFirst() + "'?";
        }
        return "";
    }

    private static String firstSmall(String message) {
        return Character.toLowerCase(message.charAt(0)) + oneLine(message).substring(1);
    }

    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
