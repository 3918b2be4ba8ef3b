package io.duramen.wal.benchmarks.harness;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// Latencies in nanoseconds, to three digits, up to a minute. Belongs to one thread at a time.
public final class Latencies {
    private static final long LONGEST_NANOS = 60_000_000_000L;

    private final Histogram histogram;

    public Latencies() {
        this(new Histogram(LONGEST_NANOS, 3));
    }

    private Latencies(Histogram histogram) {
        this.histogram = histogram;
    }

    public void record(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, LONGEST_NANOS));
    }

    public void add(Latencies other) {
        histogram.add(other.histogram);
    }

    public void clear() {
        histogram.reset();
    }

    public long count() {
        return histogram.getTotalCount();
    }

    public long atPercentile(double percentile) {
        return histogram.getValueAtPercentile(percentile);
    }

    public Map<Metric, Double> percentiles() {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.P50_NANOS, (double) atPercentile(50));
        values.put(Metric.P90_NANOS, (double) atPercentile(90));
        values.put(Metric.P99_NANOS, (double) atPercentile(99));
        values.put(Metric.P999_NANOS, (double) atPercentile(99.9));
        values.put(Metric.P9999_NANOS, (double) atPercentile(99.99));
        values.put(Metric.MAX_NANOS, (double) histogram.getMaxValue());
        return values;
    }

    /// As text that [#decode(String)] reads.
    public String encode() {
        ByteBuffer bytes = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        histogram.encodeIntoCompressedByteBuffer(bytes);
        bytes.flip();
        byte[] used = new byte[bytes.remaining()];
        bytes.get(used);
        return Base64.getEncoder().encodeToString(used);
    }

    /// @throws IllegalArgumentException when it is no such text
    public static Latencies decode(String text) {
        try {
            return new Latencies(Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(text)), LONGEST_NANOS));
        } catch (DataFormatException broken) {
            throw new IllegalArgumentException("no histogram", broken);
        }
    }
}
