package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Counts the steps of a disk, lets the power fail or a call go wrong at one of them, and notes
/// what a log must never do with a disk that failed it.
final class SimFaults {
    private static final int ENOSPC = 28;

    /// What a step may be.
    enum Step {
        WRITE, SYNC, NAMES, ALLOCATE, READ
    }

    /// What becomes of a call.
    enum Fate {
        /// It does what it says.
        DONE,
        /// It fails; a write may have put a part of its bytes.
        FAILS,
        /// A write that says it is done, and of which the device will never hear.
        LOST,
        /// A write that says it is done, and that reaches the device in another place.
        MISDIRECTED
    }

    /// What becomes of the bytes that a failed sync was to bring to the device.
    enum Unsynced {
        /// They stay where they are, to be synced later.
        KEPT,
        /// The system takes them for synced, and still shows them.
        FORGOTTEN,
        /// The system shows what the device has.
        REVERTED
    }

    /// Something to go wrong.
    ///
    /// @param nth which call of this kind from now on, counted from 1
    /// @param unsynced where a sync fails
    record Fault(Step step, int nth, Fate fate, int errno, Unsynced unsynced) {
        static Fault failing(Step step, int nth, int errno) {
            return new Fault(step, nth, Fate.FAILS, errno, Unsynced.KEPT);
        }
    }

    private final Dice dice;
    private Runnable beforeEachStep = () -> {};
    private final Set<SimFile> failed = new HashSet<>();
    private final List<String> violations = new ArrayList<>();
    private long steps;
    private long powerFailsAt = Long.MAX_VALUE;
    private volatile boolean off;
    private Fault next;
    private int passing;
    private Fault fired;
    private boolean full;

    /// @param dice how much of a failing write is written, and where a misdirected one goes
    SimFaults(Dice dice) {
        this.dice = dice;
    }

    /// Called before each step, when nothing of it has happened.
    void beforeEachStep(Runnable call) {
        beforeEachStep = call;
    }

    Dice dice() {
        return dice;
    }

    /// Lets the power fail at the nth step from now on, counted from 1.
    void failPowerAt(long nth) {
        powerFailsAt = steps + nth;
    }

    /// Lets one call go wrong, once.
    void inject(Fault fault) {
        next = fault;
        passing = fault.nth() - 1;
        fired = null;
    }

    /// From now on there is no room for anything new.
    void fill() {
        full = true;
    }

    void makeRoom() {
        full = false;
    }

    boolean isFull() {
        return full;
    }

    /// The fault that was injected, once it has happened; else null.
    Fault fired() {
        return fired;
    }

    /// A sync failed, and what was not on the device is what is there now.
    boolean hasReverted() {
        return fired != null && fired.step() == Step.SYNC && fired.unsynced() == Unsynced.REVERTED;
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

    /// Something happens on the disk: before it does, the power may fail.
    ///
    /// @throws WalException.Io where the call fails and does nothing
    Fate step(Step step, Path path) {
        if (off) {
            throw new PowerFailure();
        }
        beforeEachStep.run();
        if (off) {
            throw new PowerFailure();
        }
        if (step != Step.READ && ++steps >= powerFailsAt) {
            off = true;
            throw new PowerFailure();
        }
        if (full && step == Step.ALLOCATE) {
            throw new WalException.Io("fallocate", path, ENOSPC, "no space left on device");
        }
        return fateOf(step);
    }

    private Fate fateOf(Step step) {
        if (next == null || next.step() != step) {
            return Fate.DONE;
        }
        if (passing > 0) {
            passing--;
            return Fate.DONE;
        }
        fired = next;
        next = null;
        return fired.fate();
    }

    /// The error of the fault that has just happened.
    WalException.Io failure(Path path) {
        return new WalException.Io("injected " + fired.step(), path, fired.errno(), "for a test");
    }

    /// A write or sync of this file failed: nobody may write to it or sync it any more, before the
    /// log is opened again.
    void failedOn(SimFile file) {
        failed.add(file);
    }

    void used(SimFile file, Step how, Path path) {
        if (failed.contains(file)) {
            violations.add(how + " of " + path + " after a write or sync of it had failed");
        }
    }

    /// The log is opened again.
    void forgive() {
        failed.clear();
    }

    List<String> violations() {
        return violations;
    }
}
