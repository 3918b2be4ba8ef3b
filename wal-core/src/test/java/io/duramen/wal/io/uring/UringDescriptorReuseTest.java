package io.duramen.wal.io.uring;

import io.duramen.wal.io.DescriptorReuseContract;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixDisk;
import org.junit.jupiter.api.BeforeAll;

class UringDescriptorReuseTest extends DescriptorReuseContract {
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
        return Rings.scheduler(64);
    }
}
