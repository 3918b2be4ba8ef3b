package io.duramen.wal.io.uring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a process does whose limit on locked memory is smaller than its buffers.
class LockedMemoryTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireTools() {
        Rings.require();
        for (String tool : new String[] {"/usr/bin/setpriv", "/usr/bin/prlimit"}) {
            assumeTrue(new File(tool).canExecute(), () -> "there is no " + tool);
        }
        assumeTrue("root".equals(System.getProperty("user.name")),
                "only root may take a capability away from a process");
    }

    private String run(String limit) throws Exception {
        Path errors = directory.resolve("errors");
        Process process = new ProcessBuilder("setpriv", "--bounding-set=-ipc_lock",
                "--inh-caps=-ipc_lock", "prlimit", "--memlock=" + limit,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), LimitedMemoryUser.class.getName(),
                directory.resolve("file").toString()).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(() -> read(errors)).isZero();
        return output + read(errors);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    @Test
    void too_small_a_limit_is_said_once_and_the_buffers_are_used_unregistered() throws Exception {
        String output = run("65536:65536");
        assertThat(output).contains("registered 0").contains("raise the limit on locked memory");
        assertThat(output.split("without registered buffers", -1)).hasSize(2);
        assertThat(output.split("written 1048576", -1)).hasSize(4);
    }

    @Test
    void within_the_limit_nothing_is_said() throws Exception {
        assertThat(run("8388608:8388608")).contains("registered 1048576")
                .doesNotContain("without registered");
    }
}
