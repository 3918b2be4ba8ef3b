package io.duramen.wal.probe;

/// Times of operations of one kind, each measured from its start to its end.
///
/// @param count how many were measured; all else is 0 where there were none
/// @param p50Nanos half of them took at most this long; the percentiles are right to a thousandth
/// @param p90Nanos nine of ten took at most this long
/// @param p99Nanos 99 of 100 took at most this long
/// @param p999Nanos 999 of 1000 took at most this long
/// @param maxNanos the longest, exactly
public record Latency(long count, long p50Nanos, long p90Nanos, long p99Nanos, long p999Nanos,
        long maxNanos) {}
