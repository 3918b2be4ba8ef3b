package io.duramen.wal.log;

/// Callers that append, wait for the answer and append again come back within moments of each
/// other. A group that starts as soon as the first of them is back leaves the others to the one
/// after, and each waits for two syncs; so a group waits a moment for as many as were answered
/// last. That is what PostgreSQL calls `commit_delay` and `commit_siblings`, with both found out
/// from what happens: who is alone never waits, and who does not come back is not waited for
/// twice.
///
/// Belongs to whoever holds the queue's lock. Moments are of [System#nanoTime()].
final class Siblings {
    /// Of the time that the last group took, at most this part is waited.
    private static final int WAIT_DIVISOR = 2;

    private int expected;
    private long deadline;

    /// A group was synced and its callers were answered.
    ///
    /// @param answered callers that waited for it
    /// @param waiting callers that wait for the next one already
    /// @param tookNanos how long it took
    void answered(int answered, int waiting, long tookNanos, long now) {
        expected = answered + waiting > 1 ? answered + waiting : 0;
        deadline = now + tookNanos / WAIT_DIVISOR;
    }

    /// True where more callers than these are expected.
    boolean areMissing(int callers) {
        return callers < expected;
    }

    /// How much longer to wait for those that are missing; not positive where it is over.
    long leftNanos(long now) {
        return deadline - now;
    }
}
