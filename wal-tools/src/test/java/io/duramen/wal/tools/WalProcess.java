package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The command as a process of its own.
final class WalProcess implements AutoCloseable {
    private static final int SECONDS_MAX = 120;

    private final Process process;
    private final Path err;
    private final BufferedReader out;

    private WalProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    static WalProcess start(Path basePath, String... arguments) throws IOException {
        Path err = Files.createTempFile(basePath, "err", ".txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp", System.getProperty("java.class.path"), WalMain.class.getName(),
                "--base-path", basePath.toString()));
        command.addAll(List.of(arguments));
        return new WalProcess(
                new ProcessBuilder(command).redirectError(err.toFile()).start(), err);
    }

    Process process() {
        return process;
    }

    /// As `kill -9` does; what it has printed can still be read.
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /// As `kill` does: a bare SIGTERM. [Process#destroy()] would also close its input and output,
    /// so that it would meet the end of its input and a broken pipe first.
    void terminate() {
        process.toHandle().destroy();
    }

    /// Waits for the next line of its output; null at the end.
    String line() throws IOException {
        return out.readLine();
    }

    List<String> restOfLines() throws IOException {
        return out.lines().toList();
    }

    void closeOutput() throws IOException {
        out.close();
    }

    void write(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("the process does not end");
        }
        return process.exitValue();
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
