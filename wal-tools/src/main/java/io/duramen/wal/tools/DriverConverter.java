package io.duramen.wal.tools;

import io.duramen.wal.log.IoDriver;

/// An I/O driver by the name that settings give it.
final class DriverConverter extends ConstantConverter<IoDriver> {
    DriverConverter() {
        super(IoDriver.values());
    }
}
