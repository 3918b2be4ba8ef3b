package io.duramen.wal.tools;

import io.duramen.wal.io.posix.DeviceFacts;
import io.duramen.wal.io.posix.FileSystemFacts;
import io.duramen.wal.io.posix.MountFacts;
import io.duramen.wal.probe.Latency;
import io.duramen.wal.probe.MachineFacts;
import io.duramen.wal.probe.StorageFacts;
import io.duramen.wal.probe.Warning;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a machine is, as text or JSON; so that numbers of two can be compared.
final class MachineText {
    private static final double GIB = 1L << 30;

    private MachineText() {}

    static String line(String name, Object value) {
        return "%-16s %s%n".formatted(name, value);
    }

    static String text(MachineFacts machine) {
        return line("java", machine.java()) + line("kernel", machine.system() + " on "
                + machine.processor() + ", " + machine.processors()
                + (machine.processors() == 1 ? " processor" : " processors"));
    }

    static String fileSystem(StorageFacts storage) {
        String mount = storage.mount().map(it -> ", " + it.source() + " on " + it.mountPoint()
                + " (" + String.join(",", it.options()) + ")").orElse("");
        return storage.fileSystem().type()
                + (storage.fileSystem().isNetwork() ? ", shared over a network" : "") + mount;
    }

    static String device(StorageFacts storage) {
        return storage.device().map(it -> it.name() + ", " + cache(it)
                + (it.medium() == DeviceFacts.Medium.DEVICE ? "" : ", made of " + it.medium()))
                .orElse("not a single block device");
    }

    private static String cache(DeviceFacts device) {
        return switch (device.writeCache()) {
            case VOLATILE -> "with a volatile write cache that each sync empties";
            case NONE -> "states that it has no volatile write cache";
            case NOT_KNOWN -> "does not tell about its write cache";
        };
    }

    static String space(FileSystemFacts fileSystem) {
        return fileSystem.usableBytes().isEmpty() || fileSystem.totalBytes().isEmpty()
                ? "without a limit of its own"
                : String.format(Locale.ROOT, "%.1f of %.1f GiB",
                        fileSystem.usableBytes().getAsLong() / GIB,
                        fileSystem.totalBytes().getAsLong() / GIB);
    }

    static String text(List<Warning> warnings) {
        return warnings.stream().map(warning -> "warning: "
                + FailureSentence.oneLine(warning.sentence()) + "." + System.lineSeparator())
                .collect(Collectors.joining());
    }

    static String micros(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e3);
    }

    static JsonObject json(MachineFacts machine) {
        return new JsonObject().put("java", machine.java()).put("kernel", machine.system())
                .put("processor", machine.processor()).put("processors", machine.processors());
    }

    static JsonObject json(StorageFacts storage) {
        FileSystemFacts fileSystem = storage.fileSystem();
        JsonObject object = new JsonObject().put("directory", fileSystem.directory().toString())
                .put("fileSystem", fileSystem.type()).put("network", fileSystem.isNetwork())
                .put("memory", storage.isMemory());
        fileSystem.totalBytes().ifPresent(bytes -> object.put("totalBytes", bytes));
        fileSystem.usableBytes().ifPresent(bytes -> object.put("usableBytes", bytes));
        storage.mount().ifPresent(mount -> object.put("mount", json(mount)));
        storage.device().ifPresent(device -> object.put("device", new JsonObject()
                .put("name", device.name()).put("writeCache", OptionName.of(device.writeCache()))
                .put("medium", OptionName.of(device.medium()))));
        fileSystem.deviceBlockBytes().ifPresent(bytes -> object.put("deviceBlockBytes", bytes));
        fileSystem.directAlignment().ifPresent(alignment -> object.put("directAlignment",
                new JsonObject().put("memoryBytes", alignment.memoryBytes())
                        .put("offsetBytes", alignment.offsetBytes())));
        return object;
    }

    private static JsonObject json(MountFacts mount) {
        return new JsonObject().put("mountPoint", mount.mountPoint().toString())
                .put("type", mount.type()).put("source", mount.source())
                .putTexts("options", mount.options());
    }

    static List<JsonObject> json(List<Warning> warnings) {
        return warnings.stream().map(warning -> new JsonObject()
                .put("kind", warning.kind().toString()).put("sentence", warning.sentence()))
                .toList();
    }

    static JsonObject json(Latency latency) {
        return new JsonObject().put("count", latency.count()).put("p50", latency.p50Nanos())
                .put("p90", latency.p90Nanos()).put("p99", latency.p99Nanos())
                .put("p999", latency.p999Nanos()).put("max", latency.maxNanos());
    }
}
