package io.duramen.wal.io.posix;

import io.duramen.wal.io.BatchIoContract;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;

class JdkFilesBatchIoTest extends BatchIoContract {
    @Override
    protected Disk newDisk() {
        return new JdkDisk();
    }

    @Override
    protected IoScheduler newScheduler(int waitingChainsMax) {
        return PosixScheduler.create(new PosixSchedulerSettings(2, waitingChainsMax));
    }
}
