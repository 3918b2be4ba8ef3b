package io.duramen.wal.log;

import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// This machine's file system with a clock that a test sets, background work that runs at once on
/// the caller's thread, and a timer whose tasks run when the test says so. Disk and scheduler fail
/// when told to.
final class SteppedEnvironment implements AutoCloseable {
    /// Never runs anything by itself, and remembers what it was asked for.
    private static final class StoppedTimer extends ScheduledThreadPoolExecutor {
        private final List<Duration> delays = new ArrayList<>();
        private final List<Runnable> tasks = new ArrayList<>();

        StoppedTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            ScheduledFuture<?> never = super.schedule(() -> {}, 1, TimeUnit.DAYS);
            delays.add(Duration.ofNanos(unit.toNanos(delay)));
            tasks.add(() -> {
                if (!never.isCancelled()) {
                    task.run();
                }
            });
            return never;
        }
    }

    private final LogEnvironment machine = LogEnvironment.open(1, 1);
    private final BufferPool pool =
            BufferPool.create(new BufferPoolSettings("test", 16 << 10, 4, true, 1 << 20));
    private final StoppedTimer timer = new StoppedTimer();
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

    /// The delays asked for since the last call.
    List<Duration> delays() {
        List<Duration> asked = List.copyOf(timer.delays);
        timer.delays.clear();
        return asked;
    }

    /// Runs what the timer was asked for, and what that asks for, until nothing is left.
    void runTimer() {
        while (!timer.tasks.isEmpty()) {
            runTimerOnce();
        }
    }

    void runTimerOnce() {
        List<Runnable> due = List.copyOf(timer.tasks);
        timer.tasks.clear();
        due.forEach(Runnable::run);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        machine.close();
        pool.close();
    }
}
