package io.duramen.wal.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java in the README of this repository is compiled and runs: each of its blocks is a region
/// of a class of this package, `// #region name` to `// #endregion`, and nothing else.
class ReadmeExamplesTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final Pattern REGION =
            Pattern.compile("(?ms)^// #region \\w+\n(.*?)^// #endregion$");

    @TempDir
    Path folder;

    @FunctionalInterface
    private interface Main {
        void run(String[] args) throws Exception;
    }

    @Test
    void every_java_block_of_the_readme_is_the_region_of_a_class() throws IOException {
        assertThat(matches(BLOCK, root().resolve("README.md"))).containsExactly(
                region(EmbeddedExample.class), region(StreamsExample.class));
    }

    @Test
    void the_java_of_the_page_about_actors_is_the_region_of_a_class() throws IOException {
        assertThat(matches(BLOCK, root().resolve("docs/actors.md")))
                .containsExactly(region(CallsExample.class), region(TakeoverExample.class),
                        region(CreditsExample.class));
    }

    @Test
    void the_calls_example_appends_a_batch_and_finds_the_beginning() throws Exception {
        assertThat(outputOf(CallsExample::main)).containsExactly("entries 0 and 1",
                "the log begins with entry 0");
    }

    @Test
    void the_takeover_example_appends_once_and_is_fenced() throws Exception {
        assertThat(outputOf(TakeoverExample::main)).containsExactly("entry 0 is new",
                "entry 0 was there", "not written: Fenced", "the new leader begins with entry 0");
    }

    @Test
    void the_credits_example_appends_all_it_has() throws Exception {
        assertThat(outputOf(CreditsExample::main)).containsExactly("all entries up to 999");
    }

    @Test
    void the_embedded_example_prints_what_it_appended() throws Exception {
        assertThat(outputOf(EmbeddedExample::main)).containsExactly("appended 0", "0: two apples");
        assertThat(outputOf(EmbeddedExample::main)).containsExactly("appended 1", "0: two apples",
                "1: two apples");
    }

    @Test
    void the_streams_example_prints_the_last_of_what_it_appended() throws Exception {
        assertThat(outputOf(StreamsExample::main)).containsExactly("997: 998 apples",
                "998: 999 apples", "999: 1000 apples");
    }

    private List<String> outputOf(Main example) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            example.run(new String[] {folder.toString()});
        } finally {
            System.setOut(before);
        }
        return printed.toString(UTF_8).lines().toList();
    }

    private static String region(Class<?> type) throws IOException {
        Path source = root().resolve("wal-streams/src/test/java")
                .resolve(type.getName().replace('.', '/') + ".java");
        return matches(REGION, source).getFirst();
    }

    private static List<String> matches(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file)).results()
                .map((MatchResult match) -> match.group(1)).toList();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
