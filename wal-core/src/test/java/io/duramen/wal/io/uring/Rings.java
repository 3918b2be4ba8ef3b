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

    /// One that everything goes through.
    static UringScheduler scheduler(int ringEntries) {
        return UringScheduler.create(settings(ringEntries));
    }

    static UringSchedulerSettings settings(int ringEntries) {
        return new UringSchedulerSettings(ringEntries, MANY)
                .withRoute(UringSchedulerSettings.Route.RING);
    }
}
