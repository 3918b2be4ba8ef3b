package io.duramen.wal.tools;

import io.duramen.wal.log.IoDriver;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// An I/O driver by the name that settings give it.
final class DriverConverter implements ITypeConverter<IoDriver> {
    @Override
    public IoDriver convert(String name) {
        try {
            return IoDriver.named(name);
        } catch (IllegalArgumentException unknown) {
            throw new TypeConversionException(unknown.getMessage());
        }
    }
}
