package io.duramen.wal.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
    @TempDir
    Path base;

    @Test
    void it_tells_what_there_is_and_leaves_nothing_behind() {
        CommandRun run = CommandRun.of(base.resolve("logs"), "doctor");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.text()).contains("java  ", "kernel  ", "io_uring  ", "locked memory  ",
                "which is not there yet; looked at " + base, "file system  ", "device  ",
                "free space  ", "O_DIRECT  ", "fallocate  ", "hole punching  ", "file locks  ",
                "mode auto        works", "mode buffered    works", "mode direct  ",
                "mode mapped  ", "write and sync   p50 ",
                "default mode     auto", "default driver   posix", "Logs can be written here");
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void json_is_one_object_with_the_same() {
        CommandRun run = CommandRun.of(base, "doctor", "--json");
        assertThat(run.text()).hasLineCount(1);
        Config json = Json.parse(run.text());
        assertThat(json.getBoolean("usable")).isTrue();
        assertThat(json.getString("storage.directory")).isEqualTo(base.toString());
        assertThat(json.getConfigList("modes")).extracting(it -> it.getString("what"))
                .containsExactly("auto", "buffered", "direct", "mapped");
        assertThat(json.getConfigList("modes").getFirst().getBoolean("works")).isTrue();
        assertThat(json.getConfigList("files")).hasSize(3);
        assertThat(json.getLong("writeAndSyncNanos.p50")).isPositive();
        assertThat(json.getString("defaultDriver")).isEqualTo("posix");
    }

    @Test
    void a_warning_is_a_sentence_and_does_not_change_the_exit_code() {
        CommandRun run = CommandRun.of(base, "doctor", "--fragment-size", "32G");
        assertThat(run.exitCode()).isZero();
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "there is no file system in memory");
        CommandRun inMemory = CommandRun.of(memory, "doctor");
        assertThat(inMemory.exitCode()).isZero();
        assertThat(inMemory.text()).contains("warning: the file system (tmpfs) is in memory: ");
        assertThat(Json.parse(CommandRun.of(memory, "doctor", "--json").text())
                .getConfigList("warnings").getFirst().getString("kind")).isEqualTo("memory");
    }

    @Test
    void where_no_log_can_be_written_it_says_why_and_ends_with_1() throws IOException {
        Path file = Files.createFile(base.resolve("file"));
        CommandRun run = CommandRun.of(file, "doctor");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.text()).contains("problem: no log can be written here: " + file);
        assertThat(run.err()).isEmpty();
        Config json = Json.parse(CommandRun.of(file, "doctor", "--json").text());
        assertThat(json.getBoolean("usable")).isFalse();
        assertThat(json.getString("obstacle")).contains("is no directory");
    }

    @Test
    void a_fragment_size_that_cannot_be_is_wrong_usage() {
        CommandRun run = CommandRun.of(base, "doctor", "--fragment-size", "5");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("multiple of 4096").hasLineCount(1);
    }
}
