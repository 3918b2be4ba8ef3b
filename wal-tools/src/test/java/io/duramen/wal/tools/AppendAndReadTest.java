package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AppendAndReadTest {
    @TempDir
    Path base;

    static Stream<Arguments> hardInputs() {
        byte[] random = new byte[300_000];
        new Random(7).nextBytes(random);
        return Stream.of(
                Arguments.of("line feeds", "one\ntwo\nthree\n".getBytes(UTF_8)),
                Arguments.of("carriage returns", "one\r\ntwo\r\n".getBytes(UTF_8)),
                Arguments.of("no final line feed", "one\ntwo".getBytes(UTF_8)),
                Arguments.of("nothing", new byte[0]),
                Arguments.of("one line feed", "\n".getBytes(UTF_8)),
                Arguments.of("empty lines", "\n\none\n\n\n".getBytes(UTF_8)),
                Arguments.of("NUL bytes", "\0\n\0\0a\n\0".getBytes(UTF_8)),
                Arguments.of("invalid UTF-8", new byte[] {(byte) 0xff, '\n', (byte) 0xc3, 'x'}),
                Arguments.of("random bytes", random),
                Arguments.of("a line over many chunks",
                        ("short\n" + "x".repeat(900_000) + "\nshort").getBytes(UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("hardInputs")
    void read_gives_back_the_bytes_that_append_took(String name, byte[] input)
            throws IOException {
        assertSame(input, "lines", "lines");
        assertSame(input, "lines", "raw");
        assertSame(input, "whole", "lines");
    }

    private void assertSame(byte[] input, String split, String format) throws IOException {
        Path file = Files.write(base.resolve("input"), input);
        String log = split + "-" + format;
        CommandRun append = CommandRun.of(base, "append", log, file.toString(), "--split", split);
        assertThat(append).isEqualTo(new CommandRun(0, append.out(), ""));
        assertThat(append.out()).isEmpty();
        CommandRun read = CommandRun.of(base, "read", log, "--format", format);
        assertThat(read.err()).isEmpty();
        assertThat(read.exitCode()).isZero();
        assertThat(read.out()).isEqualTo(input);
    }

    @Test
    void standard_input_is_read_where_no_file_is_named() {
        CommandRun.withInput(base, "a\nb\n".getBytes(UTF_8), "append", "orders");
        CommandRun.withInput(base, "c\n".getBytes(UTF_8), "append", "orders", "-");
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("a\nb\nc\n");
    }

    @Test
    void acknowledgements_are_dense_and_in_order() {
        String input = "line\n".repeat(50_000);
        CommandRun append =
                CommandRun.withInput(base, input.getBytes(UTF_8), "append", "orders", "--acks");
        long next = 0;
        for (String ack : append.text().lines().toList()) {
            String[] ids = ack.split(" ");
            assertThat(Long.parseLong(ids[0])).isEqualTo(next);
            next = Long.parseLong(ids[1]) + 1;
        }
        assertThat(next).isEqualTo(50_000);
    }

    @Test
    void length_prefixed_input_keeps_its_entries() {
        ByteBuffer input = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
        input.putInt(3).put("a\nb".getBytes(UTF_8)).putInt(0).putInt(1).put((byte) -1);
        byte[] bytes = java.util.Arrays.copyOf(input.array(), input.position());
        assertThat(CommandRun.withInput(base, bytes, "append", "orders", "--split",
                "length-prefixed").exitCode()).isZero();
        assertThat(CommandRun.of(base, "read", "orders", "--format", "hex").text())
                .isEqualTo("0 610a62\n1 \n2 ff\n");
    }

    @Test
    void length_prefixed_input_that_ends_early_keeps_what_was_whole() {
        byte[] bytes = {1, 0, 0, 0, 'a', 9, 0, 0, 0, 'b'};
        CommandRun append = CommandRun.withInput(base, bytes, "append", "orders", "--split",
                "length-prefixed");
        assertThat(append.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(append.err()).startsWith("wal: the input ends inside record 2")
                .contains("1 entry was appended, up to id 0").hasLineCount(1);
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("a");
    }

    @Test
    void a_line_that_is_too_large_is_refused_and_those_before_it_are_kept() {
        byte[] input = ("one\ntwo\n" + "x".repeat(20_000) + "\nfour\n").getBytes(UTF_8);
        CommandRun append = CommandRun.withInput(base, input, "append", "orders",
                "--fragment-size", "12K");
        assertThat(append.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(append.err()).contains("does not fit", "2 entries were appended, up to id 1")
                .hasLineCount(1);
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("one\ntwo\n");
    }

    @Test
    void an_atomic_input_is_one_batch_and_nothing_where_it_is_wrong_or_too_large() {
        CommandRun append = CommandRun.withInput(base, "one\ntwo\nthree\n".getBytes(UTF_8),
                "append", "orders", "--atomic", "--acks");
        assertThat(append.err()).isEmpty();
        assertThat(append.text()).isEqualTo("0 2\n");
        byte[] endsEarly = {1, 0, 0, 0, 'a', 9, 0, 0, 0, 'b'};
        assertRefused(endsEarly, "the input ends inside record 2", "--split", "length-prefixed");
        byte[] large = "0123456789\n".repeat(1000).getBytes(UTF_8);
        assertRefused(large, "an atomic batch of", "--fragment-size", "12K");
        assertRefused(("x".repeat(20_000) + "\n").getBytes(UTF_8), "does not fit",
                "--fragment-size", "12K");
        CommandRun empty = CommandRun.withInput(base, new byte[0], "append", "orders", "--atomic");
        assertThat(empty.exitCode()).isEqualTo(ExitCode.SUCCESS);
        assertThat(CommandRun.of(base, "read", "orders").text()).isEqualTo("one\ntwo\nthree\n");
    }

    private void assertRefused(byte[] input, String sentence, String... options) {
        List<String> all = new ArrayList<>(List.of("append", "orders", "--atomic"));
        all.addAll(List.of(options));
        CommandRun run = CommandRun.withInput(base, input, all.toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.err()).contains(sentence, "nothing was appended").hasLineCount(1);
    }

    @Test
    void reading_since_a_time_starts_with_the_first_entry_of_that_time() {
        CommandRun.withInput(base, "one\ntwo\n".getBytes(UTF_8), "append", "orders");
        Instant between = Instant.now();
        CommandRun.withInput(base, "three\n".getBytes(UTF_8), "append", "orders");
        assertThat(read("--since", between.toString())).isEqualTo("three\n");
        assertThat(read("--since", "1h", "--count", "1")).isEqualTo("one\n");
        assertThat(read("--since", "1h", "--to", "1")).isEqualTo("one\ntwo\n");
        assertThat(read("--since", "2970-01-01T00:00:00+01:00")).isEmpty();
    }

    @Test
    void what_is_no_point_in_time_is_wrong_usage_and_says_what_one_is() {
        for (String wrong : List.of("yesterday", "2026-03-01", "2026-03-01T12:00:00", "12")) {
            assertUsage("read", "orders", "--since", wrong);
            assertUsage("tail", "orders", "--since", wrong);
        }
        assertThat(CommandRun.of(base, "read", "orders", "--since", "noon").err())
                .contains("'noon' is no point in time", "2026-03-01T12:00:00Z", "15m");
        assertUsage("read", "orders", "--since", "1h", "--from", "3");
        assertUsage("tail", "orders", "--since", "1h", "--from", "3");
    }

    @Test
    void a_range_of_many_fragments_is_read() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            input.append("entry ").append(i).append('\n');
        }
        CommandRun.withInput(base, input.toString().getBytes(UTF_8), "append", "orders",
                "--fragment-entries-max", "70", "--fragment-size", "64K");
        assertThat(read("--from", "500", "--count", "2")).isEqualTo("entry 500\nentry 501\n");
        assertThat(read("--from", "998")).isEqualTo("entry 998\nentry 999\n");
        assertThat(read("--to", "1")).isEqualTo("entry 0\nentry 1\n");
        assertThat(read("--from", "1000")).isEmpty();
        assertThat(read("--count", "0")).isEmpty();
        assertThat(read("--from", "5", "--to", "6", "--format", "hex")).hasLineCount(2);
        CommandRun past = CommandRun.of(base, "read", "orders", "--from", "1001");
        assertThat(past.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(past.err()).contains("does not exist yet").hasLineCount(1);
    }

    private String read(String... options) {
        String[] all = Stream.concat(Stream.of("read", "orders"), Stream.of(options))
                .toArray(String[]::new);
        return CommandRun.of(base, all).text();
    }

    @Test
    void json_has_text_or_base64() {
        CommandRun.withInput(base, new byte[] {'"', '\\', 1, '\n', (byte) 0xff, '\n', (byte) 0xc3,
            (byte) 0xa4}, "append", "orders");
        assertThat(read("--format", "json").lines()).satisfiesExactly(
                first -> assertThat(first)
                        .matches("\\{\"id\":0,\"timestamp\":\"20[^\"]+Z\",\"size\":4,"
                                + "\"text\":\"\\\\\"\\\\\\\\\\\\u0001\\\\n\"}"),
                second -> assertThat(second).contains("\"base64\":\"/wo=\""),
                third -> assertThat(third).contains("\"text\":\"ä\""));
    }

    @Test
    void entries_without_line_feed_are_on_lines_of_their_own() {
        CommandRun.withInput(base, "a".getBytes(UTF_8), "append", "orders");
        CommandRun.withInput(base, "b".getBytes(UTF_8), "append", "orders");
        assertThat(read()).isEqualTo("a\nb");
        assertThat(read("--format", "raw")).isEqualTo("ab");
    }

    @Test
    void a_reader_that_goes_away_ends_the_output_quietly() {
        byte[] input = "line\n".repeat(200_000).getBytes(UTF_8);
        CommandRun.withInput(base, input, "append", "orders");
        CommandRun read = CommandRun.to(new BrokenPipe(), base, new byte[0], "read", "orders");
        assertThat(read).isEqualTo(new CommandRun(0, read.out(), ""));
    }

    /// What a closed pipe looks like from here.
    private static final class BrokenPipe extends OutputStream {
        @Override
        public void write(int value) throws IOException {
            throw new IOException("Broken pipe");
        }
    }

    @Test
    void wrong_usage_ends_with_2_and_leaves_no_log() {
        assertUsage("append", "orders", "--fragment-size", "1000");
        assertUsage("append", "orders", "--fragment-size", "many");
        assertUsage("append", "orders", "--split", "words");
        assertUsage("read", "orders", "--from", "5", "--to", "4");
        assertUsage("read", "orders", "--from", "-1");
        assertUsage("append");
        assertUsage("read", "../orders");
        assertUsage("append", ".orders");
        assertThat(base).isEmptyDirectory();
    }

    private void assertUsage(String... arguments) {
        CommandRun run = CommandRun.of(base, arguments);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("wal: ").hasLineCount(1);
    }

    @Test
    void what_cannot_be_done_is_one_sentence_and_leaves_no_log() throws IOException {
        Path file = Files.createFile(base.resolve("file"));
        assertProblem(base, "there is no log 'orders'", "read", "orders");
        assertProblem(base, "there is no log 'orders'", "tail", "orders");
        assertProblem(base, "there is no log 'orders'", "verify", "orders");
        assertProblem(base, "there is no log 'orders'", "info", "orders");
        assertProblem(base, "no such file", "append", "orders", base + "/missing");
        assertProblem(base, "it is a directory", "append", "orders", base.toString());
        assertProblem(base, "no such file", "dump", base + "/missing");
        assertProblem(file, "it is a file, not a directory", "append", "orders");
        assertProblem(file, "it is a file, not a directory", "read", "orders");
        assertProblem(file, "it is a file, not a directory", "info");
        assertThat(base.toFile().list()).containsExactly("file");
    }

    private static void assertProblem(Path base, String sentence, String... arguments) {
        CommandRun run = CommandRun.of(base, arguments);
        assertThat(run.err()).startsWith("wal: ").contains(sentence).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.out()).isEmpty();
    }
}
