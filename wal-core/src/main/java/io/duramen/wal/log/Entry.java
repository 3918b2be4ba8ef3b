package io.duramen.wal.log;

import io.duramen.wal.bytes.PayloadView;
import io.duramen.wal.fragment.FragmentCursor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import net.openhft.chronicle.bytes.BytesStore;

/// The entry a reader stands on: a view of the bytes in the file, not a copy. It is the same object
/// for every entry, valid until its reader moves or closes; [#toByteArray()] makes something to
/// keep.
public final class Entry {
    private FragmentCursor cursor;
    private PayloadView view;

    Entry() {
    }

    Entry of(FragmentCursor at) {
        cursor = at;
        return this;
    }

    public long id() {
        return cursor.id();
    }

    /// When the entry's group was written; never before that of an entry with a lower id.
    public Instant timestamp() {
        return EpochNanos.toInstant(cursor.timestampNanos());
    }

    /// [#timestamp()] in nanoseconds since 1970-01-01T00:00Z, without an object.
    public long timestampNanos() {
        return cursor.timestampNanos();
    }

    public int sizeBytes() {
        return cursor.payloadBytes();
    }

    /// The payload, read-only.
    public MemorySegment memory() {
        return cursor.payload();
    }

    /// The payload as Chronicle Bytes sees it: native memory, not to be written to, and not
    /// reference-counted; valid until the reader moves or closes. The same object is pointed at
    /// each entry in turn.
    public BytesStore<?, ?> bytes() {
        if (view == null) {
            view = new PayloadView();
        }
        return view.pointTo(memory());
    }

    public byte[] toByteArray() {
        return memory().toArray(ValueLayout.JAVA_BYTE);
    }
}
