package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.FragmentSharing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
    private final ReentrantReadWriteLock cutting = new ReentrantReadWriteLock();
    private final ArrayDeque<Cut> cuts = new ArrayDeque<>();
    private volatile long firstId;
    private volatile long visibleId;
    private volatile long cutCount;

    /// A truncation. Those are kept that later ones did not go below.
    private record Cut(long number, long nextId) {}

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

    /// Keeps the bytes of the fragments that hold entries from this id on as they are for readers,
    /// until the leases are closed: their files may be replaced meanwhile.
    List<FragmentLease> leaseAllFrom(long nextId) {
        List<FragmentLease> leases = new ArrayList<>();
        for (Fragment fragment : byFirstId.values()) {
            if (fragment.lastId() >= nextId) {
                leases.add(fragment.lease());
            }
        }
        return leases;
    }

    /// Forgets entries from this id on: the log was truncated. Who reads a fragment that goes has
    /// it as it was for as long as its lease lasts.
    ///
    /// @param rest stands for the fragment that was cut; empty where the cut is between two, or the
    ///     rest is added later and is not visible before
    void truncateTo(long nextId, Optional<Fragment> rest) {
        cutting.writeLock().lock();
        try {
            for (Fragment fragment : List.copyOf(byFirstId.values())) {
                if (fragment.lastId() >= nextId) {
                    fragment.retire(firstId, () -> {});
                    byFirstId.remove(fragment.firstId());
                }
            }
            rest.ifPresent(this::add);
            long lastId = rest.isPresent() ? nextId - 1
                    : byFirstId.isEmpty() ? firstId - 1 : byFirstId.lastEntry().getValue().lastId();
            visibleId = Math.min(visibleId, lastId);
            while (!cuts.isEmpty() && cuts.getLast().nextId() >= nextId) {
                cuts.removeLast();
            }
            cuts.add(new Cut(cutCount + 1, nextId));
            cutCount++;
        } finally {
            cutting.writeLock().unlock();
        }
    }

    /// How often the log was truncated since this was made.
    long cutCount() {
        return cutCount;
    }

    /// The lowest id that a truncation behind the first so many left as the next one.
    private long lowestCutSince(long seenCuts) {
        cutting.readLock().lock();
        try {
            return cuts.stream().filter(cut -> cut.number() > seenCuts).findFirst()
                    .map(Cut::nextId).orElse(Long.MAX_VALUE);
        } finally {
            cutting.readLock().unlock();
        }
    }

    /// For a reader that has read up to an id, and has seen so many truncations.
    ///
    /// @throws WalException.Truncated when some of what it has read is not in the log any more
    void checkNotCut(long nextId, long seenCuts) {
        long cut = lowestCutSince(seenCuts);
        if (nextId > cut) {
            throw new WalException.Truncated(nextId, cut);
        }
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
        cutting.readLock().lock();
        try {
            return holding(entryId).lease();
        } catch (WalException.Trimmed _) {
            throw new WalException.Trimmed(entryId, firstId);
        } catch (WalException.Io failure) {
            long head = FragmentSharing.isGone(failure) ? headOnDisk.getAsLong() : 0;
            throw head > entryId ? new WalException.Trimmed(entryId, head) : failure;
        } finally {
            cutting.readLock().unlock();
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
