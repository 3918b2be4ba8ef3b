package io.duramen.wal.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Starts work when a [SimClock] says so: [#runDue()] is called whenever it has moved.
final class SimTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final SimClock clock;
    private final PriorityQueue<Timed> waiting = new PriorityQueue<>();
    private boolean shutDown;

    SimTimer(SimClock clock) {
        this.clock = clock;
    }

    private final class Timed extends FutureTask<Void> implements ScheduledFuture<Void> {
        private final Instant due;

        Timed(Runnable work, Instant due) {
            super(work, null);
            this.due = due;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(Duration.between(clock.instant(), due));
        }

        @Override
        public int compareTo(Delayed other) {
            return due.compareTo(((Timed) other).due);
        }
    }

    /// Runs what is due now; it never blocks.
    void runDue() {
        for (Timed next = pollDue(); next != null; next = pollDue()) {
            next.run();
        }
    }

    private synchronized Timed pollDue() {
        return waiting.isEmpty() || waiting.peek().due.isAfter(clock.instant()) ? null
                : waiting.poll();
    }

    @Override
    public synchronized ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        Timed timed = new Timed(work, clock.instant().plus(delay, unit.toChronoUnit()));
        waiting.add(timed);
        return timed;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("no log asks for this");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long initialDelay, long period,
            TimeUnit unit) {
        throw new UnsupportedOperationException("no log asks for this");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long initialDelay,
            long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("no log asks for this");
    }

    @Override
    public void execute(Runnable work) {
        schedule(work, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public void shutdown() {
        shutdownNow();
    }

    @Override
    public synchronized List<Runnable> shutdownNow() {
        shutDown = true;
        waiting.clear();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutDown;
    }
}
