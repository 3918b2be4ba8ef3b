package io.duramen.wal.bench;

import io.duramen.wal.log.IoMode;
import java.time.Duration;
import java.util.List;

/// What is measured, and for how long.
///
/// @param payloadBytes size of each entry's payload, 0 to 1 MiB
/// @param modes the I/O modes, at least one
/// @param measured how long a case is measured, more than zero
/// @param warmUp how long it runs before that
/// @param caseBytesMax what a case may write at most, at least 64 MiB; it ends there
public record BenchSettings(int payloadBytes, List<IoMode> modes, Duration measured,
        Duration warmUp, long caseBytesMax) {
    public static final int PAYLOAD_BYTES_MAX = 1 << 20;
    public static final long CASE_BYTES_MIN = 64L << 20;
    private static final long CASE_BYTES = 512L << 20;
    private static final Duration WARM_UP_MAX = Duration.ofMillis(500);

    /// @throws IllegalArgumentException when a value is out of its range
    public BenchSettings {
        modes = List.copyOf(modes);
        require(payloadBytes >= 0 && payloadBytes <= PAYLOAD_BYTES_MAX, "payloadBytes",
                payloadBytes, "0 to " + PAYLOAD_BYTES_MAX);
        require(!modes.isEmpty(), "modes", modes, "at least one");
        require(measured.isPositive(), "measured", measured, "more than zero");
        require(!warmUp.isNegative(), "warmUp", warmUp, "zero or more");
        require(caseBytesMax >= CASE_BYTES_MIN, "caseBytesMax", caseBytesMax,
                "at least " + CASE_BYTES_MIN);
    }

    private static void require(boolean holds, String name, Object value, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + ", it must be " + rule);
        }
    }

    /// Every mode, with a warm-up of half the time but 0.5 s at most, and 512 MiB at most.
    public static BenchSettings of(int payloadBytes, Duration measured) {
        Duration half = measured.dividedBy(2);
        return new BenchSettings(payloadBytes, List.of(IoMode.values()), measured,
                half.compareTo(WARM_UP_MAX) < 0 ? half : WARM_UP_MAX, CASE_BYTES);
    }

    public BenchSettings withModes(List<IoMode> value) {
        return new BenchSettings(payloadBytes, value, measured, warmUp, caseBytesMax);
    }

    public BenchSettings withCaseBytesMax(long value) {
        return new BenchSettings(payloadBytes, modes, measured, warmUp, value);
    }
}
