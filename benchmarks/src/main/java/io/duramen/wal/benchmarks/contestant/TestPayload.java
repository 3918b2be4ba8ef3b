package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameters;
import java.nio.ByteBuffer;
import java.util.Random;

/// The payload that every contestant appends: the same bytes for the same size, which do not
/// compress.
final class TestPayload {
    private static final long SEED = 42;

    private TestPayload() {}

    static byte[] of(Parameters parameters) {
        byte[] bytes = new byte[parameters.payloadBytes()];
        new Random(SEED).nextBytes(bytes);
        return bytes;
    }

    /// Outside the heap, from position 0 to its limit.
    static ByteBuffer direct(Parameters parameters) {
        byte[] bytes = of(parameters);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
