package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/format.md` explains the format by bytes of a golden file; they are that file's.
class FormatPageTest {
    private static final Path PAGE = Path.of("..", "docs", "format.md");
    private static final Pattern DUMP =
            Pattern.compile("([0-9a-f]{8})  ((?:[0-9a-f]{2} {1,2}){16})\\|(.{16})\\|");

    @Test
    void the_hex_dump_of_the_page_is_the_golden_file() throws IOException {
        byte[] golden = GoldenLog.bytes(1, GoldenLog.SEALED);
        List<Matcher> dumped = Files.readAllLines(PAGE).stream().map(DUMP::matcher)
                .filter(Matcher::matches).toList();
        assertThat(dumped).hasSizeGreaterThan(20);
        for (Matcher line : dumped) {
            int offset = HexFormat.fromHexDigits(line.group(1));
            byte[] row = HexFormat.of().parseHex(line.group(2).replace(" ", ""));
            assertThat(row).as("the page's bytes at %x", offset).isEqualTo(
                    Arrays.copyOfRange(golden, offset, offset + row.length));
            assertThat(line.group(3)).as("the page's text at %x", offset).isEqualTo(textOf(row));
        }
    }

    /// No line of the page looks like a dump and escapes the test.
    @Test
    void every_line_that_starts_with_an_offset_is_checked() throws IOException {
        assertThat(Files.readAllLines(PAGE)).filteredOn(line -> line.matches("[0-9a-f]{8} .*"))
                .allMatch(line -> DUMP.matcher(line).matches());
    }

    private static String textOf(byte[] row) {
        StringBuilder text = new StringBuilder();
        for (byte b : row) {
            text.append(b >= ' ' && b < 127 ? (char) b : '.');
        }
        return text.toString();
    }
}
