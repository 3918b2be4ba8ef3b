package io.duramen.wal.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkTest {
    private static final Budget SHORT =
            new Budget(Duration.ofMillis(20), Duration.ofMillis(50), 1 << 20);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private static Case bareFile() {
        return Case.of(Entrant.BARE_FILE, WorkloadKind.CLOSED_LOOP).with(Parameter.PAYLOAD, 64)
                .with(Parameter.CALLERS, 2).with(Parameter.DURABILITY, "written");
    }

    @Test
    void a_fork_travels_as_json() {
        Fork fork = new Fork(bareFile(), SHORT, folder);
        assertThat(Json.read(Json.write(fork), Fork.class)).isEqualTo(fork);
    }

    @Test
    void an_outcome_travels_as_json() {
        Latencies latencies = new Latencies();
        latencies.record(1_000);
        latencies.record(2_000_000);
        Outcome outcome = Outcome.of(Map.of(Metric.ENTRIES_PER_SECOND, 2.5), Map.of("mode", "x"))
                .withCurve(List.of(new Outcome.Point(1, 2))).withLatencies(latencies);
        Outcome back = Json.read(Json.write(outcome), Outcome.class);
        assertThat(back).isEqualTo(outcome);
        assertThat(Latencies.decode(back.latencies()).percentiles())
                .isEqualTo(latencies.percentiles());
    }

    @Test
    void a_jvm_of_its_own_brings_back_an_outcome() throws Exception {
        Outcome outcome = new ForkProcess(folder.resolve("scratch"), LIMIT)
                .run(new Fork(bareFile(), SHORT, folder.resolve("data")));
        assertThat(outcome.values().get(Metric.ENTRIES_PER_SECOND)).isPositive();
        assertThat(Latencies.decode(outcome.latencies()).count()).isPositive();
        assertThat(outcome.facts()).containsEntry("synced", "never");
    }

    @Test
    void a_fork_that_fails_says_why() {
        Case unclear = bareFile().with(Parameter.DURABILITY, "perhaps");
        ForkProcess forks = new ForkProcess(folder.resolve("scratch"), LIMIT);
        assertThatThrownBy(() -> forks.run(new Fork(unclear, SHORT, folder.resolve("data"))))
                .isInstanceOf(ForkProcess.Failed.class).hasMessageContaining("exit code 1")
                .hasMessageContaining("durability [perhaps] must be written or synced");
    }

    @Test
    void the_reason_does_not_tell_where_the_data_was() throws Exception {
        Path data = Files.createFile(folder.resolve("data")); // and so no folder
        ForkProcess forks = new ForkProcess(folder.resolve("scratch"), LIMIT);
        assertThatThrownBy(() -> forks.run(new Fork(bareFile(), SHORT, data)))
                .isInstanceOf(ForkProcess.Failed.class).hasMessageContaining("DATA")
                .message().doesNotContain(folder.toString());
    }

    @Test
    void a_fork_that_takes_too_long_is_ended() {
        Budget endless = new Budget(Duration.ofHours(1), Duration.ofHours(1), Long.MAX_VALUE);
        ForkProcess forks = new ForkProcess(folder.resolve("scratch"), Duration.ofSeconds(1));
        assertThatThrownBy(
                () -> forks.run(new Fork(bareFile(), endless, folder.resolve("data"))))
                        .isInstanceOf(ForkProcess.Failed.class).hasMessage("took longer than 1 s");
    }
}
