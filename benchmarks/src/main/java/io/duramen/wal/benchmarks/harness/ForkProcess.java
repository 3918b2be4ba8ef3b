package io.duramen.wal.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/// Runs a [Fork] in a JVM of its own and brings back what it found.
public final class ForkProcess {
    /// Heap of every fork.
    public static final String HEAP = "512m";

    private static final List<String> JVM_ARGUMENTS = List.of("-Xms" + HEAP, "-Xmx" + HEAP,
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "-Xshare:auto");
    private static final int MESSAGE_LINES = 12;
    /// What a reason calls the fork's folder, which is another one each time.
    private static final String DATA = "DATA";

    private final Path scratch;
    private final Duration timeLimit;
    private Process running;
    private boolean aborted;

    /// @param scratch a folder for the answer and the output of forks
    /// @param timeLimit a fork that takes longer is ended and has failed
    public ForkProcess(Path scratch, Duration timeLimit) {
        this.scratch = scratch;
        this.timeLimit = timeLimit;
    }

    /// The fork failed.
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String why) {
            super(why);
        }
    }

    /// @throws Failed when there is no outcome, with the reason
    /// @throws CancellationException when the run was aborted
    public Outcome run(Fork fork) throws Failed, IOException, InterruptedException {
        Files.createDirectories(scratch);
        Path answer = scratch.resolve("outcome.json");
        Path output = scratch.resolve("output.txt");
        Files.deleteIfExists(answer);
        Process process = start(fork, answer, output);
        try {
            if (!process.waitFor(timeLimit.toSeconds(), TimeUnit.SECONDS)) {
                throw new Failed("took longer than " + timeLimit.toSeconds() + " s");
            }
        } finally {
            end(process);
        }
        if (!Files.exists(answer)) {
            throw new Failed("exit code " + process.exitValue() + ": "
                    + reasonIn(output).replace(fork.directory().toString(), DATA));
        }
        return Json.read(Files.readString(answer), Outcome.class);
    }

    private synchronized Process start(Fork fork, Path answer, Path output)
            throws IOException {
        if (aborted) {
            throw new CancellationException("the run was aborted");
        }
        running = new ProcessBuilder(command(fork, answer)).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        return running;
    }

    /// Ends the fork that is running, if there is one, and starts no other. Any thread may call.
    public synchronized void abort() {
        aborted = true;
        if (running != null) {
            end(running);
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }

    private static List<String> command(Fork fork, Path answer) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_ARGUMENTS);
        command.addAll(fork.subject().entrant().jvmArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"),
                ForkMain.class.getName(), Json.write(fork), answer.toString()));
        return command;
    }

    /// The first lines of the first exception, or the last lines there are.
    private static String reasonIn(Path output) throws IOException {
        List<String> lines = Files.readAllLines(output);
        int from = Math.max(0, lines.size() - MESSAGE_LINES);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("Exception in thread")) {
                from = i;
                break;
            }
        }
        int to = Math.min(lines.size(), from + MESSAGE_LINES);
        return String.join("\n", lines.subList(from, to));
    }
}
