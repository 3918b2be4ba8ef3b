package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TruncateTest {
    @TempDir
    Path base;

    /// A hundred entries in the fragments 0, 40 and 80.
    @BeforeEach
    void append() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            input.append("entry ").append(i).append('\n');
        }
        append(input.toString());
    }

    private void append(String input) {
        assertThat(CommandRun.withInput(base, input.getBytes(UTF_8), "append", "orders",
                "--fragment-size", "12K", "--fragment-entries-max", "40").exitCode()).isZero();
    }

    private CommandRun truncate(String... arguments) {
        return CommandRun.of(base, Stream.concat(Stream.of("truncate", "orders"),
                Stream.of(arguments)).toArray(String[]::new));
    }

    private void assertEntries(int count) {
        assertThat(CommandRun.of(base, "read", "orders").text()).hasLineCount(count);
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    @Test
    void entries_behind_an_id_are_gone_and_their_ids_given_again() {
        CommandRun run = truncate("--after", "49");
        assertThat(run.text())
                .isEqualTo("orders: 50 entries are gone, the log goes on with entry 50\n");
        assertThat(run.exitCode()).isZero();
        assertEntries(50);
        append("another\n");
        assertThat(CommandRun.of(base, "read", "orders", "--from", "49").text())
                .isEqualTo("entry 49\nanother\n");
        assertThat(truncate("--after", "-1", "--json").text()).isEqualTo("{\"log\":\"orders\","
                + "\"dryRun\":false,\"entries\":51,\"nextId\":0}\n");
        assertThat(CommandRun.of(base, "read", "orders").text()).isEmpty();
    }

    @Test
    void a_dry_run_says_it_and_changes_nothing() {
        assertThat(truncate("--after", "98", "--dry-run").text())
                .isEqualTo("orders: 1 entry would go, the log would go on with entry 99\n");
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            assertThat(truncate("--after", "49", "--dry-run", "--json").text())
                    .contains("\"dryRun\":true,\"entries\":50,\"nextId\":50");
            assertThat(log.nextId()).isEqualTo(100);
        }
        assertEntries(100);
    }

    @Test
    void a_log_that_is_open_for_writing_is_left_alone() {
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            CommandRun run = truncate("--after", "49");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("open for writing");
            assertThat(log.nextId()).isEqualTo(100);
        }
    }

    @Test
    void ids_that_the_log_does_not_have_are_a_problem() {
        assertThat(CommandRun.of(base, "trim", "orders", "--before", "80").exitCode()).isZero();
        for (String option : new String[] {"", "--dry-run"}) {
            String[] more = option.isEmpty() ? new String[0] : new String[] {option};
            CommandRun trimmed = truncate(Stream.concat(Stream.of("--after", "78"),
                    Stream.of(more)).toArray(String[]::new));
            assertThat(trimmed.exitCode()).isEqualTo(1);
            assertThat(trimmed.err()).contains("entry 78 was trimmed");
            CommandRun beyond = truncate(Stream.concat(Stream.of("--after", "100"),
                    Stream.of(more)).toArray(String[]::new));
            assertThat(beyond.exitCode()).isEqualTo(1);
            assertThat(beyond.err()).contains("entry 100 does not exist yet");
        }
        assertEntries(20);
    }

    @Test
    void a_log_that_is_not_there_is_not_created() {
        CommandRun run = CommandRun.of(base, "truncate", "invoices", "--after", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no log 'invoices'");
        assertThat(base.resolve("log_invoices")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--after x", "--after", "--dry-run", "--after 1 --after 2"})
    void a_wrong_command_line_changes_nothing(String options) {
        CommandRun run = truncate(options.isEmpty() ? new String[0] : options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isNotEmpty();
        assertEntries(100);
    }
}
