package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.target.Group;
import io.duramen.wal.benchmarks.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The report as files: `benchmarks.md`, and its drawings in a folder beside it.
public final class Pages {
    private Pages() {}

    /// @return the page
    public static Path write(Path folder, List<Target> targets, Results results, Machine machine,
            String command) throws IOException {
        Files.createDirectories(folder);
        Map<Group, String> charts = new HashMap<>();
        Path page = folder.resolve("benchmarks.md");
        Files.writeString(page, Report.of(targets, results, charts, machine, command));
        return page;
    }
}
