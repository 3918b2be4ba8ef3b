package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs a method of [HotPath] by JMH, in this fork's JVM.
final class HotPaths implements Workload {
    private static final int ITERATIONS = 5;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public Outcome run(Fork fork) throws Exception {
        String method = fork.parameters().text(Parameter.PATTERN, "missing");
        System.setProperty("jmh.ignoreLock", "true"); // forks never run at the same time
        RunResult result = new Runner(new OptionsBuilder()
                .include("^" + HotPath.class.getName().replace(".", "\\.") + "\\." + method + "$")
                .param("payloadBytes", String.valueOf(fork.parameters().payloadBytes()))
                .param("folder", fork.directory().toString()).forks(0).mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS).addProfiler(GCProfiler.class)
                .warmupIterations(1)
                .warmupTime(TimeValue.milliseconds(fork.budget().warmUp().toMillis()))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.milliseconds(
                        Math.max(1, fork.budget().measure().toMillis() / ITERATIONS)))
                .verbosity(VerboseMode.SILENT).shouldFailOnError(true).build()).runSingle();
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.NANOS_PER_ENTRY, result.getPrimaryResult().getScore());
        values.put(Metric.ALLOCATED_BYTES_PER_ENTRY, allocated(result));
        return Outcome.of(values, Map.of(Contestant.MODE, "in memory, by JMH"));
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().values().stream()
                .filter(secondary -> secondary.getLabel().endsWith(ALLOCATED))
                .mapToDouble(secondary -> secondary.getScore()).findFirst().orElseThrow(
                        () -> new IllegalStateException("JMH does not tell " + ALLOCATED));
    }
}
