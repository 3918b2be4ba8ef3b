package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.OpenGroup;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;

/// A group on its way to the disk, and who waits for it: threads, and promises of appends that
/// nobody waits for. Every one gets exactly one answer. One without entries asks for a sync, and
/// begins a fragment where it has one.
final class PendingGroup {
    private final WritableFragment target;
    private final OpenGroup group;
    // both lists grow before the group is on its way, and stay as they are then
    private Promise firstPromise;
    private Promise lastPromise;
    private Waiter lastWaiter;
    private int callers;
    private boolean syncWanted;
    private volatile Durability reached;
    private volatile WalException failure;

    /// An answer that nobody waits for.
    private static final class Promise extends CompletableFuture<Appended> {
        private final long firstId;
        private final int entryCount;
        private final Durability durability;
        private Promise next;

        Promise(long firstId, int entryCount, Durability durability) {
            this.firstId = firstId;
            this.entryCount = entryCount;
            this.durability = durability;
        }

        void keep() {
            complete(new Appended(firstId, firstId + entryCount - 1, durability));
        }
    }

    /// A thread that waits until the group is as durable as it wants. An interrupt is kept for
    /// later: the answer is near, and an append must not end without one.
    final class Waiter implements ForkJoinPool.ManagedBlocker {
        private final Thread thread = Thread.currentThread();
        private final Durability wanted;
        private final Waiter before;
        private boolean interrupted;

        private Waiter(Durability wanted, Waiter before) {
            this.wanted = wanted;
            this.before = before;
        }

        /// @throws WalException when the group failed
        void await() {
            while (!isReleasable()) {
                try {
                    ForkJoinPool.managedBlock(this);
                } catch (InterruptedException _) {
                    interrupted = true; // nothing here throws it
                }
            }
            if (interrupted) {
                thread.interrupt();
            }
            if (!isReached(wanted)) {
                throw failure;
            }
        }

        @Override
        public boolean block() {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            return isReleasable();
        }

        @Override
        public boolean isReleasable() {
            return isReached(wanted) || failure != null;
        }
    }

    PendingGroup(WritableFragment target, OpenGroup group) {
        this.target = target;
        this.group = group;
    }

    static PendingGroup syncOnly() {
        return beginning(null);
    }

    /// Begins a fragment, and syncs the one before.
    static PendingGroup beginning(WritableFragment target) {
        PendingGroup sync = new PendingGroup(target, null);
        sync.wantSync();
        return sync;
    }

    boolean hasEntries() {
        return group != null;
    }

    /// Completes the group: nothing is added any more.
    void encode(long durableId, long nowNanos) {
        group.close(durableId, nowNanos);
    }

    /// Bytes the entries take in the file.
    long entryBytes() {
        return group.sizeBytes() - GroupRecord.BYTES;
    }

    /// The fragment that it goes to; null for a mere sync.
    WritableFragment target() {
        return target;
    }

    OpenGroup group() {
        return group;
    }

    void wantSync() {
        syncWanted = true;
    }

    boolean isSyncWanted() {
        return syncWanted;
    }

    private boolean isReached(Durability durability) {
        Durability now = reached;
        return now != null && now.compareTo(durability) >= 0;
    }

    private void want(Durability durability) {
        if (durability == Durability.SYNCED) {
            wantSync();
        }
    }

    /// Lets the calling thread wait; called before the group is on its way.
    Waiter join(Durability durability) {
        want(durability);
        lastWaiter = new Waiter(durability, lastWaiter);
        return lastWaiter;
    }

    /// As [#join(Durability)], for an append; it counts as a caller where it waits for the sync.
    Waiter joinCaller(Durability durability) {
        callers += durability == Durability.SYNCED ? 1 : 0;
        return join(durability);
    }

    /// Appends that a thread waits for until they are synced.
    int callers() {
        return callers;
    }

    /// Promises an answer; called before the group is on its way.
    CompletableFuture<Appended> promise(long firstId, int entryCount, Durability durability) {
        want(durability);
        Promise promise = new Promise(firstId, entryCount, durability);
        if (lastPromise == null) {
            firstPromise = promise;
        } else {
            lastPromise.next = promise;
        }
        lastPromise = promise;
        return promise;
    }

    void reached(Durability durability) {
        reached = durability;
        wake();
        for (Promise promise = firstPromise; promise != null; promise = promise.next) {
            if (promise.durability.compareTo(durability) <= 0) {
                promise.keep();
            }
        }
    }

    void failed(WalException cause) {
        failure = cause;
        wake();
        for (Promise promise = firstPromise; promise != null; promise = promise.next) {
            promise.completeExceptionally(cause);
        }
    }

    private void wake() {
        for (Waiter waiter = lastWaiter; waiter != null; waiter = waiter.before) {
            if (waiter.isReleasable()) {
                LockSupport.unpark(waiter.thread);
            }
        }
    }
}
