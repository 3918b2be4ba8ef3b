package io.duramen.wal.tools;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A point in time as `2026-03-01T12:00:00Z`, with an offset as `2026-03-01T13:00:00+01:00`, or so
/// long ago as `90s`, `15m`, `12h` or `30d`.
final class InstantConverter implements ITypeConverter<Instant> {
    private final DurationConverter durations = new DurationConverter();

    @Override
    public Instant convert(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException _) {
            return ago(text);
        }
    }

    private Instant ago(String text) {
        try {
            return Instant.now().minus(durations.convert(text));
        } catch (TypeConversionException _) {
            throw new TypeConversionException("'" + text + "' is no point in time: write one with"
                    + " its zone, as 2026-03-01T12:00:00Z or 2026-03-01T13:00:00+01:00, or how"
                    + " long ago, as 90s, 15m, 12h or 30d");
        }
    }
}
