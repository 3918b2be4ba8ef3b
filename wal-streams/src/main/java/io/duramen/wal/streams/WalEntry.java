package io.duramen.wal.streams;

import io.duramen.wal.log.EpochNanos;
import java.time.Instant;
import org.apache.pekko.util.ByteString;

/// An entry read from a log: a copy, to keep and to pass on.
public final class WalEntry {
    private final long id;
    private final long timestampNanos;
    private final byte[] payload;

    WalEntry(long id, long timestampNanos, byte[] payload) {
        this.id = id;
        this.timestampNanos = timestampNanos;
        this.payload = payload;
    }

    public long id() {
        return id;
    }

    /// When the entry's group was written; never before that of an entry with a lower id.
    public Instant timestamp() {
        return EpochNanos.toInstant(timestampNanos);
    }

    /// [#timestamp()] in nanoseconds since 1970-01-01T00:00Z.
    public long timestampNanos() {
        return timestampNanos;
    }

    public int sizeBytes() {
        return payload.length;
    }

    /// The payload. The bytes are not copied again.
    public ByteString bytes() {
        return ByteString.fromArrayUnsafe(payload);
    }

    /// A copy of the payload.
    public byte[] toByteArray() {
        return payload.clone();
    }

    @Override
    public String toString() {
        return "WalEntry(" + id + ", " + payload.length + " bytes)";
    }
}
