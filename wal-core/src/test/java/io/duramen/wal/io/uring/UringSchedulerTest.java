package io.duramen.wal.io.uring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoSchedulerContract;
import io.duramen.wal.io.posix.PosixDisk;
import org.junit.jupiter.api.BeforeAll;

class UringSchedulerTest extends IoSchedulerContract {
    @BeforeAll
    static void requireRing() {
        RingProbe probe = RingProbe.of(new UringSchedulerSettings(128, 1));
        assumeTrue(probe.isReady(), () -> probe.obstacle().orElseThrow());
    }

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler(int waitingChainsMax) {
        return UringScheduler.create(new UringSchedulerSettings(128, waitingChainsMax));
    }
}
