package io.duramen.wal.io.posix;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoModelContract;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.MemorySegment;
import java.util.Random;

class JdkFilesModelTest extends IoModelContract {
    @Override
    protected Disk newDisk() {
        return new JdkDisk();
    }

    @Override
    protected IoScheduler newScheduler(MemorySegment buffers, Random random) {
        return PosixScheduler.create(new PosixSchedulerSettings(4, 1000));
    }
}
