package io.duramen.wal.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.duramen.wal.bench.BenchCase;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BenchCommandTest {
    @TempDir
    Path base;

    private CommandRun bench(String... more) {
        return CommandRun.of(base, Stream.concat(
                Stream.of("bench", "--seconds-per-case", "0.005", "--modes", "buffered"),
                Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void a_table_has_a_row_for_each_case_and_says_on_what_it_was_measured() {
        CommandRun run = bench("--payload-bytes", "100");
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.text()).contains("java  ", "kernel  ", "file system  ", "device  ",
                "driver           I/O driver posix, as configured", "entries          100 bytes",
                "closed loop", "per second", "p99.9 us");
        assertThat(run.text().lines().filter(line -> line.matches(".* (1|16|64)( +[0-9.-]+){7}")))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("bare write+sync  buffered  synced"),
                        row -> assertThat(row).matches("append +buffered +synced +1 .*"),
                        row -> assertThat(row).matches("append +buffered +synced +16 .*"),
                        row -> assertThat(row).matches("append +buffered +synced +64 .*"),
                        row -> assertThat(row).matches("append +buffered +written +1 .*"),
                        row -> assertThat(row).matches("append +buffered +written +16 .*"),
                        row -> assertThat(row).matches("append +buffered +written +64 .*"),
                        row -> assertThat(row).matches("replay +- +- +1 .* - +- +- +- +-"));
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void json_has_the_counts_behind_the_table() {
        Config json = Json.parse(bench("--json").text());
        assertThat(json.getString("driver")).isEqualTo("posix");
        assertThat(json.getLong("measuredNanos")).isEqualTo(5_000_000);
        assertThat(json.getString("loop")).isEqualTo("closed");
        List<? extends Config> cases = json.getConfigList("cases");
        assertThat(cases).hasSize(8).allSatisfy(it -> {
            assertThat(it.getLong("operations")).isPositive();
            assertThat(it.getLong("elapsedNanos")).isPositive();
        });
        assertThat(cases.get(1).getLong("latencyNanos.count"))
                .isEqualTo(cases.get(1).getLong("operations"));
        assertThat(cases.getLast().hasPath("latencyNanos")).isFalse();
    }

    @Test
    void wrong_options_are_named_and_nothing_is_measured() {
        assertThat(bench("--seconds-per-case", "soon").err()).contains("'soon' is no time");
        assertThat(bench("--seconds-per-case", "0").err()).contains("'0' is no time");
        assertThat(bench("--modes", "sideways").err()).contains("buffered, direct, mapped");
        assertThat(bench("--payload-bytes", "2M").err()).contains("0 to 1048576");
        assertThat(bench("--payload-bytes", "2M").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void a_base_path_that_is_a_file_is_a_problem() throws IOException {
        Path file = Files.createFile(base.resolve("file"));
        CommandRun run = CommandRun.of(file, "bench");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.err()).contains(file + " is no directory").hasLineCount(1);
    }

    @Test
    void a_case_has_a_name_for_who_watches() {
        assertThat(BenchText.name(new BenchCase.Append(IoMode.MAPPED, Durability.WRITTEN, 16)))
                .isEqualTo("append mapped written 16");
        assertThat(BenchText.name(new BenchCase.Replay())).isEqualTo("replay 1");
    }

    @Test
    void a_signal_ends_it_and_nothing_stays() throws Exception {
        try (WalProcess bench = WalProcess.start(base, "bench", "--seconds-per-case", "100")) {
            while (scratch() == 0 && bench.process().isAlive()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            assertThat(scratch()).isOne();
            bench.terminate();
            assertThat(bench.exitCode()).isEqualTo(128 + 15);
            assertThat(bench.err()).isEmpty();
            assertThat(bench.restOfLines()).isEmpty();
        }
        assertThat(scratch()).isZero();
    }

    private long scratch() throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".wal-bench-"))
                    .count();
        }
    }
}
