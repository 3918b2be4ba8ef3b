package io.duramen.wal.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Counts who is using something that can be closed. After `close` nobody can begin a use any more,
/// and exactly one caller, of `close` or of the last `end`, is told that it is the one to tear the
/// thing down.
public final class UseCount {
    private static final int CLOSED = 1 << 31;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(UseCount.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /// Uses under way, and the top bit once closed. Closed and unused is final: no step leads out.
    private volatile int state;

    /// @return false where it is closed; then there is nothing to end
    public boolean tryBegin() {
        int seen = state;
        while (seen >= 0) {
            if (STATE.compareAndSet(this, seen, seen + 1)) {
                return true;
            }
            seen = state;
        }
        return false;
    }

    /// @return true where this was the last use of a closed thing: the caller tears it down
    public boolean end() {
        int before = (int) STATE.getAndAdd(this, -1);
        assert (before & ~CLOSED) > 0 : "a use ended that never began";
        return before == CLOSED + 1;
    }

    /// @return true where this closed it and nobody uses it: the caller tears it down
    public boolean close() {
        return (int) STATE.getAndBitwiseOr(this, CLOSED) == 0;
    }

    public boolean isClosed() {
        return state < 0;
    }

    boolean isInUse() {
        return (state & ~CLOSED) > 0;
    }
}
