package io.duramen.wal.tools;

import static io.duramen.wal.tools.MachineText.line;
import static io.duramen.wal.tools.MachineText.micros;

import io.duramen.wal.bench.BenchCase;
import io.duramen.wal.bench.BenchSettings;
import io.duramen.wal.bench.CaseResult;
import io.duramen.wal.bench.Measurement;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.probe.Diagnosis;
import io.duramen.wal.probe.Latency;
import io.duramen.wal.probe.MachineFacts;
import io.duramen.wal.probe.StorageFacts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What was measured, on what, as text or JSON.
record BenchText(MachineFacts machine, StorageFacts storage, IoDriver.Choice driver,
        BenchSettings settings, List<CaseResult> results) {
    private static final String NONE = "-";

    /// The columns that say which case it is.
    private record Columns(String what, String mode, String durability, int callers) {
        static Columns of(BenchCase benchCase) {
            return switch (benchCase) {
                case BenchCase.Append append -> new Columns("append", append.mode().toString(),
                        OptionName.of(append.durability()), append.callers());
                case BenchCase.BareWrite bare -> new Columns("bare write+sync",
                        (bare.direct() ? IoMode.DIRECT : IoMode.BUFFERED).toString(), "synced", 1);
                case BenchCase.Replay _ -> new Columns("replay", NONE, NONE, 1);
            };
        }
    }

    /// In a few words, for progress.
    static String name(BenchCase benchCase) {
        Columns columns = Columns.of(benchCase);
        return String.join(" ", columns.what(), columns.mode(), columns.durability(),
                String.valueOf(columns.callers())).replace(" " + NONE, "");
    }

    String text() {
        TextTable table = new TextTable("what", "mode", "durability", ">callers", ">per second",
                ">MiB/s", ">p50 us", ">p90 us", ">p99 us", ">p99.9 us", ">max us");
        StringBuilder notOffered = new StringBuilder();
        for (CaseResult result : results) {
            Columns columns = Columns.of(result.benchCase());
            switch (result) {
                case CaseResult.Measured measured -> row(table, columns, measured.measurement());
                case CaseResult.NotOffered missing -> notOffered.append("not measured: ")
                        .append(name(missing.benchCase())).append(": ")
                        .append(FailureSentence.oneLine(missing.reason()))
                        .append(System.lineSeparator());
            }
        }
        return MachineText.text(machine)
                + line("base path", storage.fileSystem().directory())
                + line("file system", MachineText.fileSystem(storage))
                + line("device", MachineText.device(storage))
                + line("driver", driver.reason())
                + line("entries", settings.payloadBytes() + " bytes each")
                + line("time", String.format(Locale.ROOT, "%.2f s a case after %.2f s of warm-up,"
                        + " closed loop", seconds(settings.measured()),
                        seconds(settings.warmUp())))
                + System.lineSeparator() + table + notOffered
                + MachineText.text(Diagnosis.ofStorage(storage)) + System.lineSeparator()
                + "'wal bench --help' says what each number means." + System.lineSeparator();
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static void row(TextTable table, Columns columns, Measurement measurement) {
        Latency latency = measurement.latency();
        boolean timed = latency.count() > 0;
        table.row(columns.what(), columns.mode(), columns.durability(), columns.callers(),
                Math.round(measurement.operationsPerSecond()),
                String.format(Locale.ROOT, "%.1f", measurement.bytesPerSecond() / (1 << 20)),
                timed ? micros(latency.p50Nanos()) : NONE,
                timed ? micros(latency.p90Nanos()) : NONE,
                timed ? micros(latency.p99Nanos()) : NONE,
                timed ? micros(latency.p999Nanos()) : NONE,
                timed ? micros(latency.maxNanos()) : NONE);
    }

    String json() {
        return new JsonObject().put("machine", MachineText.json(machine))
                .put("storage", MachineText.json(storage))
                .put("driver", driver.driver().toString()).put("driverReason", driver.reason())
                .putObjects("warnings", MachineText.json(Diagnosis.ofStorage(storage)))
                .put("payloadBytes", settings.payloadBytes())
                .put("measuredNanos", settings.measured().toNanos())
                .put("warmUpNanos", settings.warmUp().toNanos()).put("loop", "closed")
                .putObjects("cases", results.stream().map(BenchText::json).toList()).toString();
    }

    private static JsonObject json(CaseResult result) {
        Columns columns = Columns.of(result.benchCase());
        JsonObject object = new JsonObject().put("what", columns.what());
        if (!columns.mode().equals(NONE)) {
            object.put("mode", columns.mode()).put("durability", columns.durability());
        }
        object.put("callers", columns.callers());
        switch (result) {
            case CaseResult.NotOffered missing -> object.put("notMeasured", missing.reason());
            case CaseResult.Measured measured -> {
                Measurement measurement = measured.measurement();
                object.put("operations", measurement.operations())
                        .put("payloadBytes", measurement.bytes())
                        .put("elapsedNanos", measurement.elapsedNanos())
                        .put("operationsPerSecond",
                                Math.round(measurement.operationsPerSecond()))
                        .put("bytesPerSecond", Math.round(measurement.bytesPerSecond()));
                if (measurement.latency().count() > 0) {
                    object.put("latencyNanos", MachineText.json(measurement.latency()));
                }
            }
        }
        return object;
    }
}
