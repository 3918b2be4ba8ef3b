package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoFile.Mapping;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.FileStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageAdviceTest {
    private static final long SIZE = 1 << 20;

    @TempDir
    Path directory;

    private final Arena arena = Arena.ofShared();
    private IoFile file;

    @BeforeEach
    void create() {
        file = new PosixDisk().create(directory.resolve("file"));
        file.resize(SIZE);
    }

    @AfterEach
    void close() {
        file.close();
        arena.close();
    }

    @Test
    void populating_for_writing_gives_a_sparse_file_its_blocks() {
        MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, SIZE, arena);
        assertThat(allocatedBytes()).isZero();
        assumeTrue(file.advise(mapping, 0, SIZE, MappingAdvice.POPULATE_WRITE), "an old kernel");
        assertThat(allocatedBytes()).isGreaterThanOrEqualTo(SIZE);
    }

    private long allocatedBytes() {
        return FileStatus.of(((DescriptorOwner) file).descriptor()).allocatedBytes();
    }

    @Test
    void populating_behind_the_end_of_the_file_fails_and_raises_no_signal() {
        MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 2 * SIZE, arena);
        for (MappingAdvice advice : new MappingAdvice[] {MappingAdvice.POPULATE_WRITE,
            MappingAdvice.POPULATE_READ}) {
            assumeTrue(file.advise(mapping, 0, SIZE, advice), "an old kernel");
            assertThatThrownBy(() -> file.advise(mapping, SIZE, 4096, advice))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("madvise")
                    .hasMessageContaining(file.path().toString());
        }
    }

    @Test
    void populating_for_writing_on_a_full_disk_fails_and_raises_no_signal() throws Exception {
        try (SmallDisk small = SmallDisk.mount(directory, SIZE);
                IoFile sparse = new PosixDisk().create(small.path().resolve("sparse"))) {
            sparse.resize(2 * SIZE);
            try (Arena inside = Arena.ofShared()) {
                MemorySegment mapping = sparse.map(Mapping.READ_WRITE, 0, 2 * SIZE, inside);
                assertThatThrownBy(() -> sparse.advise(
                        mapping, 0, 2 * SIZE, MappingAdvice.POPULATE_WRITE))
                                .isInstanceOf(WalException.Io.class)
                                .hasMessageContaining("the disk is full");
            }
        }
    }

    @Test
    void a_mapping_may_be_advised_on_when_its_file_is_closed() {
        MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, SIZE, arena);
        file.close();
        assertThat(file.advise(mapping, 0, SIZE, MappingAdvice.SEQUENTIAL)).isTrue();
    }

    @Test
    void advice_reaches_memory_that_is_mapped_only() {
        Arena shortLived = Arena.ofShared();
        MemorySegment mapping = file.map(Mapping.READ_ONLY, 0, SIZE, shortLived);
        shortLived.close();
        assertThatThrownBy(() -> file.advise(mapping, 0, SIZE, MappingAdvice.DONT_NEED))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> file.advise(MemorySegment.ofArray(new byte[8192]), 0, 1,
                MappingAdvice.DONT_NEED)).isInstanceOf(IllegalArgumentException.class);
        MemorySegment inside = file.map(Mapping.READ_ONLY, 0, SIZE, arena).asSlice(8);
        assertThatThrownBy(() -> file.advise(inside, 0, 1, MappingAdvice.DONT_NEED))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("page");
    }

    @Test
    void the_last_page_of_a_mapping_may_be_a_part_of_one() {
        MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 4096 + 10, arena);
        mapping.set(ValueLayout.JAVA_BYTE, 4096 + 9, (byte) 3);
        assertThat(file.advise(mapping, 4096 + 5, 5, MappingAdvice.DONT_NEED)).isTrue();
        assertThat(mapping.get(ValueLayout.JAVA_BYTE, 4096 + 9)).isEqualTo((byte) 3);
    }
}
