package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Floor;
import io.duramen.wal.log.FloorChange;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrimTest {
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

    private List<String> fragments() throws IOException {
        try (Stream<Path> files = Files.list(base.resolve("log_orders"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("fragment_")).sorted().toList();
        }
    }

    private CommandRun trim(String... arguments) {
        return CommandRun.of(base, Stream.concat(Stream.of("trim", "orders"),
                Stream.of(arguments)).toArray(String[]::new));
    }

    private void setFloor(long id) {
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            log.changeFloor(new FloorChange.Set(Floor.of("billing", id)));
        }
    }

    @Test
    void entries_before_an_id_are_dropped() throws IOException {
        CommandRun run = trim("--before", "80");
        assertThat(run.text()).matches("orders: 2 fragments with \\d+ bytes were dropped,"
                + " the log starts with entry 80\n");
        assertThat(run.exitCode()).isZero();
        assertThat(fragments()).containsExactly("fragment_00000000000000000080");
        assertThat(CommandRun.of(base, "read", "orders").text()).hasLineCount(20)
                .startsWith("entry 80\n");
        CommandRun old = CommandRun.of(base, "read", "orders", "--from", "79");
        assertThat(old.exitCode()).isEqualTo(1);
        assertThat(old.err()).contains("entry 79 was trimmed").contains("still there is 80");
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    @Test
    void a_trim_that_may_punch_holes_starts_the_log_inside_a_fragment() {
        try (DiskLog log = DiskLog.open(base, LogId.of("single"),
                LogSettings.defaults().withFragmentSizeBytes(64 << 10)
                        .withFragmentEntriesMax(40))) {
            for (int i = 0; i < 100; i++) {
                log.append(("entry " + i + " ".repeat(500)).getBytes(UTF_8)); // a group each
            }
        }
        String[] trim = {"trim", "single", "--before", "60", "--punch-holes"};
        String[] plan = {"trim", "single", "--before", "60", "--punch-holes", "--dry-run"};
        assertThat(CommandRun.of(base, plan).text()).contains("would start with entry 60");
        assertThat(CommandRun.of(base, "read", "single").text()).hasLineCount(100);
        assertThat(CommandRun.of(base, trim).text()).startsWith("single: 1 fragment with ")
                .contains("the log starts with entry 60");
        assertThat(CommandRun.of(base, "read", "single").text()).hasLineCount(40)
                .startsWith("entry 60 ");
        assertThat(CommandRun.of(base, "info", "single").text())
                .containsPattern("first id +60").containsPattern("entries +40");
        assertThat(CommandRun.of(base, "verify", "single").exitCode()).isZero();
        CommandRun dump = CommandRun.of(base, "dump", LogId.of("single").directoryIn(base)
                .resolve("fragment_00000000000000000040").toString());
        assertThat(dump.exitCode()).as(dump.text()).isZero();
        assertThat(dump.text()).doesNotContain("DAMAGE").doesNotContain("entry  59 ")
                .contains("entry  60 ").contains("entry  79 ");
    }

    @Test
    void a_dry_run_says_it_and_changes_nothing() throws IOException {
        assertThat(trim("--before", "50", "--dry-run").text())
                .startsWith("orders: 1 fragment with ").contains("would be dropped")
                .contains("would start with entry 40");
        assertThat(fragments()).hasSize(3);
        assertThat(trim("--before", "50", "--dry-run", "--json").text())
                .startsWith("{\"log\":\"orders\",\"dryRun\":true,\"firstId\":40,"
                        + "\"wantedId\":50,\"fragments\":1,")
                .contains("\"limit\":\"none\"").contains("\"ended\":[]");
    }

    @Test
    void every_rule_has_its_option() {
        assertThat(trim("--older-than", "1h").text()).contains("nothing was dropped");
        assertThat(trim("--keep-entries", "60").text()).contains("starts with entry 40");
        assertThat(trim("--keep-entries", "60").text())
                .contains("nothing was dropped, the log starts with entry 40");
        assertThat(trim("--keep-bytes", "12K").text()).contains("starts with entry 80");
        assertThat(trim("--before", "100").text())
                .contains("the fragment that the log ends in stays");
    }

    @Test
    void a_consumers_floor_is_named() throws IOException {
        setFloor(45);
        assertThat(trim("--before", "100").text()).contains("starts with entry 40")
                .contains("consumer 'billing' still needs more");
        assertThat(fragments()).hasSize(2);
        assertThat(CommandRun.of(base, "info", "orders").text())
                .contains("consumer 'billing' needs entry 45 on");
        assertThat(CommandRun.of(base, "info", "orders", "--json").text())
                .contains("\"floors\":[{\"consumer\":\"billing\",\"id\":45}]");
    }

    @Test
    void an_entry_that_does_not_exist_yet_is_a_problem() throws IOException {
        for (CommandRun run : List.of(trim("--before", "101"),
                trim("--before", "101", "--dry-run"))) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("entry 101 does not exist yet");
        }
        assertThat(fragments()).hasSize(3);
    }

    @Test
    void a_log_that_is_open_for_writing_is_left_alone_and_planned_for() throws IOException {
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), LogSettings.defaults())) {
            CommandRun run = trim("--before", "80");
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("open for writing");
            assertThat(trim("--before", "80", "--dry-run").text()).contains("2 fragments");
            assertThat(log.firstId()).isZero();
        }
        assertThat(fragments()).hasSize(3);
    }

    @Test
    void a_log_that_is_not_there_is_not_created() {
        CommandRun run = CommandRun.of(base, "trim", "invoices", "--before", "1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no log 'invoices'");
        assertThat(base.resolve("log_invoices")).doesNotExist();
    }

    @Test
    void a_log_that_cannot_be_opened_is_not_planned_for() throws IOException {
        Files.delete(base.resolve("log_orders").resolve("fragment_00000000000000000000"));
        for (CommandRun run : List.of(trim("--before", "80"),
                trim("--before", "80", "--dry-run"))) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).contains("fragment").contains(" 0 ");
        }
        assertThat(fragments()).hasSize(2);
        CommandRun verify = CommandRun.of(base, "verify", "orders");
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.text()).contains("fragment_00000000000000000000")
                .contains("entries up to 39 have no fragment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--before -1", "--before x", "--older-than 5", "--older-than 0s",
        "--older-than 5w", "--keep-bytes 5T", "--keep-entries -1",
        "--before 1 --keep-entries 1", "--dry-run"})
    void a_wrong_command_line_changes_nothing(String options) throws IOException {
        CommandRun run = trim(options.isEmpty() ? new String[0] : options.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isNotEmpty();
        assertThat(fragments()).hasSize(3);
    }
}
