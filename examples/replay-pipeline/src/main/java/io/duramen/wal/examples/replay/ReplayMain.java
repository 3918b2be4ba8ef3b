package io.duramen.wal.examples.replay;

import io.duramen.wal.WalException;
import java.nio.file.FileSystemException;
import java.util.concurrent.CompletionException;
import org.apache.pekko.stream.scaladsl.Framing.FramingException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// From arguments to an exit code; every failure becomes one sentence on standard error.
public final class ReplayMain {
    private ReplayMain() {}

    /// The process ends with 0, 1 for a problem of the log or the file, or 2 for wrong usage.
    public static void main(String[] arguments) {
        LoggerFactory.getILoggerFactory(); // set up before many threads want to log at once
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ReplayCommand())
                .setParameterExceptionHandler((wrong, _) -> {
                    wrong.getCommandLine().getErr().println(
                            "replay: " + wrong.getMessage() + "; 'run --help' tells more");
                    return 2;
                })
                .setExecutionExceptionHandler((failure, command, _) -> {
                    command.getErr().println("replay: " + sentence(failure));
                    return 1;
                });
    }

    private static String sentence(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapper when wrapper.getCause() != null ->
                    sentence(wrapper.getCause());
            case WalException named -> named.getMessage();
            case AccessLogReplay.OtherFile named -> named.getMessage();
            case FramingException _ -> "the file has a line of more than "
                    + AccessLogFile.LINE_BYTES_MAX + " bytes: is it an access log?";
            case FileSystemException file -> "cannot read " + file.getMessage();
            default -> failure.toString();
        };
    }
}
