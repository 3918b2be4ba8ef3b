package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteWindowsTest {
    private static final long GIB = 1L << 30;

    @TempDir
    Path directory;

    /// Address space without memory: a mapping of a file that is one hole.
    private MemorySegment hole(long sizeBytes, Arena arena) throws IOException {
        try (FileChannel file = FileChannel.open(directory.resolve("hole"),
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), sizeBytes - 1);
            return file.map(FileChannel.MapMode.READ_WRITE, 0, sizeBytes, arena);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8, GIB - 8, GIB, GIB + 8, 2 * GIB - 16, 2 * GIB - 8, 2 * GIB,
        3 * GIB - 8})
    void a_place_of_a_large_segment_is_seen_through_its_window(long offset) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = hole(4 * GIB, arena);
            bytes.set(ValueLayout.JAVA_BYTE, offset, (byte) 42);
            bytes.set(ValueLayout.JAVA_BYTE, offset + EntryHeader.PAYLOAD_BYTES_MAX - 1, (byte) 43);
            ByteBuffer seen = new ByteWindows(bytes).at(offset, EntryHeader.PAYLOAD_BYTES_MAX);
            assertThat(seen.remaining()).isEqualTo(EntryHeader.PAYLOAD_BYTES_MAX);
            assertThat(seen.get(seen.position())).isEqualTo((byte) 42);
            assertThat(seen.get(seen.limit() - 1)).isEqualTo((byte) 43);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4096, GIB - 4096, GIB, GIB + 4096, 2 * GIB, 3 * GIB})
    void an_empty_range_at_the_very_end_is_seen(long sizeBytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            ByteWindows windows = new ByteWindows(hole(sizeBytes, arena));
            assertThat(windows.at(sizeBytes, 0).hasRemaining()).isFalse();
            assertThat(windows.at(sizeBytes - 8, 8).remaining()).isEqualTo(8);
        }
    }

    @Test
    void a_window_may_be_moved_in_any_direction() {
        ByteWindows windows = new ByteWindows(Arena.ofAuto().allocate(4096));
        assertThat(windows.at(4000, 96).position()).isEqualTo(4000);
        assertThat(windows.at(0, 8).remaining()).isEqualTo(8);
        assertThat(windows.at(2000, 2096).remaining()).isEqualTo(2096);
    }
}
