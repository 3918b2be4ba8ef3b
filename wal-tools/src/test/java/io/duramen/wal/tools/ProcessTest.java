package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What only a process of its own shows: signals, kills, pipes, two processes with one log.
@Timeout(300)
class ProcessTest {
    @TempDir
    Path base;

    @Test
    void what_was_acknowledged_is_there_after_a_kill_and_appending_goes_on() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 400_000; i++) {
            lines.append("line ").append(i).append('\n');
        }
        Path file = Files.writeString(base.resolve("input"), lines);
        long acknowledged = -1;
        try (WalProcess append = WalProcess.start(base, "append", "orders", file.toString(),
                "--acks", "--fragment-entries-max", "30000", "--fragment-size", "1M")) {
            for (int i = 0; i < 5; i++) {
                acknowledged = lastId(append.line());
            }
            append.kill();
            for (String ack : append.restOfLines()) {
                acknowledged = ack.matches("\\d+ \\d+") ? lastId(ack) : acknowledged;
            }
            append.exitCode();
        }
        assertThat(acknowledged).isBetween(0L, 399_999L);
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
        String there = CommandRun.of(base, "read", "orders").text();
        assertThat(lines.toString()).startsWith(there);
        assertThat(there.lines().count()).isGreaterThan(acknowledged);
        String rest = lines.substring(there.length());
        assertThat(CommandRun.withInput(base, rest.getBytes(UTF_8), "append", "orders")
                .exitCode()).isZero();
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo(lines.toString());
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    private static long lastId(String ack) {
        return Long.parseLong(ack.split(" ")[1]);
    }

    @Test
    void sigterm_closes_the_log_in_order_and_keeps_whole_lines() throws Exception {
        try (WalProcess append = WalProcess.start(base, "append", "orders", "--acks")) {
            append.write("one\ntwo\n");
            while (lastId(append.line()) < 1) {
                // both lines may come in one acknowledgement or in two
            }
            append.write("thr");
            append.terminate();
            assertThat(append.exitCode()).isEqualTo(128 + 15);
            assertThat(append.err()).isEmpty();
        }
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("one\ntwo\n");
        assertThat(CommandRun.of(base, "info", "orders").text())
                .contains("nothing to do for the next writer");
        Path fragment = base.resolve("log_orders/fragment_00000000000000000000");
        assertThat(CommandRun.of(base, "dump", fragment.toString()).text()).contains("  close ");
    }

    @Test
    void a_second_writer_is_refused_and_told_the_first_ones_process() throws Exception {
        try (WalProcess append = WalProcess.start(base, "append", "orders", "--acks")) {
            append.write("one\n");
            append.line();
            CommandRun second =
                    CommandRun.withInput(base, "x\n".getBytes(UTF_8), "append", "orders");
            assertThat(second.exitCode()).isEqualTo(ExitCode.PROBLEM);
            assertThat(second.err()).contains("in process " + append.process().pid())
                    .hasLineCount(1);
            assertThat(CommandRun.of(base, "info").text())
                    .contains("open for writing in process " + append.process().pid());
            assertThat(CommandRun.of(base, "verify", "orders").text()).contains("ok, 1 entries");
            append.endInput();
            assertThat(append.exitCode()).isZero();
        }
    }

    @Test
    void tail_follows_what_another_process_writes() throws Exception {
        CommandRun.withInput(base, "old\n".getBytes(UTF_8), "append", "orders");
        try (WalProcess append = WalProcess.start(base, "append", "orders", "--acks",
                "--fragment-entries-max", "3");
                WalProcess tail = WalProcess.start(base, "tail", "orders", "--from", "0")) {
            assertThat(tail.line()).isEqualTo("old");
            for (int i = 0; i < 10; i++) {
                append.write("new " + i + "\n");
                assertThat(tail.line()).isEqualTo("new " + i);
            }
            append.endInput();
            assertThat(append.exitCode()).isZero();
            tail.terminate();
            assertThat(tail.exitCode()).isEqualTo(128 + 15);
            assertThat(tail.err()).isEmpty();
        }
    }

    @Test
    void read_ends_quietly_when_its_pipe_is_closed() throws Exception {
        CommandRun.withInput(base, "some line\n".repeat(300_000).getBytes(UTF_8), "append",
                "orders");
        try (WalProcess read = WalProcess.start(base, "read", "orders")) {
            assertThat(read.line()).isEqualTo("some line");
            read.closeOutput();
            assertThat(read.exitCode()).isZero();
            assertThat(read.err()).isEmpty();
        }
    }

    @Test
    void tail_ends_quietly_when_its_pipe_is_closed() throws Exception {
        CommandRun.withInput(base, "old\n".getBytes(UTF_8), "append", "orders");
        CountDownLatch ended = new CountDownLatch(1);
        try (WalProcess tail = WalProcess.start(base, "tail", "orders", "--from", "0");
                WalProcess append = WalProcess.start(base, "append", "orders", "--acks")) {
            assertThat(tail.line()).isEqualTo("old");
            tail.closeOutput();
            tail.process().onExit().thenRun(ended::countDown);
            while (ended.getCount() > 0) {
                append.write("new\n");
                append.line();
            }
            assertThat(tail.exitCode()).isZero();
            assertThat(tail.err()).isEmpty();
        }
    }

    @Test
    void watching_ends_quietly_when_its_pipe_is_closed() throws Exception {
        CommandRun.withInput(base, "old\n".getBytes(UTF_8), "append", "orders");
        try (WalProcess watch =
                WalProcess.start(base, "info", "orders", "--watch", "1s")) {
            assertThat(watch.line()).contains("entries/s");
            watch.closeOutput();
            assertThat(watch.exitCode()).isZero();
            assertThat(watch.err()).isEmpty();
        }
    }

    @Test
    void sigterm_ends_a_command_whose_output_nobody_takes() throws Exception {
        CommandRun.withInput(base, "some line\n".repeat(300_000).getBytes(UTF_8), "append",
                "orders");
        try (WalProcess read = WalProcess.start(base, "read", "orders")) {
            assertThat(read.line()).isEqualTo("some line"); // the pipe is full soon
            read.terminate();
            assertThat(read.exitCode()).isEqualTo(128 + 15);
        }
    }

    @Test
    void a_damaged_entry_ends_the_output_in_front_of_it() throws IOException {
        CommandRun.withInput(base, "one\ntwo\nthree\n".getBytes(UTF_8), "append", "orders",
                "--fragment-entries-max", "3");
        CommandRun.withInput(base, "four\n".getBytes(UTF_8), "append", "orders",
                "--fragment-entries-max", "3");
        Path fragment = base.resolve("log_orders/fragment_00000000000000000000");
        byte[] bytes = Files.readAllBytes(fragment);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("three");
        bytes[at] ^= 1;
        Files.write(fragment, bytes);
        CommandRun read = CommandRun.of(base, "read", "orders");
        assertThat(read.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(read.text()).isEqualTo("one\ntwo\n");
        assertThat(read.err()).contains("entry 2", "the entry fails its check").hasLineCount(1);
    }
}
