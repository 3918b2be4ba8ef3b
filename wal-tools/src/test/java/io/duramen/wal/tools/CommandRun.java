package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command that was run in this process, and what it left.
record CommandRun(int exitCode, byte[] out, String err) {
    static CommandRun of(Path basePath, String... arguments) {
        return withInput(basePath, new byte[0], arguments);
    }

    static CommandRun withInput(Path basePath, byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return to(out, basePath, input, arguments).with(out.toByteArray());
    }

    /// Prints to a stream of the caller's; `out` is empty.
    static CommandRun to(OutputStream out, Path basePath, byte[] input, String... arguments) {
        StringWriter err = new StringWriter();
        StandardStreams streams =
                new StandardStreams(new ByteArrayInputStream(input), out, false);
        List<String> all = new ArrayList<>(List.of("--base-path", basePath.toString()));
        all.addAll(List.of(arguments));
        int exitCode = WalMain.run(streams, UTF_8, new PrintWriter(err, true),
                all.toArray(String[]::new));
        return new CommandRun(exitCode, new byte[0], err.toString());
    }

    private CommandRun with(byte[] printed) {
        return new CommandRun(exitCode, printed, err);
    }

    String text() {
        return new String(out, UTF_8);
    }
}
