package io.duramen.wal.log;

import io.duramen.wal.ManualTimer;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// This machine's file system with a clock that a test sets, background work that runs at once on
/// the caller's thread, and a timer whose tasks run when the test says so. Disk and scheduler fail
/// when told to.
final class SteppedEnvironment implements AutoCloseable {
    private final LogEnvironment machine = LogEnvironment.open(1, 1);
    private final BufferPool pool =
            BufferPool.create(new BufferPoolSettings("test", 16 << 10, 4, true, 1 << 20));
    private final ManualTimer timer = new ManualTimer();
    private final Faults faults = new Faults();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    LogEnvironment logs() {
        return new LogEnvironment(new FaultyDisk(machine.disk(), faults),
                new FaultyScheduler(machine.scheduler(), faults), pool, () -> now,
                machine.generations(), Runnable::run, timer);
    }

    DiskLog open(Path base, LogId id, LogSettings settings) {
        return DiskLog.open(base, id, settings, logs());
    }

    LogView view(Path base, LogId id) {
        return LogView.open(base, id, machine.disk(), machine.scheduler());
    }

    LogSurvey survey(Path base, LogId id) {
        return LogSurvey.of(base, id, machine.disk(), machine.scheduler());
    }

    Faults faults() {
        return faults;
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    ManualTimer timer() {
        return timer;
    }

    /// Runs what the timer was asked for, and what that asks for, until nothing is left.
    void runTimer() {
        while (timer.run(Duration.ofHours(1))) {
            // on and on
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        machine.close();
        pool.close();
    }
}
