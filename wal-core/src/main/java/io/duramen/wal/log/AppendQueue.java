package io.duramen.wal.log;

import io.duramen.wal.WalException;
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
    private final ConditionalAppends conditional;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition stopped = lock.newCondition();
    private final Condition gathered = lock.newCondition();
    private final Siblings siblings = new Siblings();
    private final Admission admission;
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
        this.admission = new Admission(environment, settings, backlog, lock, this::checkOpen,
                commit);
    }

    ConditionalAppends conditional() {
        return conditional;
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
            admission.admit(submission);
            PendingGroup group = backlog.filling();
            firstId = backlog.add(submission);
            answer = group.joinCaller(durability);
            if (!siblings.areMissing(group.callers())) {
                gathered.signal();
            }
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
            admission.admit(submission);
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
        await(() -> backlog.isEmpty() && !committing && !commit.hasUnsynced()
                ? Optional.empty() : Optional.of(backlog.toSync()));
    }

    /// Goes on in another fragment, and waits until it is there.
    ///
    /// @return false where the one that grows is empty
    boolean rotate() {
        return await(() -> backlog.rotate(commit.durableId()));
    }

    /// @param waiting the group to wait for until it is synced, asked for under the lock
    /// @return false where there is none
    private boolean await(Supplier<Optional<PendingGroup>> waiting) {
        PendingGroup.Waiter answer;
        boolean lead;
        lock.lock();
        try {
            checkOpen();
            Optional<PendingGroup> group = waiting.get();
            if (group.isEmpty()) {
                return false;
            }
            answer = group.get().join(Durability.SYNCED);
            lead = startCommitting();
        } finally {
            lock.unlock();
        }
        if (lead) {
            commitOwn();
        }
        answer.await();
        return true;
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

    /// Commits the group at hand; what has gathered meanwhile goes to a background thread.
    private void commitOwn() {
        awaitSiblings();
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
            awaitSiblings();
            group = nextGroup();
        }
    }

    /// Gives callers that were just answered the time to come back and share the next sync.
    private void awaitSiblings() {
        lock.lock();
        try {
            long left = siblings.leftNanos(System.nanoTime());
            while (left > 0 && closed == null && backlog.isNextFilling()
                    && siblings.areMissing(backlog.callers())) {
                left = gathered.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // then without them
        } finally {
            lock.unlock();
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
        admission.wakeFirst();
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
        long begun = System.nanoTime();
        if (group.target() != null) {
            commit.checkNotFenced();
            if (!group.target().hasFile()) {
                commit.activate(group.target());
            }
        }
        if (group.hasEntries()) {
            commit.write(group.group(), group.isSyncWanted());
            group.reached(Durability.WRITTEN);
        }
        if (group.isSyncWanted() || commit.isSyncDue()) {
            commit.sync();
            expectBack(group, System.nanoTime() - begun);
            group.reached(Durability.SYNCED);
        }
    }

    /// Before they are woken: who is back already is counted once.
    private void expectBack(PendingGroup group, long tookNanos) {
        lock.lock();
        try {
            siblings.answered(group.callers(), backlog.callers(), tookNanos, System.nanoTime());
        } finally {
            lock.unlock();
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
            admission.wakeFirst();
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
            admission.wakeFirst();
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
                commit.meter().poisoned(cause);
            }
            waiting = backlog.drop(commit.durableId());
            first.ifPresent(backlog::release);
            admission.wakeAll();
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

    /// Bytes of entries that wait, for the disk or for their turn, or are on their way.
    long pendingBytes() {
        long waiting = conditional.waitingBytes();
        lock.lock();
        try {
            return waiting + backlog.pendingBytes();
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
            admission.wakeAll();
            gathered.signal();
            while (committing) {
                stopped.awaitUninterruptibly();
            }
            admission.withdraw();
        } finally {
            lock.unlock();
        }
        conditional.refuseAll(refusal);
        return true;
    }
}
