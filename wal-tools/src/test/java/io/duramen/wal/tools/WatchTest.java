package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchTest {
    private static final LogSettings LAZY =
            LogSettings.defaults().withUnsyncedDelayMax(Duration.ofHours(1));

    @TempDir
    Path base;

    private DiskLog open() {
        return DiskLog.open(base, LogId.of("orders"), LAZY);
    }

    @Test
    void a_line_tells_what_is_durable_and_what_is_only_written() {
        try (DiskLog log = open()) {
            log.append(new byte[10]);
            log.append(Payload.of(new byte[10]), Durability.WRITTEN);
            log.append(Payload.of(new byte[10]), Durability.WRITTEN);
            CommandRun run = CommandRun.of(base, "info", "orders", "--watch", "1s", "--count", "1",
                    "--json");
            assertThat(run.exitCode()).isZero();
            Config line = Json.parse(run.text());
            assertThat(line.getBoolean("writer")).isTrue();
            assertThat(line.getLong("nextId")).isEqualTo(1);
            assertThat(line.getLong("notDurable")).isEqualTo(2);
            assertThat(line.getLong("entriesPerSecond")).isZero();
            assertThat(line.getLong("fragments")).isEqualTo(1);
        }
    }

    /// The writer appends when the first line is printed, so between the second look and the third.
    @Test
    void what_became_durable_between_two_looks_is_shown_as_a_rate() {
        try (DiskLog log = open()) {
            log.append(new byte[10]);
            ByteArrayOutputStream out = new ByteArrayOutputStream() {
                @Override
                public synchronized void write(byte[] bytes, int offset, int length) {
                    if (size() == 0) {
                        log.appendBatch(Collections.nCopies(1000, Payload.of(new byte[1])),
                                Durability.SYNCED);
                    }
                    super.write(bytes, offset, length);
                }
            };
            CommandRun run = CommandRun.to(out, base, new byte[0], "info", "orders", "--watch",
                    "1s", "--count", "2", "--json");
            assertThat(run.exitCode()).isZero();
            List<Config> lines = out.toString(UTF_8).lines().map(Json::parse).toList();
            assertThat(lines).extracting(line -> line.getLong("nextId")).containsExactly(1L, 1001L);
            assertThat(lines.getFirst().getLong("entriesPerSecond")).isZero();
            assertThat(lines.getLast().getLong("entriesPerSecond")).isPositive();
        }
    }

    @Test
    void a_log_that_nobody_writes_stands_still() {
        try (DiskLog log = open()) {
            log.append(new byte[10]);
        }
        CommandRun run = CommandRun.of(base, "info", "orders", "--watch", "--count", "2");
        assertThat(run.exitCode()).isZero();
        assertThat(run.text().lines()).hasSize(3);
        assertThat(run.text().lines().skip(1)).allMatch(line -> line.matches(
                "\\S+Z +no +0 +1 +0 +1 +\\d+"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            info --watch                      | name it
            info orders --count 3             | give both
            info orders --watch 0s            | at least 1
            info orders --watch 1s --count 0  | at least 1
            info orders --watch soon          | no time
            """)
    void what_makes_no_sense_is_refused(String command, String why) {
        CommandRun run = CommandRun.of(base, command.split(" +"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(why);
    }

    @Test
    void a_log_that_is_not_there_is_a_problem() {
        CommandRun run = CommandRun.of(base, "info", "missing", "--watch", "--count", "1");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEM);
        assertThat(run.err()).contains("missing");
    }
}
