package io.duramen.wal.benchmarks.report;

import io.duramen.wal.benchmarks.harness.ForkProcess;
import io.duramen.wal.benchmarks.harness.Quantity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a run was done on.
///
/// @param facts by name, in the order of the report
public record Machine(Map<String, String> facts) {
    /// @param data the folder that is measured in; it exists
    /// @param home the root of the source
    public static Machine of(Path data, Path home) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        facts.put("source", source(home).orElse("unknown"));
        facts.put("processor", value("/proc/cpuinfo", "model name").orElse("unknown") + ", "
                + Runtime.getRuntime().availableProcessors() + " cores");
        facts.put("memory", value("/proc/meminfo", "MemTotal")
                .map(text -> Quantity.bytes(1024 * Double.parseDouble(text.split(" ")[0])))
                .orElse("unknown"));
        facts.put("kernel", System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch"));
        FileStore store = Files.getFileStore(data);
        facts.put("file system", store.type() + " on " + store.name() + ", "
                + Quantity.bytes(store.getUsableSpace()) + " free");
        writeCache(store).ifPresent(kind -> facts.put("device's cache", kind));
        facts.put("Java", System.getProperty("java.vm.name") + " "
                + Runtime.version() + ", heap of every fork " + ForkProcess.HEAP);
        facts.put("load before", load());
        return new Machine(facts);
    }

    /// `write back` where a device may keep what it was given until it is told to flush.
    private static Optional<String> writeCache(FileStore store) throws IOException {
        Path device = Path.of("/sys/class/block").resolve(
                Optional.ofNullable(Path.of(store.name()).getFileName()).orElse(Path.of("none")));
        for (String queue : List.of("queue/write_cache", "../queue/write_cache")) {
            Path told = device.resolve(queue);
            if (Files.isReadable(told)) {
                return Optional.of(Files.readString(told).strip());
            }
        }
        return Optional.empty();
    }

    /// Runnable threads over the last minute: on a quiet machine it is near zero before a run.
    private static String load() {
        return Quantity.digits(
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static Optional<String> value(String file, String name) throws IOException {
        Path path = Path.of(file);
        if (!Files.isReadable(path)) {
            return Optional.empty();
        }
        return Files.readAllLines(path).stream().filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst();
    }

    private static Optional<String> source(Path home) throws IOException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .directory(home.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String said = new String(git.getInputStream().readAllBytes()).strip();
            return git.waitFor() == 0 ? Optional.of("commit " + said) : Optional.empty();
        } catch (IOException _) { // no git here
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
