package io.duramen.wal.log;

import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;

/// This machine's file system behind a disk and a scheduler that fail and stop when told to, with a
/// pool that throws at misuse.
///
/// @param logs what to open logs on
record FaultyEnvironment(LogEnvironment machine, BufferPool pool, Faults faults,
        FaultyScheduler scheduler, LogEnvironment logs) implements AutoCloseable {
    static FaultyEnvironment open(int buffers) {
        LogEnvironment machine = LogEnvironment.open(1, 1);
        BufferPool pool = BufferPool.create(
                new BufferPoolSettings("test", 4096, buffers, true, 1 << 24));
        Faults faults = new Faults();
        FaultyScheduler scheduler = new FaultyScheduler(machine.scheduler(), faults);
        LogEnvironment logs = new LogEnvironment(new FaultyDisk(machine.disk(), faults),
                scheduler, pool, machine.clock(), machine.generations(),
                machine.background(), machine.timer());
        return new FaultyEnvironment(machine, pool, faults, scheduler, logs);
    }

    DiskLog openLog(Path base, LogId id, LogSettings settings) {
        return DiskLog.open(base, id, settings, logs);
    }

    @Override
    public void close() {
        scheduler.goOn();
        machine.close();
        pool.close();
    }
}
