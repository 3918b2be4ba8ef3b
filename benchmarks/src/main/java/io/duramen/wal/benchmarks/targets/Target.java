package io.duramen.wal.benchmarks.targets;

import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.util.ArrayList;
import java.util.List;

/// Something we want to know about our performance, and how it is measured.
///
/// @param id as it is asked for, such as `P3`
/// @param text what is measured, in a few sentences for the report
/// @param overviews drawings over several tables: of their cases, and measured with them
public record Target(String id, String title, String text, List<Group> groups,
        List<Group> overviews) {
    public Target {
        groups = List.copyOf(groups);
        overviews = List.copyOf(overviews);
    }

    Target(String id, String title, String text, List<Group> groups) {
        this(id, title, text, groups, List.of());
    }

    /// Draws a metric over a parameter in which tables differ; nothing where there is one table.
    Target drawn(Plan plan, Metric metric, Parameter over) {
        if (groups.size() < 2) {
            return this;
        }
        Group all = Group.of(metric.label() + " over " + over.label(), plan, metric)
                .drawn(new Chart.Over(over));
        for (Group group : groups) {
            all = all.addAll(group.cases());
        }
        return overview(all);
    }

    Target overview(Group of) {
        List<Group> all = new ArrayList<>(overviews);
        all.add(of);
        return new Target(id, title, text, groups, all);
    }
}
