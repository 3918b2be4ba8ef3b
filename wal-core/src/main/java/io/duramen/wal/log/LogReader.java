package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.fragment.FragmentLease;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;

/// Reads a log's entries in order, checking each. It holds one fragment's mapping at a time.
///
/// `hasNext` is false at the end of the range and at the end of what is visible; in the second case
/// it may become true later, see [#awaitNext(Duration)]. Belongs to one thread at a time. Close it
/// after use, also after an error.
public final class LogReader implements Iterable<Entry>, Iterator<Entry>, AutoCloseable {
    private final LogFragments fragments;
    private final ReadRange range;
    private final TruncationWatch truncations;
    private final Entry entry = new Entry();
    private FragmentLease lease;
    private FragmentCursor cursor;
    private long nextId;
    private boolean fetched;
    private boolean closed;

    LogReader(LogFragments fragments, ReadRange range) {
        this.truncations = fragments.watchTruncations();
        fragments.check(range);
        this.fragments = fragments;
        this.range = range;
        this.nextId = range.firstId();
    }

    @Override
    public Iterator<Entry> iterator() {
        return this;
    }

    /// @throws WalException.Corrupt when an entry that ought to be there fails its check
    /// @throws WalException.LostEntries where a repair dropped entries; another reader goes on
    ///     behind their last id
    /// @throws WalException.Truncated when the log was truncated in front of an entry that was
    ///     read; what follows now does not belong to it
    @Override
    public boolean hasNext() {
        if (closed) {
            throw new WalException.Closed("the reader");
        }
        while (true) {
            if (truncations.check(nextId)) {
                fetched = false;
                leave();
            }
            if (fetched) {
                return true;
            }
            long visibleId = Math.min(fragments.visibleId(), range.lastId());
            if (nextId > visibleId) {
                return false;
            }
            if (cursor == null) {
                enter();
            } else {
                fetched = cursor.advance(visibleId);
                if (!fetched) {
                    leave(); // the next entry is visible, so it is in the fragment that follows
                }
            }
        }
    }

    private void enter() {
        try {
            lease = fragments.leaseOn(nextId);
            cursor = lease.cursorBefore(nextId);
        } catch (WalException.Truncated _) {
            // the watch says so at once, and knows where
        } finally {
            if (cursor == null) {
                leave();
            }
        }
    }

    @Override
    public Entry next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no entry " + nextId + " to read yet");
        }
        fetched = false;
        nextId++;
        return entry.of(cursor);
    }

    /// Waits until there is a next entry, at most this long.
    ///
    /// @return false where there is none yet, or the range has ended
    public boolean awaitNext(Duration timeout) throws InterruptedException {
        if (hasNext()) {
            return true;
        }
        return nextId <= range.lastId() && fragments.awaitVisible(nextId, timeout, truncations)
                && hasNext();
    }

    /// Id of the entry that `next` returns next.
    public long nextId() {
        return nextId;
    }

    private void leave() {
        if (lease != null) {
            FragmentLease held = lease;
            lease = null;
            cursor = null;
            held.close();
        }
    }

    /// Closing twice does nothing.
    @Override
    public void close() {
        closed = true;
        leave();
    }
}
