package io.duramen.wal.benchmarks.contestant;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Programs that the machine may have or not.
final class ExternalProgram {
    private ExternalProgram() {}

    /// Empty where the program is on the PATH, else a sentence.
    static Optional<String> obstacle(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        boolean found = Stream.of(path.split(Pattern.quote(File.pathSeparator)))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
        return found ? Optional.empty()
                : Optional.of(name + " is not on the PATH: install it to compare with it");
    }
}
