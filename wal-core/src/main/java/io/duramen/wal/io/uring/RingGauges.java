package io.duramen.wal.io.uring;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/// What only a driver with a ring has to tell. The ring's thread writes, any thread reads.
final class RingGauges {
    private final LongAdder enters = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder repeatedRounds = new LongAdder();
    private final LongAdder mergedWrites = new LongAdder();
    private final LongAdder usedByNumber = new LongAdder();
    private final LongAccumulator depthMax = new LongAccumulator(Math::max, 0);
    private volatile int inFlight;
    private volatile int inFlightMax;
    private volatile int chains;
    private volatile int registeredFiles;

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

    void merged(int writes) {
        mergedWrites.add(writes);
    }

    /// An entry named a file that has no place in the table.
    void usedByNumber() {
        usedByNumber.increment();
    }

    void registeredFiles(int files) {
        registeredFiles = files;
    }

    /// @param taken chains that were taken over and are not complete
    void chains(int taken) {
        chains = taken;
    }

    /// Any thread.
    ///
    /// @param submitted chains that were submitted and are not complete
    void depth(int submitted) {
        depthMax.accumulate(submitted);
    }

    int chains() {
        return chains;
    }

    int depthMax() {
        return depthMax.intValue();
    }

    int registeredFiles() {
        return registeredFiles;
    }

    long entriesByNumber() {
        return usedByNumber.sum();
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
