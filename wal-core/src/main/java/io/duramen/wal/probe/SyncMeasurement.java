package io.duramen.wal.probe;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Measures something that waits for the device, one after the other on the calling thread.
///
/// @param warmUpMax how many go before at most, and are not measured: until the code is compiled,
///     what is measured is the virtual machine
/// @param warmUpLimit how long they may take
/// @param countMin measured at least, however long that takes
/// @param countMax measured at most
/// @param limit when `countMin` are measured, it ends after this time
/// @param nanoTime the clock
public record SyncMeasurement(int warmUpMax, Duration warmUpLimit, int countMin, int countMax,
        Duration limit, LongSupplier nanoTime) {
    /// A few hundred, in little more than a second where the device is quick enough.
    public static SyncMeasurement brief(LongSupplier nanoTime) {
        return new SyncMeasurement(4000, Duration.ofMillis(300), 20, 400,
                Duration.ofSeconds(1), nanoTime);
    }

    /// @throws InterruptedException when the thread is interrupted between two of them
    public Latency of(Runnable writeAndSync) throws InterruptedException {
        long first = nanoTime.getAsLong();
        for (int i = 0; i < warmUpMax
                && nanoTime.getAsLong() - first < warmUpLimit.toNanos(); i++) {
            writeAndSync.run();
            Interruption.check();
        }
        LatencyRecorder recorder = new LatencyRecorder();
        first = nanoTime.getAsLong();
        long start = first;
        for (int i = 0; i < countMin || i < countMax && start - first < limit.toNanos(); i++) {
            writeAndSync.run();
            long end = nanoTime.getAsLong();
            recorder.record(end - start);
            start = end;
            Interruption.check();
        }
        return recorder.latency();
    }
}
