package io.duramen.wal.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class WalMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void help_goes_to_standard_output_and_shows_examples_and_exit_codes() {
        assertThat(run("--help")).isEqualTo(ExitCode.SUCCESS);
        assertThat(out.toString()).contains("--base-path", "Examples:", "wrong usage");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void the_version_is_the_one_the_build_wrote_down() {
        assertThat(run("--version")).isEqualTo(ExitCode.SUCCESS);
        assertThat(out.toString()).matches("wal \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void wrong_usage_is_one_sentence_and_ends_with_2() {
        assertThat(run("--basepath", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).startsWith("wal: unknown option").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void no_command_is_wrong_usage() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("a command is missing", "wal --help").hasLineCount(1);
    }

    @Test
    void a_problem_of_the_log_is_its_sentence_and_ends_with_1() {
        WalException problem = new WalException.NoSuchLog("orders", Path.of("wal-data"));
        assertThat(runFailing(problem, "fail")).isEqualTo(ExitCode.PROBLEM);
        assertThat(err.toString()).isEqualToIgnoringNewLines("wal: " + problem.getMessage());
    }

    @Test
    void text_that_could_not_be_written_is_a_problem() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        CommandRun run = CommandRun.to(full, Path.of("."), new byte[0], "--version");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.err()).isEqualToIgnoringNewLines(
                "wal: standard output: No space left on device");
    }

    @Test
    void verbose_adds_the_stack_trace() {
        WalException problem = new WalException.Closed("the log");
        assertThat(runFailing(problem, "fail", "--verbose")).isEqualTo(ExitCode.PROBLEM);
        assertThat(err.toString()).contains("WalException$Closed", "\tat ");
    }

    @Test
    void a_missing_file_is_named_with_the_reason_in_words() {
        assertThat(runFailing(new UncheckedIOException(new NoSuchFileException("in.txt")), "fail"))
                .isEqualTo(ExitCode.PROBLEM);
        assertThat(err.toString()).isEqualToIgnoringNewLines("wal: in.txt: no such file");
    }

    @Test
    void the_base_path_is_taken_before_and_after_the_command() {
        WalCommand root = new WalCommand(StandardStreams.ofProcess());
        CommandLine line = withFailing(root, null);
        assertThat(line.execute("--base-path", "a", "fail")).isZero();
        assertThat(root.basePath()).isEqualTo(Path.of("a"));
        assertThat(line.execute("fail", "--base-path", "b")).isZero();
        assertThat(root.basePath()).isEqualTo(Path.of("b"));
    }

    private int run(String... arguments) {
        return runFailing(null, arguments);
    }

    private int runFailing(Exception failure, String... arguments) {
        return withFailing(new WalCommand(StandardStreams.ofProcess()), failure).execute(arguments);
    }

    private CommandLine withFailing(WalCommand root, Exception failure) {
        CommandLine line = WalMain.commandLine(root);
        line.addSubcommand(new Fail(failure));
        return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }

    /// A command that ends as told.
    @Command(name = "fail")
    private record Fail(Exception failure) implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            if (failure != null) {
                throw failure;
            }
            return ExitCode.SUCCESS;
        }
    }
}
