package io.duramen.wal.fragment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.format.FormatVersion;
import io.duramen.wal.format.FragmentHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// The log whose files, as the first release of each format version wrote them, are kept for ever
/// in `src/test/resources/golden`: a sealed fragment and the one behind it, which was closed
/// cleanly.
///
/// No build writes them. [#main(String\[\])] does, into an empty directory; the README beside them
/// says when and how.
public final class GoldenLog {
    static final String LOG_ID = "golden";
    static final String SEALED = "fragment_00000000000000000000";
    static final String UNSEALED = "fragment_00000000000000000010";
    static final int FRAGMENT_BYTES = 16 << 10;
    static final long SEALED_GENERATION = 0x0123456789abcdefL;
    static final long UNSEALED_GENERATION = 0xfedcba9876543210L;
    /// 2026-01-01T00:00Z.
    static final long CREATED_NANOS = 1_767_225_600_000_000_000L;
    static final long SECOND = 1_000_000_000L;

    /// An entry as it is to be read.
    record GoldenEntry(long id, long timestampNanos, boolean batchContinues, byte[] payload) {
        @Override
        public boolean equals(Object other) {
            return other instanceof GoldenEntry entry && id == entry.id
                    && timestampNanos == entry.timestampNanos
                    && batchContinues == entry.batchContinues
                    && Arrays.equals(payload, entry.payload);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(id);
        }
    }

    private GoldenLog() {}

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /// 300 bytes that never repeat in a row.
    static byte[] long300() {
        byte[] bytes = new byte[300];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 7 + 3);
        }
        return bytes;
    }

    /// Every byte there is.
    static byte[] binary() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    private static byte[][] samples() {
        return new byte[][] {{}, {42}, ascii("Duramen"), ascii("log wood"), long300(), binary()};
    }

    static List<GoldenEntry> sealedEntries() {
        byte[][] samples = samples();
        long first = CREATED_NANOS + SECOND;
        return List.of(new GoldenEntry(0, first, false, samples[0]),
                new GoldenEntry(1, first, false, samples[1]),
                new GoldenEntry(2, first, false, samples[2]),
                new GoldenEntry(3, first, false, samples[3]),
                new GoldenEntry(4, first, false, samples[4]),
                new GoldenEntry(5, first, false, samples[5]),
                new GoldenEntry(6, CREATED_NANOS + 2 * SECOND, true, ascii("batch 1 of 3")),
                new GoldenEntry(7, CREATED_NANOS + 2 * SECOND, true, ascii("batch 2 of 3")),
                new GoldenEntry(8, CREATED_NANOS + 2 * SECOND, false, ascii("batch 3 of 3")),
                new GoldenEntry(9, CREATED_NANOS + 4 * SECOND, false, ascii("last")));
    }

    static List<GoldenEntry> unsealedEntries() {
        byte[][] samples = samples();
        long first = CREATED_NANOS + 6 * SECOND;
        return List.of(new GoldenEntry(10, first, false, samples[0]),
                new GoldenEntry(11, first, false, samples[1]),
                new GoldenEntry(12, first, false, samples[2]),
                new GoldenEntry(13, first, false, samples[3]),
                new GoldenEntry(14, first + SECOND, false, samples[4]),
                new GoldenEntry(15, first + SECOND, false, samples[5]));
    }

    static FragmentHeader sealedHeader() {
        return new FragmentHeader(FragmentHeader.hashOf(LOG_ID), SEALED_GENERATION, 0,
                FRAGMENT_BYTES, 4096, 1, CREATED_NANOS, -1, 0);
    }

    static FragmentHeader unsealedHeader(int predecessorLastCrc) {
        return new FragmentHeader(FragmentHeader.hashOf(LOG_ID), UNSEALED_GENERATION, 10,
                FRAGMENT_BYTES, 4096, 2, CREATED_NANOS + 5 * SECOND, 9, predecessorLastCrc);
    }

    /// Writes both fragments with the current writer.
    static void write(FragmentWorkbench bench) {
        byte[][] samples = samples();
        FragmentOnDisk sealed = bench.fragment(sealedHeader());
        sealed.group(-1, CREATED_NANOS + SECOND, samples);
        sealed.batch(5, CREATED_NANOS + 2 * SECOND, ascii("batch 1 of 3"),
                ascii("batch 2 of 3"), ascii("batch 3 of 3"));
        sealed.group(8, CREATED_NANOS + 3 * SECOND);
        sealed.group(8, CREATED_NANOS + 4 * SECOND, ascii("last"));
        sealed.seal();
        FragmentOnDisk unsealed =
                bench.fragment(unsealedHeader(sealed.writer().lastEntryCrc()));
        unsealed.group(9, CREATED_NANOS + 6 * SECOND, samples[0], samples[1], samples[2],
                samples[3]);
        unsealed.group(13, CREATED_NANOS + 7 * SECOND, samples[4], samples[5]);
        unsealed.group(15, CREATED_NANOS + 8 * SECOND);
    }

    /// Where the golden files of a format version are.
    public static Path directory(int version) {
        try {
            return Path.of(GoldenLog.class
                    .getResource("/golden/v" + version + "/log_" + LOG_ID).toURI());
        } catch (URISyntaxException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static byte[] bytes(int version, String name) {
        try {
            return Files.readAllBytes(directory(version).resolve(name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Writes the golden files of the current format version.
    ///
    /// @param arguments one directory, which is empty: what is there is never replaced
    public static void main(String[] arguments) {
        try (FragmentWorkbench bench = new FragmentWorkbench(Path.of(arguments[0]))) {
            if (!bench.names().isEmpty()) {
                throw new IllegalStateException(arguments[0] + " is not empty");
            }
            write(bench);
            System.out.println("format version " + FormatVersion.CURRENT + ": " + bench.names());
        }
    }
}
