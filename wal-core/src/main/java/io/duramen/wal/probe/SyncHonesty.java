package io.duramen.wal.probe;

import io.duramen.wal.io.posix.DeviceFacts;
import io.duramen.wal.io.posix.DeviceFacts.WriteCache;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Whether a sync takes as long as a device needs for it.
///
/// The quickest devices with a cache that power keeps alive take about 10 us for a write and a sync
/// of a page, system calls included; they state that they have no volatile cache. A device that has
/// one must empty it, which takes the best of them several times 20 us. What is quicker has not
/// reached the device: something between the file and it ignores syncs.
///
/// A virtual disk that ignores syncs on its host's side takes about as long as an honest one and is
/// not found out.
final class SyncHonesty {
    /// For a device that states a volatile cache, or about which nothing is known.
    static final Duration SHORTEST = Duration.ofNanos(20_000);
    /// For a device that states that it has no volatile cache.
    static final Duration SHORTEST_WITHOUT_CACHE = Duration.ofNanos(7_000);

    private SyncHonesty() {}

    static Optional<Warning> judge(Latency writeAndSync, StorageFacts storage) {
        Duration shortest = storage.device().map(DeviceFacts::writeCache)
                .filter(WriteCache.NONE::equals).isPresent() ? SHORTEST_WITHOUT_CACHE : SHORTEST;
        if (storage.isMemory() || storage.isPersistentMemory() || writeAndSync.count() == 0
                || writeAndSync.p50Nanos() >= shortest.toNanos()) {
            return Optional.empty();
        }
        return Optional.of(new Warning(Warning.Kind.SYNC_TOO_FAST, "half of the syncs take at most "
                + String.format(Locale.ROOT, "%.1f", writeAndSync.p50Nanos() / 1e3)
                + " us, and no device that has the bytes afterwards is quicker than "
                + shortest.toNanos() / 1000 + " us: something ignores syncs, so a power failure"
                + " loses what was acknowledged. Look for write caches set to unsafe, for"
                + " libraries such as libeatmydata, and at the options of the mount"));
    }
}
