package io.duramen.wal.benchmarks.workload;

import java.time.Duration;

/// Latencies by entry id. Any thread may record; read it when all have ended.
final class LatencyLine {
    private final long firstId;
    private final long[] nanos;

    /// @param firstId of the first entry recorded
    LatencyLine(long rate, Duration time, long firstId) {
        this.firstId = firstId;
        this.nanos = new long[Math.toIntExact(rate * time.toMillis() / 1000 + rate)];
    }

    void record(long id, long latency) {
        nanos[Math.toIntExact(id - firstId)] = latency;
    }

    long firstId() {
        return firstId;
    }

    /// The id behind the last one recorded.
    long endId() {
        int end = nanos.length;
        while (end > 0 && nanos[end - 1] == 0) {
            end--;
        }
        return firstId + end;
    }

    /// The longest latency from an id on.
    long worst(long fromId, long count) {
        long worst = 0;
        for (long id = fromId; id < fromId + count; id++) {
            worst = Math.max(worst, nanos[Math.toIntExact(id - firstId)]);
        }
        return worst;
    }
}
