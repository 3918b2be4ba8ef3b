package io.duramen.wal.io.uring;

import io.duramen.wal.io.DirectIoContract;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixDisk;
import org.junit.jupiter.api.BeforeAll;

class UringDirectIoTest extends DirectIoContract {
    @BeforeAll
    static void requireRing() {
        Rings.require();
    }

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler() {
        return UringScheduler.create(new UringSchedulerSettings(8, 10)
                .withRoute(UringSchedulerSettings.Route.RING));
    }
}
