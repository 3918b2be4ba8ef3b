package io.duramen.wal.killed;

import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a process that is to be killed writes to, and how. It travels as `name=value` arguments; a
/// new way of writing needs a component here, a line in both directions, and its place in the tests
/// that choose among them.
///
/// @param durability what the log promises where an append does not say otherwise
/// @param threads that append at once, or as many streams
/// @param seed what they append
public record WriterOptions(Path base, LogId logId, IoDriver driver, IoMode ioMode,
        Durability durability, int threads, long seed) {
    /// Small, so that rotating, preparing and sealing are under way whenever the process is killed.
    public LogSettings settings() {
        return LogSettings.defaults().withFragmentSizeBytes(16 << 10).withFragmentEntriesMax(60)
                .withIoMode(ioMode).withDurability(durability);
    }

    List<String> toArguments() {
        return List.of("base=" + base, "log=" + logId, "driver=" + driver,
                "mode=" + ioMode.name(), "durability=" + durability, "threads=" + threads,
                "seed=" + seed);
    }

    public static WriterOptions parse(String[] arguments) {
        Map<String, String> values = Arrays.stream(arguments).map(one -> one.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new WriterOptions(Path.of(values.get("base")), LogId.of(values.get("log")),
                IoDriver.named(values.get("driver")), IoMode.valueOf(values.get("mode")),
                Durability.valueOf(values.get("durability")),
                Integer.parseInt(values.get("threads")), Long.parseLong(values.get("seed")));
    }
}
