package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.posix.calls.Deadline;
import io.duramen.wal.io.posix.calls.Submission;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Accepted submissions that no thread has taken yet, first in, first out, and the count of those
/// that were taken and are not complete.
///
/// What is accepted is taken exactly once: by a thread that executes it, or, where it is to be
/// given up, by the one that ends it.
final class WaitingChains {
    private final int chainsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition mayStop = lock.newCondition();
    private final SequencedSet<Submission> waiting = new LinkedHashSet<>();
    private final TreeMap<Deadline, Submission> deadlines = new TreeMap<>();
    private final SequencedSet<Submission> cancelled = new LinkedHashSet<>();
    private long accepted;
    private int underWay;
    private int depthMax;
    private boolean closed;

    WaitingChains(int chainsMax) {
        this.chainsMax = chainsMax;
    }

    /// Accepts or throws.
    void add(Submission submission) {
        lock.lock();
        try {
            if (closed) {
                throw new WalException.Closed(PosixScheduler.WHAT);
            }
            if (waiting.size() >= chainsMax) {
                throw new WalException.Overloaded(PosixScheduler.WHAT + " has " + chainsMax
                        + " chains waiting, its limit: submit again when some are complete");
            }
            waiting.add(submission);
            if (submission.deadline().isSet()) {
                deadlines.put(submission.deadline(), submission);
                mayStop.signal();
            }
            accepted++;
            depthMax = Math.max(depthMax, waiting.size() + underWay);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next submission to execute, whatever interrupts come; null once closed and
    /// empty.
    Submission take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                filled.awaitUninterruptibly();
            }
            return waiting.isEmpty() ? null : taken(waiting.getFirst());
        } finally {
            lock.unlock();
        }
    }

    /// As [#take()], for a thread that has completed what it took before.
    Submission takeNext() {
        lock.lock();
        try {
            underWay--;
            return take();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next submission to give up, whatever interrupts come; null once closed and
    /// empty.
    Submission takeStopped() {
        lock.lock();
        try {
            Submission next = stopped();
            while (next == null && !(closed && waiting.isEmpty())) {
                awaitStopped();
                next = stopped();
            }
            return next == null ? null : taken(next);
        } finally {
            lock.unlock();
        }
    }

    /// As [#takeStopped()], for a thread that has ended what it took before.
    Submission takeNextStopped() {
        lock.lock();
        try {
            underWay--;
            return takeStopped();
        } finally {
            lock.unlock();
        }
    }

    private Submission stopped() {
        if (!cancelled.isEmpty()) {
            return cancelled.getFirst();
        }
        Map.Entry<Deadline, Submission> first = deadlines.firstEntry();
        return first != null && first.getKey().leftNanos() <= 0 ? first.getValue() : null;
    }

    private void awaitStopped() {
        if (deadlines.isEmpty()) {
            mayStop.awaitUninterruptibly();
            return;
        }
        try {
            boolean _ = mayStop.await(deadlines.firstKey().leftNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            // nobody of ours interrupts it; it looks again
        }
    }

    private Submission taken(Submission submission) {
        waiting.remove(submission);
        cancelled.remove(submission);
        if (submission.deadline().isSet()) {
            deadlines.remove(submission.deadline());
        }
        underWay++;
        if (closed && waiting.isEmpty()) {
            filled.signalAll();
            mayStop.signalAll();
        }
        return submission;
    }

    /// Has a submission taken by who ends it, where it still waits.
    void cancel(Submission submission) {
        lock.lock();
        try {
            if (waiting.contains(submission)) {
                cancelled.add(submission);
                mayStop.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            mayStop.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long accepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    IoStatistics.Depth depth() {
        lock.lock();
        try {
            return new IoStatistics.Depth(waiting.size() + underWay, depthMax);
        } finally {
            lock.unlock();
        }
    }
}
