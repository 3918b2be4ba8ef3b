package io.duramen.wal.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The JVM of a fork: takes a [Fork] as JSON, leaves an [Outcome] as JSON in a file, and ends with
/// 0, without another word: what is still open then is as after a kill. The file appears whole or
/// not at all; where it does not, standard error says why.
final class ForkMain {
    private ForkMain() {}

    public static void main(String[] arguments) throws Exception {
        Fork fork = Json.read(arguments[0], Fork.class);
        Path answer = Path.of(arguments[1]);
        Outcome outcome = fork.subject().workload().workload().run(fork);
        write(answer, Json.write(outcome));
        Runtime.getRuntime().halt(0);
    }

    private static void write(Path answer, String text) throws IOException {
        Path part = answer.resolveSibling(answer.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, answer, StandardCopyOption.ATOMIC_MOVE);
    }
}
