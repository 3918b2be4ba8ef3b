package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
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
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "UTF-8"));
        System.exit(run(StandardStreams.ofProcess(), charset, new PrintWriter(System.err, true),
                arguments));
    }

    /// @param charset of what is printed as text
    /// @param err where failures are told
    /// @return one of [ExitCode]
    static int run(StandardStreams streams, Charset charset, PrintWriter err,
            String... arguments) {
        TextOutput text = new TextOutput(streams.out());
        PrintWriter out = new PrintWriter(text, true, charset);
        int code = commandLine(new WalCommand(streams)).setOut(out).setErr(err)
                .execute(arguments);
        out.flush();
        if (code != ExitCode.SUCCESS || text.failure().isEmpty()) {
            return code;
        }
        err.println("wal: standard output: " + FailureSentence.of(text.failure().get()));
        return ExitCode.PROBLEM;
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
        err.println("wal: " + FailureSentence.of(failure));
        WalCommand root = (WalCommand) command.getCommandSpec().root().userObject();
        if (root.isVerbose()) {
            failure.printStackTrace(err);
        }
        return failure instanceof WalException.IllegalLogId ? ExitCode.USAGE : ExitCode.PROBLEM;
    }

    private static String guess(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            List<String> near = unmatched.getSuggestions();
            return near.isEmpty() ? "" : ", did you mean '" + near.getFirst() + "'?";
        }
        return "";
    }

    private static String firstSmall(String message) {
        return Character.toLowerCase(message.charAt(0))
                + FailureSentence.oneLine(message).substring(1);
    }
}
