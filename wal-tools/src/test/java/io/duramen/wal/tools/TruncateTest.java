package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        assertThat(CommandRun.withInput(base, input.toString().getBytes(UTF_8), "append",
                "orders", "--fragment-size", "12K", "--fragment-entries-max", "40").exitCode())
                        .isZero();
    }

    private CommandRun truncate(String... arguments) {
        return CommandRun.of(base, Stream.concat(Stream.of("truncate", "orders"),
                Stream.of(arguments)).toArray(String[]::new));
    }

    private void assertEntries(int count) {
        CommandRun read = CommandRun.of(base, "read", "orders");
        assertThat(read.text().lines()).hasSize(count);
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    @Test
    void entries_behind_one_are_dropped_and_ids_go_on_from_there() {
        CommandRun run = truncate("--after", "49");
        assertThat(run.text()).matches("orders: 50 entries with \\d+ bytes were dropped, the log"
                + " goes on with entry 50\n");
        assertThat(run.exitCode()).isZero();
        assertEntries(50);
        assertThat(CommandRun.withInput(base, "other\n".getBytes(UTF_8), "append", "orders",
                "--acks").text()).contains("50 50");
    }

    @Test
    void a_dry_run_says_the_same_and_changes_nothing() {
        String plan = truncate("--after", "97", "--dry-run").text();
        assertThat(plan).contains("2 entries with ").contains(" would be dropped")
                .contains("would go on with entry 98");
        assertEntries(100);
        String planned = truncate("--after", "45", "--dry-run", "--json").text();
        assertThat(planned).startsWith("{\"log\":\"orders\",\"dryRun\":true,\"nextId\":46,"
                + "\"entries\":54,\"bytes\":");
        assertThat(truncate("--after", "45", "--json").text())
                .isEqualTo(planned.replace("true", "false"));
        assertEntries(46);
    }

    @Test
    void one_entry_none_and_all_are_dropped() {
        assertThat(truncate("--after", "99").text())
                .isEqualTo("orders: nothing was dropped, the log goes on with entry 100\n");
        assertThat(truncate("--after", "98").text()).contains("1 entry with ")
                .contains("was dropped");
        assertThat(truncate("--after", "-1").text()).contains("99 entries")
                .contains("goes on with entry 0");
        assertEntries(0);
    }

    @Test
    void an_entry_that_is_not_there_is_a_problem() {
        for (CommandRun run : List.of(truncate("--after", "100"),
                truncate("--after", "100", "--dry-run"))) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("entry 100 does not exist yet");
        }
        CommandRun.of(base, "trim", "orders", "--before", "40");
        for (CommandRun run : List.of(truncate("--after", "38"),
                truncate("--after", "38", "--dry-run"))) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("starts with entry 40").contains("before entry 39");
        }
        assertEntries(60);
    }

    @Test
    void a_log_that_is_open_for_writing_is_left_alone_and_planned_for() {
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            CommandRun run = truncate("--after", "80");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("open for writing");
            assertThat(truncate("--after", "80", "--dry-run").text()).contains("19 entries");
            assertThat(log.nextId()).isEqualTo(100);
        }
    }

    @Test
    void a_log_that_is_not_there_is_not_created() {
        CommandRun run = CommandRun.of(base, "truncate", "invoices", "--after", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no log 'invoices'");
        assertThat(Files.exists(base.resolve("log_invoices"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--after", "--after x", "--after -2", "--dry-run"})
    void a_wrong_command_line_changes_nothing(String options) {
        CommandRun run = truncate(options.isEmpty() ? new String[0] : options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isNotEmpty();
        assertEntries(100);
    }
}
