package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.OpenGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A group on its way to the disk, and who waits for it: threads, and promises of appends that
/// nobody waits for. Every one gets exactly one answer. One without entries only asks for a sync.
final class PendingGroup {
    private record Promise(CompletableFuture<Appended> future, Appended answer) {}

    private final WritableFragment target;
    private final OpenGroup group;
    private final List<Promise> promises = new ArrayList<>(0);
    private boolean syncWanted;
    private Durability reached;
    private WalException failure;

    PendingGroup(WritableFragment target, OpenGroup group) {
        this.target = target;
        this.group = group;
    }

    static PendingGroup syncOnly() {
        PendingGroup sync = new PendingGroup(null, null);
        sync.wantSync();
        return sync;
    }

    boolean isSyncOnly() {
        return group == null;
    }

    /// Completes the group: nothing is added any more.
    void encode(long durableId, long nowNanos) {
        group.close(durableId, nowNanos);
    }

    /// Bytes the entries take in the file.
    long entryBytes() {
        return group.sizeBytes() - GroupRecord.BYTES;
    }

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

    void want(Durability durability) {
        if (durability == Durability.SYNCED) {
            wantSync();
        }
    }

    /// Promises an answer; called before the group is on its way.
    void promise(CompletableFuture<Appended> future, Appended answer) {
        promises.add(new Promise(future, answer));
    }

    /// Waits until the group is as durable as asked. An interrupt is kept for the caller: the
    /// answer is near, and an append must not end without one.
    void await(Durability durability) {
        boolean interrupted = false;
        synchronized (this) {
            while (failure == null && (reached == null || reached.compareTo(durability) < 0)) {
                try {
                    wait();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (reached == null || reached.compareTo(durability) < 0) {
            throw failure;
        }
    }

    void reached(Durability durability) {
        synchronized (this) {
            reached = durability;
            notifyAll();
        }
        for (Promise promise : promises) {
            if (promise.answer().durability().compareTo(durability) <= 0) {
                promise.future().complete(promise.answer());
            }
        }
    }

    void failed(WalException cause) {
        synchronized (this) {
            failure = cause;
            notifyAll();
        }
        promises.forEach(promise -> promise.future().completeExceptionally(cause));
    }
}
