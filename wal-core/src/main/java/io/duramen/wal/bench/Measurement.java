package io.duramen.wal.bench;

import io.duramen.wal.probe.Latency;
import java.util.concurrent.TimeUnit;

/// What was counted of one case.
///
/// @param operations appends answered, writes synced, or entries read
/// @param bytes of payload in them; of a bare write what it wrote
/// @param elapsedNanos from the first to the end of the last
/// @param latency of each single operation; without count where single ones were not timed
public record Measurement(long operations, long bytes, long elapsedNanos, Latency latency) {
    static final Latency NOT_TIMED = new Latency(0, 0, 0, 0, 0, 0);

    public double operationsPerSecond() {
        return perSecond(operations);
    }

    public double bytesPerSecond() {
        return perSecond(bytes);
    }

    private double perSecond(long count) {
        return elapsedNanos == 0 ? 0 : (double) count * TimeUnit.SECONDS.toNanos(1) / elapsedNanos;
    }
}
