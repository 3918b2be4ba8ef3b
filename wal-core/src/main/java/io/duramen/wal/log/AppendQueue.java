package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.memory.BufferLease;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Takes appends in, in order, into a log's [GroupBacklog], and commits group after group, one at a
/// time. What arrives while a group is on its way makes the next one.
///
/// The thread that finds nobody committing commits its own group itself; a background thread takes
/// over what has gathered by then. Any thread may call.
final class AppendQueue {
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final Rotation rotation;
    private final GroupCommit commit;
    private final GroupBacklog backlog;
    private final GroupBuffers buffers;
    private final ConditionalAppends conditional;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private final WaitingLine line = new WaitingLine(lock);
    private int admitting;
    private boolean committing;
    private boolean syncScheduled;
    /// What is told to whoever comes once it is closed, null while it is open.
    private Supplier<WalException> closed;
    private volatile Throwable failure;

    AppendQueue(LogEnvironment environment, LogSettings settings, Rotation rotation,
            GroupCommit commit, GroupBacklog backlog) {
        this.environment = environment;
        this.settings = settings;
        this.rotation = rotation;
        this.commit = commit;
        this.backlog = backlog;
        this.conditional = new ConditionalAppends(this, environment, settings, commit);
        this.buffers =
                new GroupBuffers(environment.pool(), this::bufferArrived, environment.background());
    }

    ConditionalAppends conditional() {
        return conditional;
    }

    private void bufferArrived() {
        lock.lock();
        line.wakeFirst();
        lock.unlock();
    }

    /// Appends and waits for the answer. A claimed buffer is the queue's from here on.
    ///
    /// @return the first id
    long append(Submission submission, Durability durability) {
        PendingGroup.Waiter answer;
        long firstId;
        boolean lead;
        lock.lock();
        try {
            admit(submission);
            PendingGroup group = backlog.filling();
            firstId = backlog.add(submission);
            answer = group.join(durability);
            lead = startCommitting();
        } finally {
            lock.unlock();
        }
        if (lead) {
            commitOwn();
        }
        conditional.proceed();
        answer.await();
        return firstId;
    }

    CompletableFuture<Appended> appendAsync(Submission submission, Durability durability) {
        CompletableFuture<Appended> answer;
        boolean lead;
        lock.lock();
        try {
            admit(submission);
            PendingGroup group = backlog.filling();
            long firstId = backlog.add(submission);
            answer = group.promise(firstId, submission.entryCount(), durability);
            lead = startCommitting();
        } catch (WalException refused) {
            return CompletableFuture.failedFuture(refused);
        } finally {
            lock.unlock();
        }
        if (lead) {
            environment.background().execute(this::commitAll);
        }
        conditional.proceed();
        return answer;
    }

    /// Waits until everything appended before is on the device.
    void sync() {
        PendingGroup.Waiter answer;
        boolean lead;
        lock.lock();
        try {
            checkOpen();
            if (backlog.isEmpty() && !committing && !commit.hasUnsynced()) {
                return;
            }
            answer = backlog.toSync().join(Durability.SYNCED);
            lead = startCommitting();
        } finally {
            lock.unlock();
        }
        if (lead) {
            commitOwn();
        }
        answer.await();
    }

    private boolean startCommitting() {
        boolean leads = !committing;
        committing = true;
        return leads;
    }

    private void checkOpen() {
        if (failure != null) {
            throw WalException.Poisoned.by(failure);
        }
        if (closed != null) {
            throw closed.get();
        }
    }

    /// Sees to it that the group being filled takes a submission; waits for room in the log and for
    /// a buffer.
    private void admit(Submission next) {
        if (next.largestPayloadBytes() > settings.largestPayloadBytes()
                || !settings.fitFragment(next.entriesBytes(), next.entryCount())) {
            throw next.tooLarge(settings.largestPayloadBytes());
        }
        admitting++;
        try {
            awaitGroup(next);
        } catch (RuntimeException | Error refused) {
            if (next.claimed() != null) {
                next.claimed().close();
            }
            throw refused;
        } finally {
            admitting--;
            if (admitting == 0) {
                buffers.withdraw(); // nobody here waits for what is on order, others may
            }
        }
    }

    private void awaitGroup(Submission next) {
        checkOpen();
        next.checkPlace(backlog.nextId());
        if (line.isEmpty() && backlog.hasRoomFor(next.entriesBytes()) && takesNow(next)) {
            return;
        }
        long deadline = System.nanoTime() + settings.admissionTimeout().toNanos();
        try (WaitingLine.Place place = line.join()) {
            while (true) {
                checkOpen();
                next.checkPlace(backlog.nextId());
                if (!mayGo(place, next) || !backlog.hasRoomFor(next.entriesBytes())) {
                    place.await(deadline, "the log has " + backlog.pendingBytes()
                            + " bytes waiting for the disk, its limit is "
                            + settings.pendingBytesMax());
                } else if (takesNow(next)) {
                    return;
                } else {
                    place.awaitsBuffer();
                    place.await(deadline, "all buffers of the pool are in use");
                }
            }
        }
    }

    private boolean takesNow(Submission next) {
        commit.checkMayFill();
        return backlog.fitFilling(next, commit.durableId()) || beginGroup(next);
    }

    /// Who waits for a buffer of the pool keeps nobody waiting who needs none.
    private boolean mayGo(WaitingLine.Place place, Submission next) {
        long bytes = settings.ioMode().bufferBytesFor(OpenGroup.bytesFor(next.entriesBytes()));
        boolean needsNone = next.claimed() != null || bytes > environment.pool().slotBytes();
        return place.isFirst() || line.firstAwaitsBuffer() && needsNone;
    }

    private boolean beginGroup(Submission next) {
        WritableFragment target = backlog.target();
        long bytes = OpenGroup.bytesFor(next.entriesBytes());
        Optional<GroupMemory> memory = target.ownMemory(bytes);
        if (memory.isEmpty()) {
            Optional<BufferLease> buffer = next.claimed() != null ? Optional.of(next.claimed())
                    : buffers.tryTake(settings.ioMode().bufferBytesFor(bytes));
            memory = buffer.map(target::memoryIn);
        }
        memory.ifPresent(backlog::beginGroup);
        return memory.isPresent();
    }

    /// Commits the group at hand; what has gathered meanwhile goes to a background thread.
    private void commitOwn() {
        Optional<PendingGroup> first = nextGroup();
        if (first.isEmpty()) {
            return;
        }
        commit(first.get());
        lock.lock();
        try {
            if (backlog.isEmpty()) {
                stopCommitting();
                return;
            }
        } finally {
            lock.unlock();
        }
        environment.background().execute(this::commitAll);
    }

    private void commitAll() {
        Optional<PendingGroup> group = nextGroup();
        while (group.isPresent()) {
            commit(group.get());
            group = nextGroup();
        }
    }

    /// The next group to write; empty where there is none, and then nobody commits any more.
    private Optional<PendingGroup> nextGroup() {
        lock.lock();
        try {
            Optional<PendingGroup> group = backlog.next(commit.durableId());
            if (group.isEmpty()) {
                stopCommitting();
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void stopCommitting() {
        committing = false;
        stopped.signalAll();
        line.wakeFirst();
    }

    private void commit(PendingGroup group) {
        try {
            write(group);
            finish(group);
        } catch (WalException.DiskFull refusal) {
            refuseAll(group, refusal);
        } catch (WalException.Fenced fenced) { // before any of it was written
            end(Optional.of(group), fenced, fenced);
        } catch (GroupCommit.Broken broken) {
            poison(Optional.of(group), broken.failure());
        } catch (RuntimeException | Error ours) { // a mistake of ours: who waits is told
            poison(Optional.of(group), ours);
        }
    }

    private void write(PendingGroup group) {
        if (!group.isSyncOnly()) {
            commit.checkNotFenced();
            if (!group.target().hasFile()) {
                commit.activate(group.target());
            }
            commit.write(group.group(), group.isSyncWanted());
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
            backlog.release(group);
            if (backlog.isSuccessorWanted()) {
                rotation.prepareSuccessor();
            }
            if (commit.hasUnsynced() && !syncScheduled) {
                syncScheduled = true;
                environment.timer().schedule(
                        () -> environment.background().execute(this::backgroundSync),
                        settings.unsyncedDelayMax().toNanos(), TimeUnit.NANOSECONDS);
            }
            line.wakeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void backgroundSync() {
        lock.lock();
        syncScheduled = false;
        lock.unlock();
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
            refused = backlog.drop(commit.durableId());
            backlog.release(first);
            backlog.rewindTo(commit.current());
            line.wakeFirst();
        } finally {
            lock.unlock();
        }
        first.failed(refusal);
        refused.forEach(group -> group.failed(refusal));
    }

    /// Takes no more appends. Who has a group on its way cannot know; who only waits was not
    /// written.
    void poison(Optional<PendingGroup> onItsWay, Throwable cause) {
        end(onItsWay, new WalException.OutcomeUnknown(cause), cause);
    }

    private void end(Optional<PendingGroup> first, WalException answer, Throwable cause) {
        List<PendingGroup> waiting;
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            waiting = backlog.drop(commit.durableId());
            first.ifPresent(backlog::release);
            line.wakeAll();
        } finally {
            lock.unlock();
        }
        first.ifPresent(group -> group.failed(answer));
        waiting.forEach(group -> group.failed(WalException.Poisoned.by(cause)));
        conditional.refuseAll(() -> WalException.Poisoned.by(cause));
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    long nextId() {
        lock.lock();
        try {
            return backlog.nextId();
        } finally {
            lock.unlock();
        }
    }

    /// Refuses new appends, and says why, and waits for those that were accepted.
    ///
    /// @return false where it was closed already
    boolean close(Supplier<WalException> refusal) {
        lock.lock();
        try {
            if (closed != null) {
                return false;
            }
            closed = refusal;
            line.wakeAll();
            while (committing) {
                stopped.awaitUninterruptibly();
            }
            buffers.withdraw();
        } finally {
            lock.unlock();
        }
        conditional.refuseAll(refusal);
        return true;
    }
}
