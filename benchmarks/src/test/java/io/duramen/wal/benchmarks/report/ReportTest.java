package io.duramen.wal.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Sample;
import io.duramen.wal.benchmarks.targets.Chart;
import io.duramen.wal.benchmarks.targets.Goal;
import io.duramen.wal.benchmarks.targets.Group;
import io.duramen.wal.benchmarks.targets.Target;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Metric SPEED = Metric.ENTRIES_PER_SECOND;
    private static final Case OURS = Case.of(Entrant.CORE, WorkloadKind.BULK)
            .with(Parameter.PAYLOAD, 256).with(Parameter.DRIVER, "posix");
    private static final Case PEER =
            Case.of(Entrant.BARE_FILE, WorkloadKind.BULK).with(Parameter.PAYLOAD, 256);
    private static final Group GROUP = new Group("small entries", List.of(SPEED),
            List.of(OURS, PEER), Optional.of(PEER),
            List.of(new Goal(OURS, SPEED, Optional.of(PEER), true, 3)), new Chart.None(), 3,
            new Budget(Duration.ZERO, Duration.ZERO, 1));
    private static final Target TARGET =
            new Target("P0", "A test", "Text.", List.of(GROUP), List.of());

    private final List<Sample> samples = new ArrayList<>();

    private void measured(Case subject, int round, double speed) {
        samples.add(new Sample("P0", "small entries", round, subject,
                Outcome.of(Map.of(SPEED, speed), Map.of("synced", "never")), ""));
    }

    private void failed(Case subject, int round, String why) {
        samples.add(new Sample("P0", "small entries", round, subject, null, why));
    }

    private String report() {
        return Report.of(List.of(TARGET), new Results(samples), Map.of(),
                new Machine(Map.of("kernel", "Linux")), "benchmarks/run --quick");
    }

    @Test
    void a_ratio_is_taken_within_each_round() {
        measured(OURS, 0, 100);
        measured(PEER, 0, 50);
        measured(OURS, 1, 1000);
        measured(PEER, 1, 250);
        measured(OURS, 2, 30);
        measured(PEER, 2, 10);
        assertThat(new Results(samples).ratio(OURS, PEER, SPEED))
                .contains(new Spread(3, 2, 4, 3));
    }

    @Test
    void a_round_in_which_one_failed_has_no_ratio() {
        measured(OURS, 0, 100);
        failed(PEER, 0, "no space");
        measured(OURS, 1, 100);
        measured(PEER, 1, 25);
        assertThat(new Results(samples).ratio(OURS, PEER, SPEED))
                .contains(new Spread(4, 4, 4, 1));
    }

    @Test
    void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(new Spread(3, 1, 100, 4));
    }

    @Test
    void a_goal_that_is_missed_is_said_to_be() {
        measured(OURS, 0, 200);
        measured(PEER, 0, 100);
        assertThat(report()).contains("| entries/s at least 3x of bare pwrite | 2x "
                + "| **not reached** |");
    }

    @Test
    void a_goal_that_is_met_is_said_to_be() {
        measured(OURS, 0, 300);
        measured(PEER, 0, 100);
        assertThat(report()).contains("| 3x | yes |");
    }

    @Test
    void a_goal_without_a_number_is_not_reached() {
        failed(OURS, 0, "broken\nat some place");
        measured(PEER, 0, 100);
        assertThat(report()).contains("| not measured | **not reached** |")
                .contains("| **not measured**: broken |");
    }

    @Test
    void what_all_cases_share_is_in_the_caption_and_the_rest_in_columns() {
        measured(OURS, 0, 2_000_000);
        measured(OURS, 1, 1_000_000);
        measured(PEER, 0, 500_000);
        measured(PEER, 1, 500_000);
        assertThat(report()).contains("**small entries**: payload 256 B\n")
                .contains("|  | driver | entries/s | entries/s, ratio to bare pwrite | in effect |")
                .contains("| **Duramen core** | posix | 1.50 M (1 M..2 M) | 3x (2x..4x) "
                        + "| synced never |");
    }
}
