package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.memory.BufferLease;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Gives appends their ids and encodes them, in order, into the group that is written next; and
/// commits group after group, one at a time. What arrives while a group is on its way makes the
/// next one.
///
/// The thread that finds nobody committing commits its own group itself; a background thread takes
/// over what has gathered by then. Any thread may call.
final class AppendQueue {
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final RotationPolicy policy;
    private final Rotation rotation;
    private final GroupCommit commit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final GroupBuffers buffers;
    private final ArrayDeque<PendingGroup> closedGroups = new ArrayDeque<>();
    private PendingGroup filling;
    private WritableFragment target;
    private long nextId;
    private int lastCrc;
    private final int recoveredCrc;
    private int admitting;
    private long pendingBytes;
    private boolean committing;
    private boolean syncScheduled;
    private boolean closed;
    private Throwable failure;

    /// @param target the fragment that grows, null where there is none
    AppendQueue(LogEnvironment environment, LogSettings settings, Rotation rotation,
            GroupCommit commit,
            WritableFragment target, long nextId, int lastCrc) {
        this.environment = environment;
        this.settings = settings;
        this.policy = new RotationPolicy(settings);
        this.rotation = rotation;
        this.commit = commit;
        this.target = target;
        this.nextId = nextId;
        this.lastCrc = lastCrc;
        this.recoveredCrc = lastCrc;
        this.buffers =
                new GroupBuffers(environment.pool(), this::signalChange, environment.background());
    }

    private void signalChange() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Appends and waits for the answer.
    long append(Payload payload, Durability durability) {
        return await(payload, null, durability);
    }

    /// Appends what lies in a claimed buffer already; the buffer is the queue's from here on.
    long appendClaimed(BufferLease claimed, MemorySegment payload, Durability durability) {
        return await(Payload.of(payload), claimed, durability);
    }

    private long await(Payload payload, BufferLease claimed, Durability durability) {
        PendingGroup group;
        long id;
        boolean lead;
        lock.lock();
        try {
            group = groupFor(payload.sizeBytes(), claimed);
            id = add(group, payload, claimed);
            group.want(durability);
            lead = startCommitting();
        } finally {
            lock.unlock();
        }
        if (lead) {
            commitOwn();
        }
        group.await(durability);
        return id;
    }

    CompletableFuture<Appended> appendAsync(Payload payload, Durability durability) {
        CompletableFuture<Appended> answer = new CompletableFuture<>();
        boolean lead;
        lock.lock();
        try {
            PendingGroup group = groupFor(payload.sizeBytes(), null);
            long id = add(group, payload, null);
            group.want(durability);
            group.promise(answer, new Appended(id, id, durability));
            lead = startCommitting();
        } catch (WalException refused) {
            return CompletableFuture.failedFuture(refused);
        } finally {
            lock.unlock();
        }
        if (lead) {
            environment.background().execute(this::commitAll);
        }
        return answer;
    }

    /// Waits until everything appended before is on the device.
    void sync() {
        PendingGroup last;
        boolean lead;
        lock.lock();
        try {
            checkOpen();
            if (filling == null && closedGroups.isEmpty() && !committing && !commit.hasUnsynced()) {
                return;
            }
            last = filling != null ? filling : PendingGroup.syncOnly();
            last.wantSync();
            if (filling == null) {
                closedGroups.add(last);
            }
            lead = startCommitting();
        } finally {
            lock.unlock();
        }
        if (lead) {
            commitOwn();
        }
        last.await(Durability.SYNCED);
    }

    private boolean startCommitting() {
        if (committing) {
            return false;
        }
        committing = true;
        return true;
    }

    private void checkOpen() {
        if (failure != null) {
            throw new WalException.Poisoned(failure);
        }
        if (closed) {
            throw new WalException.Closed("the log");
        }
    }

    /// The group that takes an entry of this size; waits for room in the log and for a buffer.
    private PendingGroup groupFor(int payloadBytes, BufferLease claimed) {
        if (payloadBytes > settings.largestPayloadBytes()) {
            throw new WalException.TooLarge(payloadBytes, settings.largestPayloadBytes());
        }
        admitting++;
        try {
            return awaitGroup(payloadBytes, claimed);
        } catch (RuntimeException | Error refused) {
            if (claimed != null) {
                claimed.close();
            }
            throw refused;
        } finally {
            admitting--;
            if (admitting == 0) {
                buffers.withdraw(); // nobody here waits for what is on order, others may
            }
        }
    }

    private PendingGroup awaitGroup(int payloadBytes, BufferLease claimed) {
        long deadline = System.nanoTime() + settings.admissionTimeout().toNanos();
        while (true) {
            checkOpen();
            if (pendingBytes == 0 || pendingBytes + payloadBytes <= settings.pendingBytesMax()) {
                closeWhatCannotTake(payloadBytes);
                if (filling != null || beginGroup(payloadBytes, claimed)) {
                    return filling;
                }
                awaitChange(deadline, "all buffers of the pool are in use");
            } else {
                awaitChange(deadline,
                        "the log has " + pendingBytes + " bytes waiting for the disk, its limit is "
                                + settings.pendingBytesMax());
            }
        }
    }

    private void closeWhatCannotTake(int payloadBytes) {
        long nowNanos = EpochNanos.now(environment.clock());
        if (target == null || policy.isDue(target.writer(), payloadBytes, nowNanos)) {
            closeFilling();
            target = rotation.plan(nextId, lastCrc);
        } else if (filling != null && !filling.group().fits(payloadBytes)) {
            closeFilling();
        }
    }

    private boolean beginGroup(int payloadBytes, BufferLease claimed) {
        Optional<BufferLease> buffer =
                claimed != null ? Optional.of(claimed) : buffers.tryTake(payloadBytes);
        buffer.ifPresent(
                lease -> filling = new PendingGroup(target, target.writer().beginGroup(lease)));
        return buffer.isPresent();
    }

    private long add(PendingGroup group, Payload payload, BufferLease claimed) {
        boolean inPlace = claimed != null && group.group().isIn(claimed);
        long before = group.group().sizeBytes();
        long id = inPlace ? group.group().addInPlace(payload.sizeBytes(), false)
                : copy(group, payload);
        if (claimed != null && !inPlace) {
            claimed.close();
        }
        pendingBytes += group.group().sizeBytes() - before;
        nextId = id + 1;
        lastCrc = group.target().writer().lastEntryCrc();
        return id;
    }

    /// A payload that its owner cannot copy leaves no trace.
    private long copy(PendingGroup group, Payload payload) {
        try {
            return group.group().add(payload, false);
        } catch (RuntimeException | Error unreadable) {
            if (group.group().entryCount() == 0) {
                group.group().abandon();
                filling = null;
            }
            throw unreadable;
        }
    }

    private void closeFilling() {
        if (filling != null) {
            closedGroups.add(filling);
            filling.encode(commit.durableId(), EpochNanos.now(environment.clock()));
            filling = null;
        }
    }

    private void awaitChange(long deadline, String overloaded) {
        try {
            if (!changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                throw new WalException.Overloaded(
                        overloaded + ": nothing was written, append again later");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new WalException.Overloaded(
                    "interrupted while waiting for room: nothing was written");
        }
    }

    /// Commits the group at hand; what has gathered meanwhile goes to a background thread.
    private void commitOwn() {
        PendingGroup first = nextGroup();
        if (first != null) {
            commit(first);
        }
        lock.lock();
        try {
            if (closedGroups.isEmpty() && filling == null) {
                stopCommitting();
                return;
            }
        } finally {
            lock.unlock();
        }
        environment.background().execute(this::commitAll);
    }

    private void commitAll() {
        for (PendingGroup group = nextGroup(); group != null; group = nextGroup()) {
            commit(group);
        }
    }

    /// The next group to write; null where there is none, and then nobody commits any more.
    private PendingGroup nextGroup() {
        lock.lock();
        try {
            if (closedGroups.isEmpty()) {
                closeFilling();
            }
            PendingGroup group = closedGroups.poll();
            if (group == null) {
                stopCommitting();
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void stopCommitting() {
        committing = false;
        changed.signalAll();
    }

    private void commit(PendingGroup group) {
        try {
            write(group);
            finish(group);
        } catch (WalException.DiskFull refusal) {
            refuseAll(group, refusal);
        } catch (GroupCommit.Broken broken) {
            poison(Optional.of(group), broken.failure());
        } catch (RuntimeException | Error ours) {
            poison(Optional.of(group), ours); // a mistake of ours: whoever waits for the group is told
        }
    }

    private void write(PendingGroup group) {
        if (!group.isSyncOnly()) {
            if (!group.target().hasFile()) {
                commit.activate(group.target());
            }
            commit.write(group.group(), group.bytes());
            group.reached(Durability.WRITTEN);
        }
        if (group.isSyncWanted() || commit.isSyncDue()) {
            commit.sync();
            group.reached(Durability.SYNCED);
        }
    }

    private void finish(PendingGroup group) {
        lock.lock();
        try {
            released(group);
            if (policy.isSuccessorWanted(target.writer().endOfData(),
                    target.writer().entryCount())) {
                rotation.prepareSuccessor();
            }
            if (commit.hasUnsynced() && !syncScheduled) {
                syncScheduled = true;
                environment.timer().schedule(
                        () -> environment.background().execute(this::backgroundSync),
                        settings.unsyncedDelayMax().toNanos(), TimeUnit.NANOSECONDS);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void released(PendingGroup group) {
        if (!group.isSyncOnly()) {
            pendingBytes -= group.entryBytes();
            group.group().release();
        }
    }

    private void backgroundSync() {
        lock.lock();
        try {
            syncScheduled = false;
            if (closed || failure != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        try {
            sync();
        } catch (WalException _) {
            // whoever appends next is told: the log is poisoned or closed
        }
    }

    /// The disk had no room for the next fragment: nothing of what waits was written, and its ids
    /// were given to nobody. The log stands again behind its last written entry.
    private void refuseAll(PendingGroup first, WalException refusal) {
        List<PendingGroup> refused;
        lock.lock();
        try {
            refused = takeWaiting();
            released(first);
            target = commit.current();
            nextId = commit.writtenId() + 1;
            lastCrc = target == null ? recoveredCrc : target.writer().lastEntryCrc();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        first.failed(refusal);
        refused.forEach(group -> group.failed(refusal));
    }

    /// Takes no more appends. Who has a group on its way cannot know; who only waits was not
    /// written.
    void poison(Optional<PendingGroup> onItsWay, Throwable cause) {
        List<PendingGroup> waiting;
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            waiting = takeWaiting();
            onItsWay.ifPresent(this::released);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onItsWay.ifPresent(group -> group.failed(new WalException.OutcomeUnknown(cause)));
        waiting.forEach(group -> group.failed(new WalException.Poisoned(cause)));
    }

    private List<PendingGroup> takeWaiting() {
        closeFilling();
        List<PendingGroup> taken = List.copyOf(closedGroups);
        closedGroups.clear();
        taken.forEach(this::released);
        return taken;
    }

    Optional<Throwable> failure() {
        lock.lock();
        try {
            return Optional.ofNullable(failure);
        } finally {
            lock.unlock();
        }
    }

    long nextId() {
        lock.lock();
        try {
            return nextId;
        } finally {
            lock.unlock();
        }
    }

    /// Refuses new appends and waits for those that were accepted.
    ///
    /// @return false where it was closed already
    boolean close() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            changed.signalAll();
            while (committing) {
                changed.awaitUninterruptibly();
            }
            buffers.withdraw();
            return true;
        } finally {
            lock.unlock();
        }
    }
}
