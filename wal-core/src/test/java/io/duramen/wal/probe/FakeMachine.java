package io.duramen.wal.probe;

import io.duramen.wal.io.posix.DeviceFacts;
import io.duramen.wal.io.posix.FileSystemFacts;
import io.duramen.wal.io.posix.MountFacts;
import io.duramen.wal.io.uring.RegistrationProbe;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.log.LogEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// A machine on which everything is fine, until told otherwise. Files are those of this machine;
/// its clock moves by `tickNanos` whenever it is looked at, so each sync takes that long.
record FakeMachine(RingProbe ring, Optional<String> registrationRefusal, String type,
        boolean isNetwork, long usableBytes, List<String> options, DeviceFacts device,
        Supplier<LogEnvironment> environments, long tickNanos, long[] clock) implements Machine {
    static final DeviceFacts DISK = new DeviceFacts("sda", DeviceFacts.WriteCache.VOLATILE,
            DeviceFacts.Medium.DEVICE);

    static FakeMachine healthy() {
        return new FakeMachine(new RingProbe(Optional.empty()), Optional.empty(), "ext4", false,
                1L << 40, List.of("rw"), DISK, () -> LogEnvironment.open(1, 4), 150_000,
                new long[1]);
    }

    FakeMachine withRing(RingProbe value) {
        return new FakeMachine(value, registrationRefusal, type, isNetwork, usableBytes, options,
                device, environments, tickNanos, clock);
    }

    FakeMachine withRegistrationRefusal(String value) {
        return new FakeMachine(ring, Optional.of(value), type, isNetwork, usableBytes, options,
                device, environments, tickNanos, clock);
    }

    FakeMachine withFileSystem(String newType, boolean shared) {
        return new FakeMachine(ring, registrationRefusal, newType, shared, usableBytes, options,
                device, environments, tickNanos, clock);
    }

    FakeMachine withUsableBytes(long value) {
        return new FakeMachine(ring, registrationRefusal, type, isNetwork, value, options, device,
                environments, tickNanos, clock);
    }

    FakeMachine withOptions(String... value) {
        return new FakeMachine(ring, registrationRefusal, type, isNetwork, usableBytes,
                List.of(value), device, environments, tickNanos, clock);
    }

    FakeMachine withDevice(DeviceFacts value) {
        return new FakeMachine(ring, registrationRefusal, type, isNetwork, usableBytes, options,
                value, environments, tickNanos, clock);
    }

    FakeMachine withEnvironments(Supplier<LogEnvironment> value) {
        return new FakeMachine(ring, registrationRefusal, type, isNetwork, usableBytes, options,
                device, value, tickNanos, clock);
    }

    FakeMachine withSyncsOf(long nanos) {
        return new FakeMachine(ring, registrationRefusal, type, isNetwork, usableBytes, options,
                device, environments, nanos, clock);
    }

    @Override
    public MachineFacts facts() {
        return new MachineFacts("25 (a vendor, a VM)", "Linux 6.1", "amd64", 4);
    }

    @Override
    public RegistrationProbe registration(long sizeBytes) {
        return new RegistrationProbe(sizeBytes, "8388608 bytes", registrationRefusal);
    }

    @Override
    public StorageFacts storage(Path directory) {
        return new StorageFacts(
                new FileSystemFacts(directory, type, isNetwork, Optional.empty(),
                        "no direct I/O: a fake", OptionalInt.of(512), OptionalLong.of(1L << 41),
                        OptionalLong.of(usableBytes)),
                Optional.of(new MountFacts(Path.of("/"), type, "/dev/sda", options)),
                Optional.ofNullable(device));
    }

    @Override
    public LogEnvironment environment() {
        return environments.get();
    }

    @Override
    public long nanoTime() {
        clock[0] += tickNanos;
        return clock[0];
    }
}
