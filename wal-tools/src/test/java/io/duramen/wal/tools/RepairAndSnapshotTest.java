package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairAndSnapshotTest {
    @TempDir
    Path base;
    private Path log;

    @BeforeEach
    void append() {
        assertThat(CommandRun.withInput(base, lines(0, 100).getBytes(UTF_8), "append", "orders",
                "--fragment-size", "12K", "--fragment-entries-max", "40").exitCode()).isZero();
        log = base.resolve("log_orders");
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "entry " + i + ".\n")
                .collect(Collectors.joining());
    }

    private Path fragment(long firstId) {
        return log.resolve("fragment_%020d".formatted(firstId));
    }

    private void damage(long firstId, String text) throws IOException {
        byte[] bytes = Files.readAllBytes(fragment(firstId));
        bytes[new String(bytes, ISO_8859_1).indexOf(text)] ^= 1;
        Files.write(fragment(firstId), bytes);
    }

    @Test
    void a_log_without_damage_needs_nothing() {
        CommandRun dry = CommandRun.of(base, "repair", "orders", "--dry-run");
        assertThat(dry.exitCode()).isZero();
        assertThat(dry.text()).isEqualToIgnoringNewLines("orders: nothing to repair");
        assertThat(CommandRun.of(base, "repair", "orders", "--apply", "--json").text())
                .contains("\"needed\":false", "\"applied\":true").hasLineCount(1);
    }

    @Test
    void a_dry_run_says_what_is_lost_and_ends_with_1_and_apply_does_it() throws IOException {
        damage(40, "entry 45.");
        CommandRun dry = CommandRun.of(base, "repair", "orders", "--dry-run");
        assertThat(dry.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(dry.text().lines()).satisfiesExactly(
                lost -> assertThat(lost).startsWith("lost: entries 45 to 99, ")
                        .contains(fragment(40) + " offset "),
                cut -> assertThat(cut).startsWith("rewrite: " + fragment(40)),
                gone -> assertThat(gone).startsWith("move away: " + fragment(80)),
                note -> assertThat(note).startsWith("note: 54 of the lost entries hold"),
                summary -> assertThat(summary).startsWith("orders: 55 entries and ")
                        .contains("the next entry gets id 45", "nothing was changed"));
        CommandRun apply = CommandRun.of(base, "repair", "orders", "--apply");
        assertThat(apply.exitCode()).isZero();
        assertThat(apply.text()).contains("orders: repaired", base + "/log_orders.damaged-1");
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo(lines(0, 45));
        CommandRun verify = CommandRun.of(base, "verify");
        assertThat(verify.exitCode()).isZero();
        assertThat(verify.text()).startsWith("orders: ok, 45 entries").hasLineCount(1);
        assertThat(CommandRun.of(base, "info").text()).hasLineCount(2);
    }

    @Test
    void dropping_keeps_what_follows_and_everyone_knows_what_is_lost() throws IOException {
        damage(40, "entry 45.");
        damage(40, "entry 46.");
        CommandRun json =
                CommandRun.of(base, "repair", "orders", "--dry-run", "--drop-damaged", "--json");
        assertThat(json.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(json.text()).contains("\"mode\":\"drop-damaged\"", "\"lostEntries\":2",
                "\"nextId\":100", "{\"firstId\":45,\"lastId\":46,", "\"action\":\"rewrite\"");
        assertThat(CommandRun.of(base, "repair", "orders", "--apply", "--drop-damaged")
                .exitCode()).isZero();
        CommandRun verify = CommandRun.of(base, "verify", "orders");
        assertThat(verify.exitCode()).isZero();
        assertThat(verify.text()).contains("note: " + fragment(40), "entry 45: entries 45 to 46"
                + " are marked as lost", "orders: ok, 98 entries", "2 marked as lost");
        CommandRun read = CommandRun.of(base, "read", "orders");
        assertThat(read.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(read.text()).isEqualTo(lines(0, 45));
        assertThat(read.err()).contains("entries 45 to 46 are lost", "read on from entry 47");
        assertThat(CommandRun.of(base, "read", "orders", "--from", "47").text())
                .isEqualTo(lines(47, 100));
        assertThat(CommandRun.of(base, "dump", fragment(40).toString()).text())
                .contains("lost   45 bytes 8");
    }

    @Test
    void a_repair_says_what_to_do_or_is_wrong_usage() {
        assertThat(CommandRun.of(base, "repair", "orders").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.of(base, "repair", "orders", "--dry-run", "--apply").exitCode())
                .isEqualTo(ExitCode.USAGE);
        CommandRun missing = CommandRun.of(base, "repair", "nothing", "--apply");
        assertThat(missing.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(missing.err()).contains("there is no log 'nothing'").hasLineCount(1);
    }

    @Test
    void an_illegal_log_id_is_wrong_usage_everywhere() {
        for (String[] command : new String[][] {{"read", "a/b"}, {"info", ".x"},
            {"verify", "a b"}, {"repair", "a/b", "--apply"}, {"snapshot", "a/b", "c"},
            {"append", "a/b"}, {"tail", "a/b"}}) {
            CommandRun run = CommandRun.of(base, command);
            assertThat(run.exitCode()).as(command[0]).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).as(command[0]).contains("is not a log id").hasLineCount(1);
        }
    }

    @Test
    void info_of_a_damaged_log_says_so_and_ends_with_1() throws IOException {
        Files.delete(fragment(40));
        CommandRun one = CommandRun.of(base, "info", "orders");
        assertThat(one.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(one.text()).contains("state            damaged",
                "entries          60 found, 40 damaged or missing");
        CommandRun all = CommandRun.of(base, "info", "--json");
        assertThat(all.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(all.text()).contains("\"damaged\":true", "\"entries\":60", "\"nextId\":100");
    }

    @Test
    void verify_leaves_out_what_lies_before_an_entry() throws IOException {
        damage(0, "entry 5.");
        assertThat(CommandRun.of(base, "verify", "orders").exitCode())
                .isEqualTo(ExitCode.PROBLEM);
        CommandRun since = CommandRun.of(base, "verify", "orders", "--since", "40");
        assertThat(since.exitCode()).isZero();
        assertThat(since.text()).startsWith("orders: ok, 60 entries in 2 fragments");
        assertThat(CommandRun.of(base, "verify", "orders", "--since", "-1").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void a_snapshot_is_a_log_that_goes_on_by_itself() {
        Path backup = base.resolve("backup");
        CommandRun snapshot = CommandRun.of(base, "snapshot", "orders", backup.toString());
        assertThat(snapshot.exitCode()).isZero();
        assertThat(snapshot.text()).startsWith("orders: 100 entries, 0 to 99, in 3 fragments, ")
                .contains("copied to " + backup.resolve("log_orders"));
        assertThat(CommandRun.of(backup, "verify", "orders").exitCode()).isZero();
        assertThat(CommandRun.withInput(backup, "more\n".getBytes(UTF_8), "append", "orders")
                .exitCode()).isZero();
        assertThat(CommandRun.of(backup, "read", "orders").text())
                .isEqualTo(lines(0, 100) + "more\n");
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo(lines(0, 100));
        CommandRun again = CommandRun.of(base, "snapshot", "orders", backup.toString());
        assertThat(again.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(again.err()).contains("is there already").hasLineCount(1);
        assertThat(CommandRun.of(base, "snapshot", "orders", backup + "-2", "--json").text())
                .contains("\"nextId\":100", "\"live\":false").hasLineCount(1);
    }

    @Test
    void a_snapshot_of_a_log_that_another_process_writes_holds_what_it_acknowledged()
            throws Exception {
        Path backup = base.resolve("backup");
        try (WalProcess append = WalProcess.start(base, "append", "orders", "--acks")) {
            append.write("one more\n");
            append.line();
            assertThat(CommandRun.of(base, "snapshot", "orders", backup.toString()).text())
                    .contains("101 entries", "a writer has it open");
            assertThat(CommandRun.of(base, "repair", "orders", "--apply").err())
                    .contains("in process " + append.process().pid());
            append.endInput();
            assertThat(append.exitCode()).isZero();
        }
        assertThat(CommandRun.of(backup, "read", "orders").text())
                .isEqualTo(lines(0, 100) + "one more\n");
    }
}
