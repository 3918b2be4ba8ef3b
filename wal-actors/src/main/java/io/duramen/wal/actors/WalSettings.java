package io.duramen.wal.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReorderSettings;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.log.StandbySettings;
import io.duramen.wal.memory.BufferPoolSettings;
import io.duramen.wal.memory.HugePages;
import io.duramen.wal.memory.MemoryLock;
import io.duramen.wal.memory.SlabSettings;
import io.duramen.wal.memory.WatchSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;

/// The section `duramen.wal` of a system's configuration, checked. `reference.conf` explains every
/// key.
///
/// @param logDefaults what holds for a log that `logs` does not name
/// @param logs what holds for single logs
/// @param passivateAfter zero for never
/// @param slowSyncWarning a sync that takes longer is logged; zero for never
/// @param freeSpaceMin bytes that the disk must have free for its logs to be called healthy
public record WalSettings(Path basePath, IoDriver ioDriver, int ioThreads, BufferPoolSettings pool,
        long inFlightBytesMax, long pendingBytesMax,
        LogSettings logDefaults, Map<LogId, LogSettings> logs, Duration fragmentIdleTimeout,
        Duration viewInterval,
        int batchEntriesMax, long batchBytesMax, Duration shutdownTimeout,
        Duration passivateAfter, Duration slowSyncWarning, long freeSpaceMin) {
    /// Where the settings stand.
    public static final String CONFIG_PATH = "duramen.wal";

    private static final String DISPATCHER = CONFIG_PATH + ".dispatcher";
    private static final String BLOCKING_DISPATCHER = CONFIG_PATH + ".blocking-dispatcher";

    public WalSettings {
        logs = Map.copyOf(logs);
    }

    /// @throws ConfigException when a key is unknown, or a value is not allowed
    public static WalSettings create(ActorSystem<?> system) {
        return create(system.settings().config().getConfig(CONFIG_PATH));
    }

    /// @param section a section with the layout of `duramen.wal`
    public static WalSettings create(Config section) {
        KnownKeys.check(section);
        Section wal = new Section(section, CONFIG_PATH);
        Section io = wal.section("io");
        IoDriver driver = io.checked("driver", () -> IoDriver.named(io.string("driver")));
        Section stream = wal.section("stream");
        Config defaults = section.getConfig("log");
        Map<LogId, LogSettings> logs = new HashMap<>();
        for (String id : section.getObject("logs").keySet()) {
            Config own = section.getConfig("logs").getConfig("\"" + id + "\"");
            logs.put(LogId.of(id), logSettings(
                    new Section(own.withFallback(defaults), CONFIG_PATH + ".logs." + id)));
        }
        BufferPoolSettings pool = bufferPool(io);
        return new WalSettings(Path.of(wal.string("base-path")), driver,
                io.integer("threads", 1, 1024),
                pool,
                io.bytes("in-flight-bytes-max"), io.bytes("pending-bytes-max"),
                logSettings(wal.section("log")), logs,
                wal.delay("fragment-idle-timeout"), wal.delay("view-interval"),
                stream.integer("batch-entries-max", 1, 1 << 24), stream.bytes("batch-bytes-max"),
                wal.delay("shutdown-timeout"), wal.delayOrOff("passivate-after"),
                io.durationOrOff("slow-sync-warning"),
                wal.section("health").bytesOrOff("free-space-min"));
    }

    private static BufferPoolSettings bufferPool(Section io) {
        MemoryLock lock = io.requireConstant("lock-memory",
                List.of(MemoryLock.OFF, MemoryLock.IF_ALLOWED, MemoryLock.REQUIRED));
        HugePages hugePages = io.requireConstant("huge-pages",
                List.of(HugePages.AUTO, HugePages.ON, HugePages.OFF));
        Duration slow = io.durationOrOff("slow-buffer-warning");
        int leakSampleEvery = io.integer("leak-sample-every", 0, Integer.MAX_VALUE);
        return io.checked("buffer-size", () -> new BufferPoolSettings("wal",
                Math.toIntExact(io.bytes("buffer-size")), io.integer("buffers", 1, 1 << 20), false,
                io.bytes("large-entry-bytes-max"), new SlabSettings(hugePages, lock),
                new WatchSettings(leakSampleEvery, slow)));
    }

    private static LogSettings logSettings(Section log) {
        LogSettings base = LogSettings.defaults();
        IoMode mode = log.checked("io-mode", () -> IoMode.named(log.string("io-mode")));
        return log.checked("fragment-size", () -> new LogSettings(mode, log.bytes("fragment-size"),
                log.integer("fragment-entries-max", 1, Integer.MAX_VALUE),
                log.durationOrOff("fragment-age-max"),
                log.requireConstant("durability", List.of(Durability.SYNCED, Durability.WRITTEN)),
                log.bytes("pending-bytes-max"), base.admissionTimeout(),
                log.bytes("unsynced-bytes-max"),
                log.delay("unsynced-delay-max"), retention(log.section("retention")),
                standby(log.section("standby")), base.epoch(),
                reorder(log.section("reorder"))));
    }

    private static ReorderSettings reorder(Section reorder) {
        return reorder.checked("entries-max", () -> new ReorderSettings(
                reorder.integer("entries-max", 0, 1_000_000), reorder.bytes("bytes-max"),
                reorder.delay("timeout")));
    }

    private static RetentionSettings retention(Section retention) {
        return retention.checked("age", () -> new RetentionSettings(
                retention.durationOrOff("age"), retention.numberOrOff("entries"),
                retention.bytesOrOff("size"),
                retention.requireOneOf("punch-holes", "on", "off").equals("on")));
    }

    private static StandbySettings standby(Section standby) {
        StandbySettings deleting = standby.checked("pre-write-rate",
                () -> new StandbySettings(standby.bytesOrOff("pre-write-rate"), 0));
        return standby.checked("reuse-max", () -> new StandbySettings(
                deleting.preWriteBytesPerSecond(), standby.integer("reuse-max", 0, 1000)));
    }

    /// What holds for a log.
    public LogSettings forLog(LogId logId) {
        return logs.getOrDefault(logId, logDefaults);
    }

    static DispatcherSelector dispatcher() {
        return DispatcherSelector.fromConfig(DISPATCHER);
    }

    static DispatcherSelector blockingDispatcher() {
        return DispatcherSelector.fromConfig(BLOCKING_DISPATCHER);
    }

    /// The shipped defaults, for those who check keys.
    static Config reference() {
        return ConfigFactory.parseResources(WalSettings.class.getClassLoader(), "reference.conf")
                .getConfig(CONFIG_PATH);
    }
}
