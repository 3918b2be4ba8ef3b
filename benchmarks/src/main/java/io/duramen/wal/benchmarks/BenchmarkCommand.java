package io.duramen.wal.benchmarks;

import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.ForkProcess;
import io.duramen.wal.benchmarks.harness.Json;
import io.duramen.wal.benchmarks.harness.Sample;
import io.duramen.wal.benchmarks.report.Machine;
import io.duramen.wal.benchmarks.report.Pages;
import io.duramen.wal.benchmarks.report.Results;
import io.duramen.wal.benchmarks.targets.Plan;
import io.duramen.wal.benchmarks.targets.Target;
import io.duramen.wal.benchmarks.targets.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `benchmarks/run`.
@Command(name = "benchmarks/run", sortOptions = false, mixinStandardHelpOptions = true,
        description = "Measures ours and its peers side by side, and writes a report.")
public final class BenchmarkCommand implements Callable<Integer> {
    private static final double WARM_UP_MAX = 3;
    private static final Duration ABORT_TIME_MAX = Duration.ofSeconds(30);
    private static final Duration FORK_TIME_MAX = Duration.ofMinutes(15);

    @Spec
    private CommandSpec spec;

    @Option(names = "--full", description = "measure everything; the default is what fits into"
            + " five minutes")
    private boolean full;

    @Option(names = "--quick", description = "the default")
    private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "TARGET",
            description = "targets to measure, such as P1,P3; see --list")
    private List<String> only = List.of();

    @Option(names = "--list", description = "list the targets and measure nothing")
    private boolean list;

    @Option(names = "--rounds", paramLabel = "N", description = "JVMs for each case")
    private int rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "time to measure each case in"
            + " each JVM, after a warm-up of as long, at most 3 s; some cases take a multiple")
    private double seconds;

    @Option(names = "--driver", split = ",", paramLabel = "DRIVER",
            description = "I/O drivers of ours, the first one counts")
    private List<String> drivers = List.of();

    @Option(names = "--mode", split = ",", paramLabel = "MODE",
            description = "I/O modes of ours, the first one counts")
    private List<String> modes = List.of();

    @Option(names = "--data", paramLabel = "DIR",
            description = "folder to measure in, on the file system that matters; the default is"
                    + " benchmarks/target/data")
    private Path data;

    @Option(names = "--report", paramLabel = "DIR",
            description = "folder for benchmarks.md and its drawings; the default is docs for all"
                    + " of --full, else benchmarks/target")
    private Path report;

    @Option(names = "--home", hidden = true, required = true)
    private Path home;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BenchmarkCommand()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Target> targets = chosen(Targets.of(plan()));
        if (list) {
            targets.forEach(target -> say(target.id() + "  " + target.title()));
            return 0;
        }
        try {
            measure(targets);
            return 0;
        } catch (CancellationException aborted) {
            say(aborted.getMessage() + ", there is no report");
            return 1;
        }
    }

    private Plan plan() {
        if (full && quick) {
            throw wrongUsage("--quick and --full exclude each other");
        }
        Plan plan = full ? Plan.ofEverything() : Plan.ofMinutes();
        plan = rounds > 0 ? plan.withRounds(rounds) : plan;
        plan = seconds > 0 ? plan.withBudget(budget(plan)) : plan;
        plan = drivers.isEmpty() ? plan : plan.withDrivers(drivers);
        return modes.isEmpty() ? plan : plan.withModes(modes);
    }

    private Budget budget(Plan plan) {
        return new Budget(Duration.ofMillis(Math.round(1000 * Math.min(seconds, WARM_UP_MAX))),
                Duration.ofMillis(Math.round(1000 * seconds)), plan.budget().bytesMax());
    }

    private List<Target> chosen(List<Target> all) {
        List<String> ids = all.stream().map(Target::id).toList();
        List<String> wanted = only.stream().map(id -> ids.stream()
                .filter(id::equalsIgnoreCase).findFirst()
                .orElseThrow(() -> wrongUsage("there is no target " + id + ", there are "
                        + String.join(", ", ids))))
                .toList();
        return all.stream().filter(target -> wanted.isEmpty() || wanted.contains(target.id()))
                .toList();
    }

    private ParameterException wrongUsage(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private void measure(List<Target> targets) throws IOException, InterruptedException {
        Path work = home.resolve("benchmarks/target");
        DataFolder folder = new DataFolder(
                data == null ? work.resolve("data") : data.toAbsolutePath());
        Path pages = report != null ? report
                : full && only.isEmpty() ? home.resolve("docs") : work;
        Machine machine = Machine.of(folder.path(), home);
        Path raw = work.resolve("samples.jsonl");
        Files.writeString(raw, "");
        List<Sample> samples = new ArrayList<>();
        ForkProcess forks = new ForkProcess(work.resolve("fork"), FORK_TIME_MAX);
        Rounds all = new Rounds(folder, forks, sample -> {
            samples.add(sample);
            keep(raw, sample);
            tell(sample);
        });
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> abort(forks, ended)));
        try {
            for (Target target : targets) {
                say(target.id() + ": " + target.title());
                all.run(target);
            }
        } finally {
            ended.countDown();
        }
        Path page = Pages.write(pages, targets, new Results(samples), machine, command());
        say("wrote " + page);
    }

    /// Someone ends this process: the fork that is running ends, and its data is deleted.
    private static void abort(ForkProcess forks, CountDownLatch ended) {
        forks.abort();
        try {
            ended.await(ABORT_TIME_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private String command() {
        List<String> given = spec.commandLine().getParseResult().originalArgs();
        int own = given.indexOf("--home");
        List<String> shown = new ArrayList<>(given);
        shown.subList(own, own + 2).clear();
        return String.join(" ", "benchmarks/run", String.join(" ", shown)).strip();
    }

    private static void keep(Path raw, Sample sample) {
        try {
            Files.writeString(raw, Json.write(sample) + "\n", StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void tell(Sample sample) {
        String value = sample.outcome() == null ? "not measured: " + sample.failure()
                : sample.outcome().values().entrySet().stream()
                        .map(metric -> metric.getKey().label() + " "
                                + metric.getKey().show(metric.getValue()))
                        .collect(Collectors.joining(", "));
        say("  " + (sample.round() + 1) + "  " + sample.subject() + ": " + value);
    }

    private void say(String text) {
        spec.commandLine().getOut().println(text);
        spec.commandLine().getOut().flush();
    }
}
