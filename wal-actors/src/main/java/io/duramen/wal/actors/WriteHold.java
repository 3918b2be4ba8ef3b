package io.duramen.wal.actors;

/// What one chain of operations holds: the right to write, while it is under way, and the buffer it
/// writes from. Both stay with it until it has ended, also where the actor that submitted it ends
/// first.
///
/// Any thread may call.
final class WriteHold {
    private enum Phase {
        WAITING, UNDER_WAY, ENDED
    }

    private final WriteAccess access;
    private final Runnable giveBack;
    private Phase phase = Phase.WAITING;

    /// @param giveBack run once, when nothing writes from the buffer any more
    WriteHold(WriteAccess access, Runnable giveBack) {
        this.access = access;
        this.giveBack = giveBack;
    }

    /// See [WriteAccess#turn(long, long)].
    long turn(long now, long bytes) {
        return access.turn(now, bytes);
    }

    /// The chain is about to be started.
    ///
    /// @return false where it must not be: its log was given back, or its actor has stopped
    synchronized boolean begin() {
        boolean begun = phase == Phase.WAITING && access.tryUse();
        if (begun) {
            phase = Phase.UNDER_WAY;
        }
        return begun;
    }

    /// The chain was not started after all, and waits again.
    synchronized void postpone() {
        phase = Phase.WAITING;
        access.endUse();
    }

    /// The chain has ended.
    synchronized void end() {
        phase = Phase.ENDED;
        try {
            giveBack.run();
        } finally {
            access.endUse();
        }
    }

    /// Nobody waits for the chain any more: it is not started where it was not.
    synchronized void abandon() {
        if (phase == Phase.WAITING) {
            phase = Phase.ENDED;
            giveBack.run();
        }
    }
}
