package io.duramen.wal.io.posix;

import io.duramen.wal.io.DescriptorReuseContract;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;

class PosixDescriptorReuseTest extends DescriptorReuseContract {
    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler() {
        return PosixScheduler.create(new PosixSchedulerSettings(1, 10));
    }
}
