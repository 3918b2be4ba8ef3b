package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FragmentTailTest {
    private static final int SIZE = 1 << 20;

    @TempDir
    Path directory;
    private FragmentWorkbench bench;
    private FragmentOnDisk written;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory);
        written = bench.fragment(FragmentWorkbench.header(0, SIZE));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private long endOfBytes() {
        return bench.endOfBytes(written.file(), written.writer().endOfData());
    }

    @Test
    void behind_an_empty_fragment_is_nothing() {
        assertThat(endOfBytes()).isEqualTo(FragmentGeometry.DATA_START);
    }

    @Test
    void the_end_is_behind_the_last_byte_that_is_not_zero() {
        written.group(-1, 1, new byte[] {1, 2, 3}, new byte[5000]);
        long endOfData = written.writer().endOfData();
        assertThat(endOfBytes()).isEqualTo(endOfData);
        try (Arena arena = Arena.ofShared()) {
            MemorySegment bytes =
                    written.file().map(IoFile.Mapping.READ_WRITE, 0, SIZE, arena);
            for (long at : new long[] {endOfData, endOfData + 1, 12_287, 12_288, 12_289,
                262_143 + endOfData, 262_144 + endOfData, 600_000, SIZE - 4096, SIZE - 1}) {
                bytes.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
                assertThat(endOfBytes()).isEqualTo(at + 1);
                bytes.set(ValueLayout.JAVA_BYTE, endOfData, (byte) 1);
                assertThat(endOfBytes()).isEqualTo(at + 1);
                bytes.set(ValueLayout.JAVA_BYTE, endOfData, (byte) 0);
                bytes.set(ValueLayout.JAVA_BYTE, at, (byte) 0);
            }
        }
        assertThat(endOfBytes()).isEqualTo(endOfData);
    }

    @Test
    void bytes_of_the_data_itself_do_not_count() {
        written.group(-1, 1, new byte[] {1, 2, 3});
        long endOfData = written.writer().endOfData();
        assertThat(bench.endOfBytes(written.file(), FragmentGeometry.DATA_START))
                .isBetween(endOfData - 8, endOfData);
        assertThat(endOfBytes()).isEqualTo(endOfData);
    }
}
