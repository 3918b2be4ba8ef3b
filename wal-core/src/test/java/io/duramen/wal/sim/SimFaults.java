package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import java.nio.file.Path;

/// Counts the steps of a disk, and lets the power fail or a call fail at one of them.
final class SimFaults {
    /// What a step may be.
    enum Step {
        WRITE, SYNC, NAMES, ALLOCATE, READ
    }

    private long steps;
    private long powerFailsAt = Long.MAX_VALUE;
    private boolean off;
    private Step failing;
    private long failingAfter;
    private int errno;

    /// Lets the power fail at the nth step from now on, counted from 1.
    void failPowerAt(long nth) {
        powerFailsAt = steps + nth;
    }

    /// Lets the nth call of a kind from now on, counted from 1, and all after it fail.
    void fail(Step step, long nth, int withErrno) {
        failing = step;
        failingAfter = nth;
        errno = withErrno;
    }

    void mend() {
        failing = null;
    }

    long steps() {
        return steps;
    }

    boolean isOff() {
        return off;
    }

    void turnOff() {
        off = true;
    }

    /// Something changes on the disk: before it does, the power may fail.
    void step(Step step, Path file) {
        if (off) {
            throw new PowerFailure();
        }
        if (step != Step.READ && ++steps >= powerFailsAt) {
            off = true;
            throw new PowerFailure();
        }
        if (step == failing && --failingAfter <= 0) {
            throw new WalException.Io(step.name(), file, errno, "injected");
        }
    }
}
