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
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What readers of a log share: its fragments, and up to which id they may read.
///
/// One thread at a time adds fragments and moves the visible id, another one may drop fragments
/// from the head meanwhile; any thread reads and waits. Who truncates is alone but for readers.
public final class LogFragments {
    private final ConcurrentSkipListMap<Long, Fragment> byFirstId = new ConcurrentSkipListMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Elsewhere elsewhere;
    private volatile long firstId;
    private volatile long visibleId;
    private final Truncations truncations;

    /// What someone else may have done to the log's files.
    interface Elsewhere {
        /// Nobody else changes them.
        Elsewhere NOBODY = new Elsewhere() {
            @Override
            public long firstId() {
                return 0;
            }

            @Override
            public boolean catchUp() {
                return false;
            }
        };

        /// The first id there is.
        long firstId();

        /// Takes in a truncation that was not known here.
        ///
        /// @return false where there was none
        boolean catchUp();
    }

    /// @param firstId the first entry there is, `nextId` where there is none
    /// @param nextId the id after the last visible entry
    public LogFragments(List<Fragment> fragments, long firstId, long nextId) {
        this(fragments, firstId, nextId, Elsewhere.NOBODY, new Truncations());
    }

    /// The fragments of a log that is opened for writing.
    static LogFragments of(RecoveredLog recovered) {
        return of(recovered, new Truncations());
    }

    /// @param truncations told of those that come; shared by all openings that readers outlive
    public static LogFragments of(RecoveredLog recovered, Truncations truncations) {
        return new LogFragments(recovered.fragments(), recovered.report().firstId(),
                recovered.report().nextId(), Elsewhere.NOBODY, truncations);
    }

    /// The fragments of a log that someone else may be trimming and truncating.
    ///
    /// @param elsewhere asked when a fragment's file is gone, or another one
    LogFragments(List<Fragment> fragments, long firstId, long nextId, Elsewhere elsewhere) {
        this(fragments, firstId, nextId, elsewhere, new Truncations());
    }

    private LogFragments(List<Fragment> fragments, long firstId, long nextId, Elsewhere elsewhere,
            Truncations truncations) {
        this.elsewhere = elsewhere;
        this.truncations = truncations;
        fragments.forEach(fragment -> byFirstId.put(fragment.firstId(), fragment));
        this.firstId = firstId;
        visibleId = nextId - 1;
    }

    public void add(Fragment fragment) {
        if (byFirstId.isEmpty()) {
            firstId = Math.max(firstId, fragment.firstId());
        }
        byFirstId.put(fragment.firstId(), fragment);
    }

    /// Drops the fragments before one of them.
    ///
    /// @param fragmentId the first id of the one that is the first from now on; the last one stays
    /// @param id the first entry there is from now on, which that fragment holds
    /// @return what was dropped, the oldest first
    List<Fragment> trimTo(long fragmentId, long id) {
        firstId = id;
        Map<Long, Fragment> dropped = byFirstId.headMap(fragmentId);
        List<Fragment> fragments = List.copyOf(dropped.values());
        dropped.clear();
        return fragments;
    }

    /// Ends the log in front of an entry: from now on readers are refused what lies behind, and
    /// what takes its ids is not shown to who has read beyond.
    ///
    /// @param nextId from the first id to the one after the last visible entry
    void truncate(long nextId) {
        truncate(nextId, nextId);
    }

    /// As [#truncate(long)], of a log that someone else truncates, and of which no fragment is
    /// known in front of the new end.
    void truncate(long nextId, long publishedId) {
        cut(nextId);
        publish(publishedId);
    }

    /// As [#truncate(long)], where the last fragment that stays is in another file.
    ///
    /// @param publishedId what readers are told that the log went on with, at least `nextId`
    void truncate(long nextId, Fragment tail, long publishedId) {
        cut(nextId);
        replaceTail(tail);
        publish(publishedId);
    }

    private void cut(long nextId) {
        visibleId = nextId - 1;
        Optional<Fragment> last = endingBefore(nextId);
        Map<Long, Fragment> behind = last
                .map(it -> (Map<Long, Fragment>) byFirstId.tailMap(it.firstId(), false))
                .orElse(byFirstId);
        List<Fragment> dropped = List.copyOf(behind.values());
        behind.clear();
        last.ifPresent(it -> it.completed(Math.min(it.lastId(), nextId - 1)));
        dropped.forEach(fragment -> fragment.truncated(nextId));
    }

    /// The fragment that is the last one where the log ends in front of this id, which is not
    /// before the first; empty where it is not known.
    Optional<Fragment> endingBefore(long nextId) {
        return Optional.ofNullable(byFirstId.floorEntry(Math.max(firstId, nextId - 1)))
                .map(Map.Entry::getValue);
    }

    /// Last: who learns of it finds the log as it is now.
    private void publish(long nextId) {
        truncations.add(nextId);
        wakeAll();
    }

    /// Takes in what a recovery has left. It deletes the file of a fragment that holds nothing any
    /// more, as one does where the log was truncated to its head and went on in another.
    void takeIn(RecoveredLog recovered) {
        Long first = byFirstId.floorKey(firstId);
        if (first != null) {
            trimTo(first, firstId).forEach(fragment -> fragment.truncated(firstId));
        }
        recovered.tip().map(WritableFragment::fragment).ifPresent(this::replaceTail);
    }

    /// Puts another view of the last fragment in its place: entries are added to that one. Leases
    /// on the one before go on up to what is visible now.
    void replaceTail(Fragment tail) {
        Fragment before = byFirstId.get(tail.firstId());
        if (before == null) {
            add(tail);
            return;
        }
        before.completed(visibleId);
        byFirstId.put(tail.firstId(), tail);
        before.truncated(visibleId + 1);
    }

    /// For a reader that is about to start.
    public TruncationWatch watchTruncations() {
        return truncations.watch();
    }

    /// Reads what is visible.
    ///
    /// @throws WalException.Trimmed when the range starts before the first entry
    /// @throws WalException.PastEnd when it starts behind the end
    public LogReader read(ReadRange range) {
        return new LogReader(this, range);
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
        wakeAll();
    }

    private void wakeAll() {
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until an id may be read, or the log is truncated.
    ///
    /// @return false where neither has happened when the time is over
    boolean awaitVisible(long id, Duration timeout, TruncationWatch watch)
            throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        lock.lock();
        try {
            long left = deadline - System.nanoTime();
            while (visibleId < id && !watch.isBehind() && left > 0) {
                left = moved.awaitNanos(left);
            }
            return visibleId >= id || watch.isBehind();
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
    /// @throws WalException.Truncated where the log was truncated in front of it
    public FragmentLease leaseOn(long entryId) {
        while (true) {
            Fragment fragment = holding(entryId);
            try {
                FragmentLease lease = lease(fragment, entryId);
                if (entryId <= fragment.lastId()) {
                    return lease;
                }
                lease.close();
            } catch (WalException.Trimmed _) {
                throw new WalException.Trimmed(entryId, head());
            } catch (WalException.Truncated _) {
                // another fragment has taken its place, or the entry is gone
            } catch (WalException.Io | WalException.Corrupt failure) {
                if (!elsewhere.catchUp()) {
                    throw trimmedOr(failure, entryId);
                }
            }
            if (entryId > visibleId) {
                throw new WalException.Truncated(entryId, visibleId + 1);
            }
        }
    }

    /// A lease on a fragment for reading from an entry on. Where the log starts is asked once the
    /// lease is held: from then on nobody makes a hole in front of it.
    ///
    /// @throws WalException.Trimmed where the entry or the fragment is not there any more
    /// @throws WalException.Truncated where the log was truncated before the fragment's end
    public FragmentLease lease(Fragment fragment, long entryId) {
        FragmentLease lease = fragment.lease();
        try {
            long head = head();
            if (entryId < head) {
                throw new WalException.Trimmed(entryId, head);
            }
            return lease;
        } catch (WalException refusal) {
            lease.close();
            throw refusal;
        }
    }

    /// The first entry there is, whoever has trimmed the log.
    long head() {
        return Math.max(firstId, elsewhere.firstId());
    }

    private WalException trimmedOr(WalException failure, long entryId) {
        long head = FragmentSharing.isGone(failure) ? elsewhere.firstId() : 0;
        return head > entryId ? new WalException.Trimmed(entryId, head) : failure;
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
