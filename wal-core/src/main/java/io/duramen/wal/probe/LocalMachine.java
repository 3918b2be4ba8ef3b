package io.duramen.wal.probe;

import io.duramen.wal.io.uring.RegistrationProbe;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.io.uring.UringSchedulerSettings;
import io.duramen.wal.log.LogEnvironment;
import java.nio.file.Path;

/// The machine this process runs on.
record LocalMachine() implements Machine {
    /// As large as the ring a log would have.
    private static final UringSchedulerSettings RING = new UringSchedulerSettings(256, 1);
    private static final int BUFFERS = 4;

    @Override
    public MachineFacts facts() {
        return MachineFacts.ofThisProcess();
    }

    @Override
    public RingProbe ring() {
        return RingProbe.of(RING);
    }

    @Override
    public RegistrationProbe registration(long sizeBytes) {
        return RegistrationProbe.of(RING, sizeBytes);
    }

    @Override
    public StorageFacts storage(Path directory) {
        return StorageFacts.of(directory);
    }

    @Override
    public LogEnvironment environment() {
        return LogEnvironment.open(1, BUFFERS);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }
}
