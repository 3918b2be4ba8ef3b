package io.duramen.wal.probe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Collects times in a fixed amount of memory. Belongs to one thread at a time.
public final class LatencyRecorder {
    private static final long SHORTEST_NANOS = 1;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final Histogram times = new Histogram(SHORTEST_NANOS, LONGEST_NANOS, DIGITS);
    private long maxNanos;

    public LatencyRecorder() {
        // nothing recorded yet
    }

    /// A time beyond two minutes counts as two minutes in the percentiles, and as it is in the
    /// maximum.
    public void record(long nanos) {
        times.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
        maxNanos = Math.max(maxNanos, nanos);
    }

    /// Adds what another one has.
    public void add(LatencyRecorder other) {
        times.add(other.times);
        maxNanos = Math.max(maxNanos, other.maxNanos);
    }

    /// What was recorded until now.
    public Latency latency() {
        return new Latency(times.getTotalCount(), percentile(50), percentile(90), percentile(99),
                percentile(99.9), maxNanos);
    }

    private long percentile(double percent) {
        return times.getTotalCount() == 0 ? 0
                : Math.min(maxNanos, times.getValueAtPercentile(percent));
    }
}
