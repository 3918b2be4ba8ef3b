package io.duramen.wal.io.posix;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoModelContract;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/// As [PosixModelTest], with a kernel that interrupts calls, has no time just now, and transfers
/// parts only.
class PosixBrokenCallsTest extends IoModelContract {
    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler(MemorySegment buffers, Random random) {
        return PosixScheduler.create(new PosixSchedulerSettings(4, 1000),
                file -> new BrokenCalls(file, random));
    }
}
