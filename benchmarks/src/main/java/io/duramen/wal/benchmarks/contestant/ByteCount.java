package io.duramen.wal.benchmarks.contestant;

import org.apache.pekko.util.ByteString;

/// What came out of a stream. Added to by one stage, read when the stream has completed.
final class ByteCount {
    private long bytes;
    private long seen;

    void add(ByteString payload) {
        bytes += payload.length();
        seen += payload.apply(0);
    }

    long bytes() {
        Sight.of(seen);
        return bytes;
    }
}
