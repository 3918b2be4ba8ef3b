package io.duramen.wal.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What somebody meets who has just fetched the sources.
class FirstUseTest {
    private static final long TIMEOUT_MINUTES = 5;

    @TempDir
    Path copy;

    private void copySources() throws IOException {
        for (Path file : Repository.files("", "")) {
            Path to = copy.resolve(Repository.nameOf(file));
            Files.createDirectories(to.getParent());
            Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Test
    void the_command_builds_itself_where_nothing_was_built_before() throws Exception {
        copySources();
        Path output = copy.resolve("output");
        Process process = new ProcessBuilder(copy.resolve("wal").toString(), "--version")
                .directory(copy.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains("Building wal (first use)")
                .containsPattern("(?m)^wal \\d");
    }
}
