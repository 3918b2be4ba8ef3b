package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectionTest {
    @TempDir
    Path base;

    private Path first;

    @BeforeEach
    void append() {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            input.append("entry ").append(i).append('\n');
        }
        assertThat(CommandRun.withInput(base, input.toString().getBytes(UTF_8), "append",
                "orders", "--fragment-size", "12K", "--fragment-entries-max", "40").exitCode())
                        .isZero();
        first = base.resolve("log_orders").resolve("fragment_00000000000000000000");
    }

    private static void flip(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int old = bytes.read();
            bytes.seek(offset);
            bytes.write(old ^ 1);
        }
    }

    @Test
    void info_lists_the_logs_and_tells_about_one() throws IOException {
        Files.createFile(base.resolve("log_orders").resolve("notes.txt"));
        assertThat(CommandRun.of(base, "info").text().lines()).satisfiesExactly(
                head -> assertThat(head).contains("entries", "next id"),
                row -> assertThat(row).matches("orders +100 +36864 +3 +0 +100 +closed"));
        String text = CommandRun.of(base, "info", "orders").text();
        assertThat(text).contains("durable id       99", "mode             auto",
                "driver           posix", "foreign files    notes.txt",
                "nothing to do for the next writer");
        assertThat(text.lines().filter(line -> line.startsWith("fragment_")))
                .satisfiesExactly(line -> assertThat(line).endsWith("sealed"),
                        line -> assertThat(line).endsWith("sealed"),
                        line -> assertThat(line).endsWith("active"));
        assertThat(CommandRun.of(base, "info", "orders", "--json").text())
                .startsWith("{\"log\":\"orders\"").contains("\"nextId\":100").hasLineCount(1);
    }

    @Test
    void a_log_without_damage_is_ok() {
        CommandRun verify = CommandRun.of(base, "verify", "orders");
        assertThat(verify.exitCode()).isZero();
        assertThat(verify.text()).startsWith("orders: ok, 100 entries in 3 fragments");
        CommandRun all = CommandRun.of(base, "verify", "--json");
        assertThat(all.text()).contains("\"ok\":true").hasLineCount(1);
    }

    /// One byte of each area: header, group record, entry, unused space, index, footer.
    @Test
    void a_flipped_byte_is_found_by_verify_and_shown_by_dump() throws IOException {
        assertThat(CommandRun.of(base, "dump", first.toString()).exitCode()).isZero();
        for (long at : new long[] {40, 100, 4000, 4096, 4120, 4160, 6000, 8000, 8100, 8190, 8200,
            12000, 12287}) {
            flip(first, at);
            CommandRun verify = CommandRun.of(base, "verify", "orders");
            assertThat(verify.exitCode()).as("byte %d", at).isEqualTo(ExitCode.PROBLEM);
            assertThat(verify.text()).contains("damage: " + first).contains("DAMAGED");
            CommandRun dump = CommandRun.of(base, "dump", first.toString());
            assertThat(dump.exitCode()).as("byte %d", at).isEqualTo(ExitCode.PROBLEM);
            assertThat(dump.text()).contains("DAMAGE");
            assertThat(findings(dump.text())).isEqualTo(findings(verify.text()));
            flip(first, at);
        }
        assertThat(CommandRun.of(base, "verify", "orders").exitCode()).isZero();
    }

    @Test
    void a_log_that_cannot_be_checked_does_not_keep_others_from_it() throws IOException {
        assertThat(CommandRun.withInput(base, "line\n".getBytes(UTF_8), "append", "other")
                .exitCode()).isZero();
        byte[] newer = Files.readAllBytes(first);
        newer[8] = 2;
        CRC32C crc = new CRC32C();
        crc.update(newer, 0, 4092);
        ByteBuffer.wrap(newer).order(ByteOrder.LITTLE_ENDIAN).putInt(4092, (int) crc.getValue());
        Files.write(first, newer);
        CommandRun verify = CommandRun.of(base, "verify");
        assertThat(verify.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(verify.text().lines()).satisfiesExactly(
                refused -> assertThat(refused).startsWith("orders: NOT CHECKED")
                        .contains("version 2"),
                fine -> assertThat(fine).startsWith("other: ok, 1 entries"));
        assertThat(CommandRun.of(base, "verify", "--json").text())
                .contains("{\"log\":\"orders\",\"ok\":false,\"problem\":");
    }

    private static List<String> findings(String text) {
        return text.lines().filter(line -> line.matches("damage: .*|.* DAMAGE.*: .*"))
                .map(line -> line.replaceFirst("^.*?(DAMAGE|offset \\d+)( entry \\d+)?: ", ""))
                .sorted().toList();
    }

    @Test
    void dump_shows_header_records_and_footer() {
        String text =
                CommandRun.of(base, "dump", first.toString(), "--from", "3", "--count", "1",
                        "--bytes", "4").text();
        assertThat(text).contains("header", "generation", "group  first id", "footer",
                "ids             0 to 39");
        assertThat(text.lines().filter(line -> line.contains("  entry  "))).singleElement()
                .asString().contains("entry  3 size 8").endsWith("656e7472.. |entr|");
    }

    @Test
    void looking_changes_no_file() throws IOException {
        List<String> before = state();
        CommandRun.of(base, "info");
        CommandRun.of(base, "info", "orders");
        CommandRun.of(base, "verify", "orders");
        CommandRun.of(base, "dump", first.toString());
        CommandRun.of(base, "read", "orders");
        assertThat(state()).isEqualTo(before);
    }

    private List<String> state() throws IOException {
        List<String> state = new ArrayList<>();
        try (Stream<Path> files = Files.walk(base)) {
            for (Path file : files.sorted().toList()) {
                state.add(file + " " + Files.getLastModifiedTime(file) + " "
                        + (Files.isRegularFile(file)
                                ? java.util.Arrays.hashCode(Files.readAllBytes(file)) : 0));
            }
        }
        return state;
    }
}
