package io.duramen.wal.benchmarks.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.benchmarks.contestant.Entrant;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.workload.WorkloadKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

class TargetsTest {
    static Stream<Plan> plans() {
        return Stream.of(Plan.ofMinutes(), Plan.ofEverything());
    }

    @ParameterizedTest
    @MethodSource("plans")
    void every_target_and_table_has_a_name_of_its_own(Plan plan) {
        List<Target> targets = Targets.of(plan);
        assertThat(targets).extracting(Target::id).doesNotHaveDuplicates();
        assertThat(targets).allSatisfy(target -> assertThat(target.groups())
                .extracting(Group::title).doesNotHaveDuplicates().isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("plans")
    void no_table_measures_a_case_twice(Plan plan) {
        assertThat(Targets.of(plan)).flatExtracting(Target::groups)
                .allSatisfy(group -> assertThat(group.cases()).doesNotHaveDuplicates());
    }

    @Test
    void more_drivers_make_more_cases_of_ours() {
        Plan two = Plan.ofMinutes().withDrivers(List.of("posix", "io_uring"));
        Case ours = Case.of(Entrant.CORE, WorkloadKind.BULK);
        assertThat(two.variants(ours)).hasSize(2).first().isEqualTo(two.first(ours));
    }

    @Test
    void a_goal_for_what_is_not_measured_is_refused() {
        Case ours = Case.of(Entrant.CORE, WorkloadKind.BULK);
        Group empty = Group.of("nothing", Plan.ofMinutes(), Metric.ENTRIES_PER_SECOND);
        Goal goal = Goal.atLeast(ours, Metric.ENTRIES_PER_SECOND, 1);
        assertThatThrownBy(() -> empty.aiming(goal)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not measured");
    }
}
