package io.duramen.wal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Never runs anything by itself: remembers what it was asked for, and runs it when it is told to,
/// on the caller's thread. Belongs to one thread.
public final class ManualTimer extends ScheduledThreadPoolExecutor {
    private record Task(Duration delay, Runnable work) {}

    private List<Task> tasks = new ArrayList<>();

    public ManualTimer() {
        super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        ScheduledFuture<?> never = super.schedule(() -> {}, 1, TimeUnit.DAYS);
        tasks.add(new Task(Duration.ofNanos(unit.toNanos(delay)), () -> {
            if (!never.isCancelled()) {
                work.run();
            }
        }));
        return never;
    }

    /// The delays of what has not run yet.
    public List<Duration> delays() {
        return tasks.stream().map(Task::delay).toList();
    }

    /// Nothing of what was asked for will ever run.
    public void forget() {
        tasks.clear();
    }

    /// Runs what is there and due in this time, and forgets it; what that asks for waits.
    ///
    /// @return false where there was nothing
    public boolean run(Duration within) {
        List<Task> due =
                tasks.stream().filter(task -> task.delay().compareTo(within) <= 0).toList();
        tasks = new ArrayList<>(
                tasks.stream().filter(task -> task.delay().compareTo(within) > 0).toList());
        due.forEach(task -> task.work().run());
        return !due.isEmpty();
    }
}
