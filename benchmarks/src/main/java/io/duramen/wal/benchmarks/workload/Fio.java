package io.duramen.wal.benchmarks.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Fork;
import io.duramen.wal.benchmarks.harness.Metric;
import io.duramen.wal.benchmarks.harness.Outcome;
import io.duramen.wal.benchmarks.harness.Parameter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// The same I/O as [IoInFlight], done by fio: io_uring with registered buffers and files, on files
/// that it wrote before. With a file for each operation in flight it has a thread for each file,
/// since it waits for everything in flight before it syncs.
final class Fio implements Workload {
    @Override
    public Outcome run(Fork fork) throws Exception {
        Files.createDirectories(fork.directory());
        Path answer = fork.directory().resolve("fio.json");
        int exit = new ProcessBuilder(command(fork, answer))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT).start().waitFor();
        if (exit != 0) {
            throw new IOException("fio ended with exit code " + exit);
        }
        IoPattern pattern = IoPattern.of(fork.parameters());
        JsonNode said = new ObjectMapper().readTree(answer.toFile());
        JsonNode job = said.path("jobs").path(0);
        JsonNode moved = job.path(pattern.isRead() ? "read" : "write");
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.OPERATIONS_PER_SECOND, number(moved.path("iops")));
        if (pattern != IoPattern.WRITE_SYNC) { // its latencies leave out the sync
            JsonNode percentiles = moved.path("clat_ns").path("percentile");
            values.put(Metric.P50_NANOS, number(percentiles.path("50.000000")));
            values.put(Metric.P99_NANOS, number(percentiles.path("99.000000")));
        }
        return Outcome.of(values, Map.of(Contestant.DRIVER, "io_uring", Contestant.MODE,
                said.path("fio version").asText()));
    }

    private static double number(JsonNode node) throws IOException {
        if (!node.isNumber()) {
            throw new IOException("fio's report has no such number");
        }
        return node.asDouble();
    }

    private static List<String> command(Fork fork, Path answer) {
        IoPattern pattern = IoPattern.of(fork.parameters());
        long depth = fork.parameters().number(Parameter.DEPTH);
        boolean many = pattern.isFilePerOperation();
        List<String> command = new ArrayList<>(List.of("fio", "--name=bench",
                "--directory=" + fork.directory(), "--ioengine=io_uring", "--fixedbufs=1",
                "--registerfiles=1", "--thread=1", "--group_reporting=1", "--time_based=1",
                "--norandommap=1", "--overwrite=1", "--invalidate=0",
                "--bs=" + fork.parameters().number(Parameter.BLOCK),
                "--size=" + IoInFlight.fileBytes(pattern),
                "--iodepth=" + (many ? 1 : depth), "--numjobs=" + (many ? depth : 1),
                "--ramp_time=" + fork.budget().warmUp().toMillis() + "ms",
                "--runtime=" + fork.budget().measure().toMillis() + "ms",
                "--output-format=json", "--output=" + answer));
        command.addAll(pattern.fioArguments());
        return command;
    }
}
