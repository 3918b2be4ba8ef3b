package io.duramen.wal.killed;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process that writes to a log, and what it tells, seen from the one that kills it.
final class KilledProcess {
    private final Process process;
    private final BufferedReader output;
    private final Path errors;

    private KilledProcess(Process process, Path errors) {
        this.process = process;
        this.output = process.inputReader();
        this.errors = errors;
    }

    /// @param writer has a main method that takes [WriterOptions]
    static KilledProcess start(Class<?> writer, WriterOptions options) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path errors = options.base().resolve("errors.txt");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-ea", "-Xmx256m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), writer.getName()));
        command.addAll(options.toArguments());
        try {
            return new KilledProcess(
                    new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /// The next line it tells, null where it has ended.
    String line() throws IOException {
        return output.readLine();
    }

    /// Gives it a line to read.
    void tell(String line) throws IOException {
        BufferedWriter input = process.outputWriter();
        input.write(line);
        input.newLine();
        input.flush();
    }

    /// SIGSTOP: it stands still, wherever it is.
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /// SIGCONT.
    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO()
                .start().waitFor();
        if (status != 0) {
            throw new IllegalStateException("kill -" + name + " ended with " + status);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// SIGKILL. What it has told can still be read.
    void kill() {
        process.toHandle().destroyForcibly(); // the process itself would close what it told
    }

    void awaitEnd() throws InterruptedException {
        process.waitFor();
    }

    /// What it complained of.
    String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
