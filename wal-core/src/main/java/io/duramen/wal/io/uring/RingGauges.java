package io.duramen.wal.io.uring;

import java.util.concurrent.atomic.LongAdder;

/// What only a driver with a ring has to tell. The ring's thread writes, any thread reads.
final class RingGauges {
    private final LongAdder enters = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder repeatedRounds = new LongAdder();
    private final LongAdder mergedWrites = new LongAdder();
    private final CompletionTimes times = new CompletionTimes();
    private volatile int inFlight;
    private volatile int inFlightMax;

    /// @param put entries put since the last time
    void entered(int put, int entriesInFlight) {
        enters.increment();
        entries.add(put);
        inFlight = entriesInFlight;
        if (entriesInFlight > inFlightMax) {
            inFlightMax = entriesInFlight;
        }
    }

    void repeated() {
        repeatedRounds.increment();
    }

    void completed(long nanos) {
        times.record(nanos);
    }

    UringStatistics.Latency latency() {
        return times.latency();
    }

    void merged(int writes) {
        mergedWrites.add(writes);
    }

    long mergedWrites() {
        return mergedWrites.sum();
    }

    long enters() {
        return enters.sum();
    }

    long entries() {
        return entries.sum();
    }

    long repeatedRounds() {
        return repeatedRounds.sum();
    }

    int inFlight() {
        return inFlight;
    }

    int inFlightMax() {
        return inFlightMax;
    }
}
