package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.memory.BufferPoolSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/// A case's parameters as settings of ours. What a case does not say is as shipped.
public final class LogOptions {
    private static final Duration AGES = Duration.ofDays(1);
    private static final long LARGE_ENTRY_BYTES_MAX = 1L << 30;

    private LogOptions() {}

    static Durability durability(Parameters parameters) {
        return parameters.isSynced() ? Durability.SYNCED : Durability.WRITTEN;
    }

    static IoDriver driver(Parameters parameters) {
        return IoDriver.named(parameters.text(Parameter.DRIVER, IoDriver.POSIX.toString()));
    }

    /// An environment with as many threads and buffers as asked for, and the case's driver.
    public static LogEnvironment environment(Parameters parameters, int ioThreads, int buffers,
            int bufferBytes) {
        BufferPoolSettings pool =
                new BufferPoolSettings("wal", bufferBytes, buffers, false, LARGE_ENTRY_BYTES_MAX);
        return LogEnvironment.open(driver(parameters).choose(), ioThreads, pool,
                Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
    }

    static LogSettings settings(Parameters parameters) {
        LogSettings settings = LogSettings.defaults().withDurability(durability(parameters));
        if (parameters.has(Parameter.MODE)) {
            settings = settings.withIoMode(IoMode.named(parameters.text(Parameter.MODE, "")));
        }
        if (parameters.has(Parameter.FRAGMENT)) {
            settings = settings.withFragmentSizeBytes(parameters.number(Parameter.FRAGMENT));
        }
        if (parameters.is(Parameter.BACKGROUND_SYNC, "off")) {
            settings = settings.withUnsyncedBytesMax(Long.MAX_VALUE).withUnsyncedDelayMax(AGES);
        }
        return settings;
    }

    static Map<String, String> facts(LogInfo info, Parameters parameters) {
        LogSettings settings = settings(parameters);
        String sync = parameters.isSynced() ? "before each answer"
                : parameters.is(Parameter.BACKGROUND_SYNC, "off") ? "at rotation only"
                        : "in the background, after " + (settings.unsyncedBytesMax() >> 20)
                                + " MiB or " + settings.unsyncedDelayMax().toMillis() + " ms";
        return Map.of(Contestant.DRIVER, info.ioDriver(), Contestant.MODE, info.ioMode(),
                Contestant.SYNC, sync);
    }
}
