package io.duramen.wal.bench;

import io.duramen.wal.probe.LatencyRecorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/// Callers that each do an operation again as soon as the one before is done. So at most as many
/// are under way as there are callers, and a stall holds the callers up instead of piling up work:
/// times are those of single operations under this load, and not what someone would wait who comes
/// at a time of his own choosing.
///
/// @param callers threads
/// @param operationsMax about what all of them do together at most, warm-up included
/// @param warmUp how long operations are not measured; it also ends when half of them are done
/// @param measured how long operations are begun that are measured; each caller begins one at least
record ClosedLoop(int callers, long operationsMax, Duration warmUp, Duration measured) {
    private enum Phase {
        WARM_UP, MEASURE, STOP
    }

    /// Operations that may be done until something is to happen.
    private static final class Budget {
        private static final int SLICES = 8;
        private static final long SLICE_MAX = 1024;

        private final CountDownLatch spent = new CountDownLatch(1);
        private final AtomicLong left;
        private final long slice;

        Budget(long operations, int callers) {
            left = new AtomicLong(operations);
            slice = Math.clamp(operations / callers / SLICES, 1, SLICE_MAX);
        }

        /// Takes some for one caller, who so seldom meets the others here. Where there are none
        /// left, it may go on until it is stopped.
        long take() {
            if (left.getAndAdd(-slice) <= slice) {
                spent.countDown();
            }
            return slice;
        }
    }

    /// What the callers share.
    private static final class Course {
        private final Budget warm;
        private final Budget over;
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile Phase phase = Phase.WARM_UP;
        private volatile boolean hasBegun;

        Course(long operationsMax, int callers) {
            warm = new Budget(operationsMax / 2, callers);
            over = new Budget(operationsMax - operationsMax / 2, callers);
        }

        void fail(Throwable cause) {
            failure.compareAndSet(null, cause);
            warm.spent.countDown();
            over.spent.countDown();
        }
    }

    /// @param operation called by all callers at the same time
    /// @param bytesEach payload of one operation
    /// @throws InterruptedException when this thread is interrupted; the callers have ended then
    Measurement run(Runnable operation, long bytesEach) throws InterruptedException {
        Course course = new Course(operationsMax, callers);
        List<Caller> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(new Caller(i, operation, course));
        }
        threads.forEach(Thread::start);
        long start;
        try {
            course.warm.spent.await(warmUp.toNanos(), TimeUnit.NANOSECONDS);
            start = System.nanoTime();
            course.hasBegun = true;
            course.phase = Phase.MEASURE;
            course.over.spent.await(measured.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            course.phase = Phase.STOP;
            join(threads);
        }
        rethrow(course.failure.get());
        return sum(threads, start, bytesEach);
    }

    /// Waits for operations under way, also when interrupted: they use what the caller closes next.
    private static void join(List<Caller> threads) {
        boolean interrupted = false;
        for (Caller thread : threads) {
            boolean ended = false;
            while (!ended) {
                try {
                    thread.join();
                    ended = true;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Throwable failure) {
        switch (failure) {
            case null -> {
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError("a Runnable throws nothing else", failure);
        }
    }

    private static Measurement sum(List<Caller> threads, long start, long bytesEach) {
        LatencyRecorder all = new LatencyRecorder();
        long elapsed = 0;
        for (Caller thread : threads) {
            all.add(thread.recorder);
            if (thread.operations > 0) {
                elapsed = Math.max(elapsed, thread.endNanos - start);
            }
        }
        long operations = all.latency().count();
        return new Measurement(operations, operations * bytesEach, elapsed, all.latency());
    }

    private static final class Caller extends Thread {
        private final LatencyRecorder recorder = new LatencyRecorder();
        private final Runnable operation;
        private final Course course;
        private long operations;
        private long endNanos;

        Caller(int number, Runnable operation, Course course) {
            super("wal-bench-caller-" + number);
            setDaemon(true);
            this.operation = operation;
            this.course = course;
        }

        @Override
        public void run() {
            try {
                warmUp();
                if (course.hasBegun) {
                    measure();
                }
            } catch (Throwable cause) {
                course.fail(cause);
            }
        }

        private void warmUp() {
            long mayDo = 0;
            while (course.phase == Phase.WARM_UP) {
                mayDo = mayDo == 0 ? course.warm.take() : mayDo;
                operation.run();
                mayDo--;
            }
        }

        /// What is begun is measured to its end, also when that is late: the slowest count too.
        /// Where warming up took till the end there is one all the same.
        private void measure() {
            long mayDo = 0;
            long start = System.nanoTime();
            do {
                mayDo = mayDo == 0 ? course.over.take() : mayDo;
                operation.run();
                endNanos = System.nanoTime();
                recorder.record(endNanos - start);
                start = endNanos;
                operations++;
                mayDo--;
            } while (course.phase == Phase.MEASURE);
        }
    }
}
