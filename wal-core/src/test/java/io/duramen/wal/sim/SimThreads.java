package io.duramen.wal.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture.AsynchronousCompletionTask;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool.ManagedBlocker;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// Runs background work on threads that take turns with the thread that made this: before every
/// step of the disk dice decide whose turn it is. So what may happen at once in life happens here
/// in any order, and in the same order for the same dice.
///
/// A thread that waits for another one loses its turn. When it is woken it runs until its next
/// step, while nobody else takes a step; there it waits for its turn. Only with a condition of a
/// lock it cannot be seen that its wait is over: who may have to wait for one awaits the commits.
final class SimThreads implements Executor {
    private static final ExecutorService WORKERS =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("sim-", 0).factory());
    private static final long LOOK_NANOS = 20_000;
    private static final long HANGING_NANOS = 60_000_000_000L;

    private static final ThreadLocal<Participant> BY_THREAD = new ThreadLocal<>();

    private final Dice dice;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Participant> participants = new ArrayList<>();
    private final Participant main = new Participant(false);
    private volatile Participant holder = main; // null while nobody has the turn
    private volatile boolean alone = true;
    private Predicate<Participant> awaited;
    private long turnSince = System.nanoTime();

    private enum Stance {
        /// Takes steps, or waits for what another one does.
        BUSY,
        /// Stands before a step and waits for its turn.
        READY,
        /// Wants no turn before all background work has ended.
        DRAINING
    }

    /// A thread that takes turns; one made this, the others work in the background.
    private static final class Participant {
        private final boolean commits;
        private Thread thread;
        private Stance stance = Stance.BUSY;
        /// It comes here to take turns, and may just wait for our own lock.
        private volatile boolean arriving;

        Participant(boolean commits) {
            this.commits = commits;
        }

        /// True where it will do nothing before another one has.
        boolean isSettled() {
            return stance != Stance.BUSY
                    || !arriving && thread != null && isStuck(thread) && !arriving;
        }

        private static boolean isStuck(Thread thread) {
            return switch (thread.getState()) {
                case WAITING, TIMED_WAITING -> switch (LockSupport.getBlocker(thread)) {
                    case null -> isInObjectWait(thread);
                    case ManagedBlocker future -> !future.isReleasable();
                    case Condition _ -> true;
                    case Object _ -> false; // a lock, which nobody keeps over a step
                };
                case NEW, RUNNABLE, BLOCKED, TERMINATED -> false;
            };
        }

        /// Once notified, a thread is not in this state any more.
        private static boolean isInObjectWait(Thread thread) {
            return thread.getState() == Thread.State.WAITING
                    && LockSupport.getBlocker(thread) == null
                    && thread.getState() == Thread.State.WAITING;
        }
    }

    /// @param dice [Dice#FIRST] for background work that runs only while nothing else can
    SimThreads(Dice dice) {
        this.dice = dice;
        main.thread = Thread.currentThread();
        BY_THREAD.set(main);
        participants.add(main);
    }

    @Override
    public void execute(Runnable work) {
        Participant worker = new Participant(!(work instanceof AsynchronousCompletionTask));
        lock.lock();
        try {
            participants.add(worker);
            alone = false;
        } finally {
            lock.unlock();
        }
        WORKERS.execute(() -> run(worker, work));
    }

    private void run(Participant worker, Runnable work) {
        BY_THREAD.set(worker);
        lock.lock();
        try {
            worker.thread = Thread.currentThread();
            worker.stance = Stance.READY;
            awaitTurn(worker);
        } finally {
            lock.unlock();
        }
        try {
            work.run();
        } catch (PowerFailure _) {
            // nobody is there any more to be told
        } finally {
            end(worker);
        }
    }

    private void end(Participant worker) {
        worker.arriving = true;
        lock.lock();
        try {
            boolean hasTurn = holder == worker;
            if (hasTurn) {
                awaitOthers(worker);
            }
            participants.remove(worker);
            alone = participants.size() == 1;
            readyWhenDrained();
            if (hasTurn) {
                List<Participant> ready = ready();
                holder = ready.isEmpty() ? null : ready.get(oneOf(ready.size()));
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Comes before every step: perhaps others go first.
    void takeTurns() {
        if (alone && holder == main) {
            return;
        }
        Participant self = BY_THREAD.get();
        self.arriving = true;
        lock.lock();
        try {
            if (holder == self) {
                awaitOthers(self);
                List<Participant> ready = ready();
                int choice = oneOf(ready.size() + 1);
                if (choice == 0) {
                    self.arriving = false;
                    return;
                }
                holder = ready.get(choice - 1);
                changed.signalAll();
            }
            self.stance = Stance.READY;
            awaitTurn(self);
        } finally {
            lock.unlock();
        }
    }

    /// Lets all background work end. For the thread that made this.
    void drain() {
        awaitEnd(one -> true);
    }

    /// Lets commits end, but not necessarily what is done for a future: fragments prepared and
    /// sealed. For the thread that made this.
    void awaitCommits() {
        awaitEnd(one -> one.commits);
    }

    private void awaitEnd(Predicate<Participant> which) {
        main.arriving = true;
        lock.lock();
        try {
            if (holder == main) {
                holder = null;
            }
            awaited = which;
            main.stance = Stance.DRAINING;
            readyWhenDrained();
            awaitTurn(main);
        } finally {
            lock.unlock();
        }
    }

    private void readyWhenDrained() {
        if (main.stance == Stance.DRAINING
                && participants.stream().noneMatch(one -> one != main && awaited.test(one))) {
            main.stance = Stance.READY;
        }
    }

    /// Who waits for a turn, in the order they were given work.
    private List<Participant> ready() {
        return participants.stream().filter(one -> one.stance == Stance.READY).toList();
    }

    /// Asks the dice only where there is a choice.
    private int oneOf(int count) {
        return count == 1 ? 0 : dice.below(count);
    }

    private void awaitOthers(Participant self) {
        while (!participants.stream().allMatch(one -> one == self || one.isSettled())) {
            look();
        }
    }

    /// The caller has said that it is ready, or will be.
    private void awaitTurn(Participant self) {
        changed.signalAll();
        while (holder != self) {
            if (self.stance == Stance.READY && isIdle() && ready().getFirst() == self) {
                List<Participant> ready = ready();
                holder = ready.get(oneOf(ready.size()));
                changed.signalAll();
            } else {
                look();
            }
        }
        self.stance = Stance.BUSY;
        self.arriving = false;
        turnSince = System.nanoTime();
    }

    /// True where who has the turn cannot use it, and nobody is on the way to a step.
    private boolean isIdle() {
        return (holder == null || holder.stance != Stance.READY)
                && participants.stream().allMatch(Participant::isSettled);
    }

    private void look() {
        try {
            changed.awaitNanos(LOOK_NANOS);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("nobody interrupts this", interrupted);
        }
        if (System.nanoTime() - turnSince > HANGING_NANOS) {
            throw new IllegalStateException("nobody goes on");
        }
    }
}
