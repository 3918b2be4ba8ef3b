package io.duramen.wal.io.posix.calls;

import io.duramen.wal.io.IoStatistics;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// How long chains took. Any thread records, any thread reads; neither waits for the other.
///
/// Threads are spread over a few recorders, made when first needed, so that they hardly ever write
/// to the same memory. What the recorders have is added up when someone asks.
final class CompletionTimes {
    private static final int SIGNIFICANT_DIGITS = 2;
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final int RECORDERS_MAX = 8;

    private final AtomicReferenceArray<Recorder> recorders = new AtomicReferenceArray<>(
            Math.min(RECORDERS_MAX, powerOfTwo(Runtime.getRuntime().availableProcessors())));
    private final Histogram sum = new Histogram(LONGEST_NANOS, SIGNIFICANT_DIGITS);
    private final Histogram[] intervals = new Histogram[recorders.length()]; // used again and again

    private static int powerOfTwo(int atLeast) {
        return Integer.highestOneBit(2 * atLeast - 1);
    }

    /// @param nanos what is longer than an hour counts as an hour
    void record(long nanos) {
        recorder().recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    private Recorder recorder() {
        int index = (int) Thread.currentThread().threadId() & recorders.length() - 1;
        Recorder recorder = recorders.getAcquire(index);
        return recorder == null ? make(index) : recorder;
    }

    private Recorder make(int index) {
        recorders.compareAndSet(index, null, new Recorder(LONGEST_NANOS, SIGNIFICANT_DIGITS));
        return recorders.get(index);
    }

    synchronized IoStatistics.Latency latency() {
        for (int i = 0; i < recorders.length(); i++) {
            Recorder recorder = recorders.get(i);
            if (recorder != null) {
                intervals[i] = recorder.getIntervalHistogram(intervals[i]);
                sum.add(intervals[i]);
            }
        }
        return new IoStatistics.Latency(sum.getTotalCount(), sum.getValueAtPercentile(50),
                sum.getValueAtPercentile(99), sum.getValueAtPercentile(99.9), sum.getMaxValue());
    }
}
