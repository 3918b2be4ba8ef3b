package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotateTest {
    @TempDir
    Path base;

    private CommandRun append(String line) {
        return CommandRun.withInput(base, (line + "\n").getBytes(UTF_8), "append", "orders",
                "--fragment-size", "16K");
    }

    private CommandRun rotate(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "rotate";
        arguments[1] = "orders";
        System.arraycopy(options, 0, arguments, 2, options.length);
        return CommandRun.of(base, arguments);
    }

    private Path fragment(int firstId) {
        return base.resolve("log_orders").resolve("fragment_%020d".formatted(firstId));
    }

    @Test
    void a_log_goes_on_in_another_fragment_of_the_same_size() {
        append("first");
        CommandRun run = rotate();
        assertThat(run.text())
                .isEqualTo("orders: goes on in another fragment, with entry 1\n");
        assertThat(run.exitCode()).isZero();
        assertThat(fragment(1)).hasSize(16 << 10);
        assertThat(rotate().text()).contains("is empty, nothing has changed");
        assertThat(rotate("--json").text())
                .isEqualTo("{\"log\":\"orders\",\"rotated\":false,\"nextId\":1}\n");
        append("second");
        assertThat(CommandRun.of(base, "trim", "orders", "--before", "1").text())
                .contains("1 fragment").contains("starts with entry 1");
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("second\n");
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    @Test
    void a_log_that_is_not_there_is_not_made() {
        CommandRun run = rotate();
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("orders");
        assertThat(Files.exists(base.resolve("log_orders"))).isFalse();
    }
}
