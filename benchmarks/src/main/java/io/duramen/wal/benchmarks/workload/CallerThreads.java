package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.benchmarks.contestant.Contestant;
import io.duramen.wal.benchmarks.harness.Latencies;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A thread for each caller. What they record into stays, and so do platform threads, so that a
/// measurement after a warm-up creates nothing but virtual threads.
final class CallerThreads implements AutoCloseable {
    private final List<Contestant.Caller> callers = new ArrayList<>();
    private final List<Latencies> recorded = new ArrayList<>();
    private final ExecutorService threads;

    CallerThreads(Contestant.Calling log, Parameters parameters) throws Exception {
        int count = Math.toIntExact(parameters.number(Parameter.CALLERS));
        for (int i = 0; i < count; i++) {
            callers.add(log.caller());
            recorded.add(new Latencies());
        }
        threads = parameters.is(Parameter.THREADS, "virtual")
                ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(count);
    }

    /// What a caller's thread does.
    interface Task {
        /// @param index of the caller, from 0
        void run(int index, Contestant.Caller caller, Latencies latencies) throws Exception;
    }

    int count() {
        return callers.size();
    }

    /// Runs all at the same time, and returns when every one has ended.
    ///
    /// @return entries recorded
    /// @throws IllegalStateException when one failed
    long run(Task task) throws InterruptedException {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < callers.size(); i++) {
            int index = i;
            recorded.get(i).clear();
            running.add(threads.submit(() -> {
                task.run(index, callers.get(index), recorded.get(index));
                return null;
            }));
        }
        for (Future<?> one : running) {
            try {
                one.get();
            } catch (ExecutionException failed) {
                threads.shutdownNow();
                throw new IllegalStateException("a caller failed: " + failed.getCause(),
                        failed.getCause());
            }
        }
        return recorded.stream().mapToLong(Latencies::count).sum();
    }

    /// What all callers recorded in the last run.
    Latencies latencies() {
        Latencies all = new Latencies();
        recorded.forEach(all::add);
        return all;
    }

    @Override
    public void close() {
        threads.close();
    }
}
