package io.duramen.wal.io.posix;

import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.calls.Submission;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Accepted submissions that no thread has taken yet, first in, first out.
final class WaitingChains {
    private final int chainsMax;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private long accepted;
    private boolean closed;

    WaitingChains(int chainsMax) {
        this.chainsMax = chainsMax;
    }

    /// Accepts or throws; what is accepted will be taken, also when this is closed meanwhile.
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
            accepted++;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the next submission, whatever interrupts come; null once closed and empty.
    Submission take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            return waiting.poll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
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
}
