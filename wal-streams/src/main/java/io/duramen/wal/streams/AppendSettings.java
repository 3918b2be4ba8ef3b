package io.duramen.wal.streams;

import io.duramen.wal.actors.Wal;
import io.duramen.wal.actors.WalSettings;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogId;
import java.time.Duration;
import java.util.Objects;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/// How a stream appends.
///
/// @param durability what must be true of an entry before it is acknowledged
/// @param batchEntriesMax entries in one message to the log, at most
/// @param batchBytesMax a message to the log ends with the entry that brings it to this many bytes
///     of the file
/// @param retryDelay how long to wait before a batch that was refused as overloaded is sent again
public record AppendSettings(Durability durability, int batchEntriesMax, long batchBytesMax,
        Duration retryDelay) {
    private static final Duration RETRY_DELAY = Duration.ofMillis(5);

    public AppendSettings {
        Objects.requireNonNull(durability, "durability");
        require(batchEntriesMax >= 1, "batchEntriesMax", batchEntriesMax);
        require(batchBytesMax >= 1, "batchBytesMax", batchBytesMax);
        require(retryDelay.isPositive(), "retryDelay", retryDelay);
    }

    private static void require(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be positive");
        }
    }

    /// As durable as `duramen.wal.log` says, batches as `duramen.wal.stream` says.
    public static AppendSettings create(ClassicActorSystemProvider system) {
        WalSettings wal = settingsOf(system);
        return new AppendSettings(wal.logDefaults().durability(), wal.batchEntriesMax(),
                wal.batchBytesMax(), RETRY_DELAY);
    }

    /// As [#create(ClassicActorSystemProvider)], and as durable as `duramen.wal.logs` says of this
    /// log.
    public static AppendSettings create(ClassicActorSystemProvider system, LogId logId) {
        return create(system).withDurability(settingsOf(system).forLog(logId).durability());
    }

    private static WalSettings settingsOf(ClassicActorSystemProvider system) {
        return Wal.get(Adapter.toTyped(system.classicSystem())).settings();
    }

    public AppendSettings withDurability(Durability value) {
        return new AppendSettings(value, batchEntriesMax, batchBytesMax, retryDelay);
    }

    public AppendSettings withBatchEntriesMax(int value) {
        return new AppendSettings(durability, value, batchBytesMax, retryDelay);
    }

    public AppendSettings withBatchBytesMax(long value) {
        return new AppendSettings(durability, batchEntriesMax, value, retryDelay);
    }

    public AppendSettings withRetryDelay(Duration value) {
        return new AppendSettings(durability, batchEntriesMax, batchBytesMax, value);
    }
}
