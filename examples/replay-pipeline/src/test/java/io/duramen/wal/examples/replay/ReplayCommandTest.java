package io.duramen.wal.examples.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example as a user sees it: arguments in, text and an exit code out.
class ReplayCommandTest {
    @TempDir
    Path folder;

    private String out;
    private String err;

    private int run(String... arguments) {
        StringWriter standard = new StringWriter();
        StringWriter error = new StringWriter();
        int exit = ReplayMain.commandLine().setOut(new PrintWriter(standard, true))
                .setErr(new PrintWriter(error, true))
                .execute(Stream.concat(Stream.of("--base-path", folder.resolve("logs").toString()),
                        Arrays.stream(arguments)).toArray(String[]::new));
        out = standard.toString();
        err = error.toString();
        return exit;
    }

    /// The block of the page that shows what a command prints.
    private static String promised(String language) throws IOException {
        Matcher block = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```$")
                .matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    void the_sample_prints_what_the_page_about_it_promises() throws IOException {
        assertThat(run()).isZero();
        assertThat(out).isEqualTo(promised("text"));
        assertThat(err).startsWith("Appended 3000 lines of the bundled sample to log access in ")
                .hasLineCount(1);
    }

    @Test
    void a_second_run_prints_the_same_and_says_that_it_appended_nothing() {
        assertThat(run()).isZero();
        String first = out;
        assertThat(run()).isZero();
        assertThat(out).isEqualTo(first);
        assertThat(err).startsWith("Appended 0 lines").endsWith("which had 3000 already.\n");
        assertThat(run("--skip-append")).isZero();
        assertThat(out).isEqualTo(first);
        assertThat(err).isEmpty();
    }

    @Test
    void from_an_id_the_rest_is_counted() {
        assertThat(run("--from", "2990")).isZero();
        PlainCount rest = PlainCount
                .of(SampleAccessLog.lines(SampleAccessLog.BUNDLED_LINES).skip(2990));
        assertThat(rest.minutes()).hasSize(1);
        assertThat(out).hasLineCount(4).contains("2026-03-02 10:29");
        assertThat(run("--skip-append", "--from", "3000")).isZero();
        assertThat(out).isEqualTo("No line was malformed.\n");
    }

    @Test
    void an_empty_file_has_an_empty_table() throws IOException {
        assertThat(run(Files.createFile(folder.resolve("empty.log")).toString())).isZero();
        assertThat(out).isEqualTo("No line was malformed.\n");
    }

    @Test
    void problems_are_one_sentence_and_end_with_1() throws IOException {
        assertThat(run("--skip-append")).isEqualTo(1);
        assertThat(err).startsWith("replay: there is no log 'access'").hasLineCount(1);
        assertThat(run("no-such.log")).isEqualTo(1);
        assertThat(err).startsWith("replay: cannot read no-such.log").hasLineCount(1);
        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(err).endsWith(": it is a directory\n").hasLineCount(1);
        assertThat(run()).isZero();
        assertThat(run("--from", "3001")).isEqualTo(1);
        assertThat(err).contains("replay: ", "3001");
        assertThat(run("--log", "a/b")).isEqualTo(1);
        assertThat(err).startsWith("replay: ").contains("a/b").hasLineCount(1);
        Path other = Files.writeString(folder.resolve("other.log"), "other\n".repeat(3000));
        assertThat(run(other.toString())).isEqualTo(1);
        assertThat(err).contains("does not hold the beginning of").hasLineCount(1);
    }

    @Test
    void a_line_without_end_is_a_problem_and_not_a_crash() throws IOException {
        Path file = Files.write(folder.resolve("zeros.log"),
                new byte[AccessLogFile.LINE_BYTES_MAX + 1]);
        assertThat(run(file.toString())).isEqualTo(1);
        assertThat(err).startsWith("replay: the file has a line of more than").hasLineCount(1);
    }

    @Test
    void help_goes_to_standard_output() {
        assertThat(run("--help")).isZero();
        assertThat(out).contains("--skip-append", "Exit codes:");
        assertThat(err).isEmpty();
    }

    @Test
    void wrong_usage_is_one_sentence_and_ends_with_2() {
        assertThat(run("--from", "-1")).isEqualTo(2);
        assertThat(err).startsWith("replay: --from is -1").hasLineCount(1);
        assertThat(run("--skip-append", "file.log")).isEqualTo(2);
        assertThat(run("--form", "1")).isEqualTo(2);
    }

    @Test
    void the_sample_is_the_one_its_generator_makes_and_stays_small() throws IOException {
        try (InputStream sample = AccessLogFile.class.getResourceAsStream("access.log")) {
            byte[] bytes = sample.readAllBytes();
            assertThat(new String(bytes, UTF_8))
                    .isEqualTo(new String(SampleAccessLog.bundled(), UTF_8));
            assertThat(bytes).hasSizeLessThan(600_000);
        }
    }
}
