package io.duramen.wal.log;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Counts what a log does, tells the JDK's Flight Recorder of it ([LogEvents]), and warns of syncs
/// that are slow. It outlives the log's closings and openings as long as the handle it was made
/// for. Any thread may call; nothing is done for each entry.
public final class LogMeter {
    /// A sync that takes longer is warned of where nothing else is said.
    public static final Duration SLOW_SYNC = Duration.ofSeconds(1);

    private final LogId log;
    private final long slowSyncNanos;
    private final Consumer<String> warn;
    private final AtomicLong groups = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();
    private final AtomicLong syncNanos = new AtomicLong();
    private final AtomicLong longestSyncNanos = new AtomicLong();
    private final AtomicLong rotations = new AtomicLong();
    private final AtomicLong overloads = new AtomicLong();
    private final AtomicLong recoveries = new AtomicLong();
    private final AtomicLong cutBytes = new AtomicLong();
    private final AtomicLong poisonings = new AtomicLong();
    private final WarningPause warnings = new WarningPause();
    private final Set<LongSupplier> readers = ConcurrentHashMap.newKeySet();
    private volatile LongSupplier pendingBytes = () -> 0;
    private volatile long writtenId = -1;
    private volatile long durableId = -1;

    /// A meter of an embedded log, which warns through the platform's logger.
    public static LogMeter of(LogId log) {
        System.Logger logger = System.getLogger(DiskLog.class.getName());
        return new LogMeter(log, SLOW_SYNC, text -> logger.log(System.Logger.Level.WARNING, text));
    }

    /// @param slowSync a sync that takes longer is warned of, at most once in 10 seconds; zero for
    ///     never
    /// @param warn takes the warning, on the thread that noticed
    public LogMeter(LogId log, Duration slowSync, Consumer<String> warn) {
        this.log = log;
        this.slowSyncNanos = slowSync.isZero() ? Long.MAX_VALUE : slowSync.toNanos();
        this.warn = warn;
    }

    public LogMetrics metrics() {
        long durable = durableId; // first: what is on the device was written before
        long written = writtenId;
        long furthestBehind =
                readers.stream().mapToLong(LongSupplier::getAsLong).min().orElse(written + 1);
        return new LogMetrics(groups.get(), entries.get(), bytes.get(), syncs.get(),
                syncNanos.get(), longestSyncNanos.get(), rotations.get(), overloads.get(),
                recoveries.get(), cutBytes.get(), poisonings.get(), pendingBytes.getAsLong(),
                written, durable,
                Math.max(0, written + 1 - furthestBehind));
    }

    /// Names who knows what waits, from now on.
    ///
    /// @param bytes called by any thread; asks no disk
    public void pendingFrom(LongSupplier bytes) {
        pendingBytes = bytes;
    }

    /// The log was opened.
    public void recovered(RecoveryReport report) {
        recoveries.incrementAndGet();
        cutBytes.addAndGet(report.cutBytes());
        durableId = report.nextId() - 1;
        writtenId = durableId;
        LogEvents.Recovered event = new LogEvents.Recovered();
        if (event.isEnabled()) {
            event.log = log.value();
            event.nextId = report.nextId();
            event.fragments = report.fragments();
            event.scannedBytes = report.scannedBytes();
            event.cutBytes = report.cutBytes();
            event.took = report.took().toNanos();
            event.commit();
        }
    }

    /// A group is in the file.
    ///
    /// @param lastId of its last entry
    public void groupWritten(long entryCount, long lastId, long sizeBytes, long tookNanos) {
        groups.incrementAndGet();
        entries.addAndGet(entryCount);
        bytes.addAndGet(sizeBytes);
        writtenId = lastId;
        LogEvents.GroupWritten event = new LogEvents.GroupWritten();
        if (event.isEnabled()) {
            event.log = log.value();
            event.firstId = lastId - entryCount + 1;
            event.entries = entryCount;
            event.bytes = sizeBytes;
            event.took = tookNanos;
            event.commit();
        }
    }

    /// All up to this entry is on the device.
    public void synced(long lastId, long tookNanos) {
        syncs.incrementAndGet();
        syncNanos.addAndGet(tookNanos);
        longestSyncNanos.accumulateAndGet(tookNanos, Math::max);
        durableId = lastId;
        LogEvents.Synced event = new LogEvents.Synced();
        if (event.isEnabled()) {
            event.log = log.value();
            event.durableId = lastId;
            event.took = tookNanos;
            event.commit();
        }
        if (tookNanos > slowSyncNanos) {
            warnOfSlowSync(tookNanos);
        }
    }

    private void warnOfSlowSync(long tookNanos) {
        if (warnings.tryPass()) {
            warn.accept("a sync of log " + log + " took "
                    + TimeUnit.NANOSECONDS.toMillis(tookNanos) + " ms");
        }
    }

    /// The log goes on in a fragment that starts with this id.
    public void rotated(long firstId) {
        rotations.incrementAndGet();
        LogEvents.Rotated event = new LogEvents.Rotated();
        if (event.isEnabled()) {
            event.log = log.value();
            event.firstId = firstId;
            event.commit();
        }
    }

    /// An append was refused.
    public void overloaded() {
        overloads.incrementAndGet();
        LogEvents.Overloaded event = new LogEvents.Overloaded();
        if (event.isEnabled()) {
            event.log = log.value();
            event.commit();
        }
    }

    /// The log takes no more appends.
    public void poisoned(Throwable cause) {
        poisonings.incrementAndGet();
        LogEvents.Poisoned event = new LogEvents.Poisoned();
        if (event.isEnabled()) {
            event.log = log.value();
            event.cause = String.valueOf(cause.getMessage());
            event.commit();
        }
    }

    /// Somebody reads the log.
    ///
    /// @param nextId the entry it reads next; called by any thread
    public void reads(LongSupplier nextId) {
        readers.add(nextId);
    }

    /// It reads no more.
    public void readsNoMore(LongSupplier nextId) {
        readers.remove(nextId);
    }
}
