package io.duramen.wal.log;

import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/// A way to the disk that a suite runs with: each mode with each driver this machine offers.
record IoChoice(IoMode mode, IoDriver driver) {
    static List<IoChoice> all() {
        List<IoDriver> drivers = IoDriver.AUTO.choose().driver() == IoDriver.POSIX
                ? List.of(IoDriver.POSIX) : List.of(IoDriver.POSIX, IoDriver.IO_URING);
        List<IoChoice> choices = new ArrayList<>();
        for (IoMode mode : IoMode.values()) {
            drivers.forEach(driver -> choices.add(new IoChoice(mode, driver)));
        }
        return choices;
    }

    LogEnvironment environment() {
        return LogEnvironment.open(driver.choose(), 2,
                new BufferPoolSettings("test", LogEnvironment.GROUP_BYTES, 8, true, 64 << 20),
                Executors.newCachedThreadPool());
    }

    DiskLog open(Path base, LogId id, LogSettings settings, LogEnvironment environment) {
        return DiskLog.open(base, id, settings.withIoMode(mode), environment);
    }

    @Override
    public String toString() {
        return mode + " " + driver;
    }
}
