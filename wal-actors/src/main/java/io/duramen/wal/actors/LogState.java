package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnd;
import io.duramen.wal.log.LogFragments;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// How far a log is written, durable and visible. Plain state of a [LogActor]; what it learns it
/// tells the readers and the status page, in this order: durable first, then everybody.
final class LogState {
    private final LogSettings settings;
    private final LogFragments fragments;
    private final WriterStatus status;
    private final LogMeter meter;
    private long begunNanos;
    private long writtenId;
    private long durableId;
    private long unsyncedBytes;
    private boolean appended;
    private LogEnd end;

    LogState(LogSettings settings, LogFragments fragments, WriterStatus status, LogMeter meter,
            LogEnd end) {
        this.settings = settings;
        this.fragments = fragments;
        this.status = status;
        this.meter = meter;
        this.end = end;
        this.writtenId = end.nextId() - 1;
        this.durableId = writtenId;
    }

    /// A group, or a sync of its own, is handed to the disk.
    void begin() {
        begunNanos = System.nanoTime();
    }

    void written(LogEnd newEnd, long bytes) {
        appended = true;
        meter.groupWritten(newEnd.nextId() - end.nextId(), newEnd.nextId() - 1, bytes,
                System.nanoTime() - begunNanos);
        end = newEnd;
        writtenId = end.nextId() - 1;
        unsyncedBytes += bytes;
        status.written(writtenId);
        if (settings.durability() == Durability.WRITTEN) {
            fragments.makeVisible(writtenId);
        }
    }

    void synced() {
        unsyncedBytes = 0;
        durableId = writtenId;
        status.durable(durableId);
        meter.synced(durableId, System.nanoTime() - begunNanos);
        fragments.makeVisible(durableId);
    }

    /// Whether visible entries are these, byte for byte; waits for the disk. Any thread may call.
    boolean holds(long firstId, List<Payload> payloads) {
        try (LogReader reader = fragments.read(ReadRange.from(firstId))) {
            for (Payload payload : payloads) {
                byte[] bytes = new byte[payload.sizeBytes()];
                payload.copyTo(MemorySegment.ofArray(bytes), 0);
                if (!reader.hasNext() || !Arrays.equals(reader.next().toByteArray(), bytes)) {
                    return false;
                }
            }
            return true;
        } catch (WalException.Trimmed _) {
            return false;
        }
    }

    /// The id after the last visible entry. Any thread may call.
    long visibleNextId() {
        return fragments.visibleId() + 1;
    }

    long writtenId() {
        return writtenId;
    }

    long durableId() {
        return durableId;
    }

    long nextId() {
        return writtenId + 1;
    }

    boolean hasUnsynced() {
        return unsyncedBytes > 0;
    }

    boolean isSyncDue() {
        return unsyncedBytes >= settings.unsyncedBytesMax();
    }

    /// True where something was appended since the log was opened.
    boolean hasAppended() {
        return appended;
    }

    /// Where the log ends as far as it is written.
    LogEnd end() {
        return end;
    }
}
