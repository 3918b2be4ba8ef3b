package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.FragmentSharing;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What readers of a log share: its fragments, and up to which id they may read.
///
/// One thread at a time adds fragments and moves the visible id, another one may drop fragments
/// from the head meanwhile; any thread reads and waits.
public final class LogFragments {
    private final ConcurrentSkipListMap<Long, Fragment> byFirstId = new ConcurrentSkipListMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final LongSupplier headOnDisk;
    private volatile long firstId;
    private volatile long visibleId;

    /// @param nextId the id after the last visible entry
    public LogFragments(List<Fragment> fragments, long nextId) {
        this(fragments, nextId, () -> 0);
    }

    /// The fragments of a log that someone else may be trimming.
    ///
    /// @param headOnDisk asked for the first id there is when a fragment's file is gone
    LogFragments(List<Fragment> fragments, long nextId, LongSupplier headOnDisk) {
        this.headOnDisk = headOnDisk;
        fragments.forEach(fragment -> byFirstId.put(fragment.firstId(), fragment));
        firstId = fragments.isEmpty() ? nextId : fragments.getFirst().firstId();
        visibleId = nextId - 1;
    }

    public void add(Fragment fragment) {
        if (byFirstId.isEmpty()) {
            firstId = fragment.firstId();
        }
        byFirstId.put(fragment.firstId(), fragment);
    }

    /// Drops the fragments before this id, which is the first of one of them; the last one stays.
    ///
    /// @return what was dropped, the oldest first
    List<Fragment> trimTo(long id) {
        firstId = id;
        Map<Long, Fragment> dropped = byFirstId.headMap(id);
        List<Fragment> fragments = List.copyOf(dropped.values());
        dropped.clear();
        return fragments;
    }

    /// The fragments, in order of their ids.
    public Collection<Fragment> all() {
        return byFirstId.values();
    }

    List<FragmentExtent> extents() {
        return byFirstId.values().stream().map(FragmentExtent::of).toList();
    }

    public long firstId() {
        return firstId;
    }

    /// Highest id that may be read; one less than the first id where there is none.
    public long visibleId() {
        return visibleId;
    }

    /// Lets readers read up to this id, and wakes who waits for it.
    public void makeVisible(long id) {
        if (id <= visibleId) {
            return;
        }
        visibleId = id;
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until an id may be read.
    ///
    /// @return false where it still may not when the time is over
    boolean awaitVisible(long id, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            while (visibleId < id) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || !moved.await(left, TimeUnit.NANOSECONDS) && visibleId < id) {
                    return visibleId >= id;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// As [ReadableLog#firstIdAtOrAfter(Instant)]; waits for the disk.
    public long firstIdAtOrAfter(Instant time) {
        return TimeSearch.firstIdAtOrAfter(this, EpochNanos.of(time));
    }

    /// The fragment that holds a visible entry.
    ///
    /// @throws WalException.Trimmed where it is not there any more
    public Fragment holding(long entryId) {
        Map.Entry<Long, Fragment> found = byFirstId.floorEntry(entryId);
        if (found == null) {
            throw new WalException.Trimmed(entryId, firstId);
        }
        return found.getValue();
    }

    /// A lease on the fragment that holds a visible entry.
    ///
    /// @throws WalException.Trimmed where it is not there any more
    public FragmentLease leaseOn(long entryId) {
        try {
            return holding(entryId).lease();
        } catch (WalException.Trimmed _) {
            throw new WalException.Trimmed(entryId, firstId);
        } catch (WalException.Io failure) {
            long head = FragmentSharing.isGone(failure) ? headOnDisk.getAsLong() : 0;
            throw head > entryId ? new WalException.Trimmed(entryId, head) : failure;
        }
    }

    /// @throws WalException.Trimmed when the range starts before the first entry
    /// @throws WalException.PastEnd when it starts behind the end
    public void check(ReadRange range) {
        if (range.firstId() < firstId) {
            throw new WalException.Trimmed(range.firstId(), firstId);
        }
        if (range.firstId() > visibleId + 1) {
            throw new WalException.PastEnd(range.firstId(), visibleId + 1);
        }
    }
}
