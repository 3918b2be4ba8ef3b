package io.duramen.wal.io.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Rings for tests.
final class Rings {
    static final int MANY = 1 << 20;

    private Rings() {}

    /// Skips the test, with the reason, where there can be none.
    static void require() {
        RingProbe probe = RingProbe.of(new UringSchedulerSettings(64, 1));
        assumeTrue(probe.isReady(), () -> probe.obstacle().orElseThrow());
    }

    static UringScheduler scheduler(int ringEntries) {
        return UringScheduler.create(new UringSchedulerSettings(ringEntries, MANY));
    }
}
