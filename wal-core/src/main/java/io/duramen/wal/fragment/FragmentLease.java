package io.duramen.wal.fragment;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/// Temporary ownership of a fragment's mapping: the bytes stay mapped, and their file exists, until
/// it is closed. Closing it twice is an error of the caller's.
public final class FragmentLease implements AutoCloseable {
    private final Fragment fragment;
    private final MemorySegment bytes;
    private final AtomicBoolean returned = new AtomicBoolean();

    FragmentLease(Fragment fragment, MemorySegment bytes) {
        this.fragment = fragment;
        this.bytes = bytes;
    }

    public Fragment fragment() {
        return fragment;
    }

    /// The whole file, read-only.
    public MemorySegment bytes() {
        return bytes;
    }

    /// A cursor that stands in front of an entry that is in this fragment and visible, or in front
    /// of the fragment's first where it is still empty.
    public FragmentCursor cursorBefore(long entryId) {
        return new FragmentCursor(this, entryId);
    }

    @Override
    public void close() {
        if (!returned.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "the lease on " + fragment.path() + " was given back already");
        }
        fragment.returned();
    }
}
