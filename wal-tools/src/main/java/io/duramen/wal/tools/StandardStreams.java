package io.duramen.wal.tools;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a command reads and writes bytes. What it says as text goes to picocli's writers.
///
/// @param progressTerminal standard error is a terminal, so that progress may be drawn there
record StandardStreams(InputStream in, OutputStream out, boolean progressTerminal) {
    /// Those of the process, without buffers or characters in between.
    static StandardStreams ofProcess() {
        return new StandardStreams(new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out), isTerminal(2));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return System.console() != null && System.console().isTerminal();
        }
    }
}
