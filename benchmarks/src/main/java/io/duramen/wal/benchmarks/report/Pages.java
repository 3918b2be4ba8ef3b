package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.targets.Group;
import io.duramen.wal.benchmarks.targets.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The report as files: `benchmarks.md`, and its drawings in the folder `benchmarks` beside it.
public final class Pages {
    private static final String CHARTS = "benchmarks";
    private static final String CHART_ENDING = ".svg";

    private Pages() {}

    /// Replaces the page and all drawings of an earlier one.
    ///
    /// @return the page
    public static Path write(Path folder, List<Target> targets, Results results, Machine machine,
            String command) throws IOException {
        Path charts = folder.resolve(CHARTS);
        Files.createDirectories(charts);
        clear(charts);
        Map<Group, String> drawn = new HashMap<>();
        for (Target target : targets) {
            for (Group group : target.groups()) {
                draw(charts, target, group, results.of(target, group))
                        .ifPresent(name -> drawn.put(group, name));
            }
            for (Group overview : target.overviews()) {
                draw(charts, target, overview, results.of(target))
                        .ifPresent(name -> drawn.put(overview, name));
            }
        }
        Path page = folder.resolve("benchmarks.md");
        Files.writeString(page, Report.of(targets, results, drawn, machine, command));
        return page;
    }

    /// @return the drawing's name as the page links it; empty where there is nothing to draw
    private static Optional<String> draw(Path charts, Target target, Group group,
            Results results) throws IOException {
        Optional<String> chart = GroupChart.draw(group, results);
        if (chart.isEmpty()) {
            return Optional.empty();
        }
        String name = fileName(target, group);
        Files.writeString(charts.resolve(name), chart.get());
        return Optional.of(CHARTS + "/" + name);
    }

    private static void clear(Path charts) throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(charts)) {
            old = files.filter(file -> file.toString().endsWith(CHART_ENDING)).toList();
        }
        for (Path file : old) {
            Files.delete(file);
        }
    }

    private static String fileName(Target target, Group group) {
        String name = target.id().equals(group.title()) ? target.id()
                : target.id() + " " + group.title();
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + CHART_ENDING;
    }
}
