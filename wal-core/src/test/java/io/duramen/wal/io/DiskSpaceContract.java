package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoFile.Mapping;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every [Disk] does with the length and the blocks of files.
abstract class DiskSpaceContract extends DiskNamesContract {
    @Test
    void allocated_space_reads_as_zero_and_what_was_there_stays() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(5000, 7));
            file.allocate(0, 20_000);
            assertThat(file.sizeBytes()).isEqualTo(20_000);
            assertThat(read(file, 0, 5000)).isEqualTo(filled(5000, 7));
            assertThat(read(file, 5000, 20_000)).isEqualTo(new byte[15_000]);
            file.allocate(0, 10);
            assertThat(file.sizeBytes()).isEqualTo(20_000);
        }
    }

    @Test
    void reserved_space_leaves_length_and_bytes_alone() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(5000, 7));
            try {
                file.reserve(4000, 20_000);
            } catch (WalException.Unsupported here) {
                abort(here.getMessage());
            } finally {
                assertThat(file.sizeBytes()).isEqualTo(5000);
                assertThat(read(file, 0, 5000)).isEqualTo(filled(5000, 7));
            }
        }
    }

    @Test
    void a_zeroed_range_reads_as_zero_and_nothing_else_changes() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(20_000, 7));
            file.zero(5000, 10_000);
            byte[] expected = filled(20_000, 7);
            Arrays.fill(expected, 5000, 15_000, (byte) 0);
            assertThat(read(file, 0, 20_000)).isEqualTo(expected);
            file.zero(19_000, 2_000);
            assertThat(file.sizeBytes()).isEqualTo(21_000);
            Arrays.fill(expected, 19_000, 20_000, (byte) 0);
            assertThat(read(file, 0, 30_000)).isEqualTo(Arrays.copyOf(expected, 21_000));
        }
    }

    @Test
    void resize_cuts_and_extends() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(100, 7));
            file.resize(10);
            file.resize(20);
            assertThat(read(file, 0, 100)).hasSize(20).startsWith(filled(10, 7))
                    .endsWith(new byte[10]);
            file.resize(0);
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void a_hole_covers_whole_blocks_inside_the_range_only() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(5 * 4096, 7));
            assertThat(file.punchHole(1, 4095)).isZero();
            assertThat(file.punchHole(4097, 8190)).isZero();
            assertThat(read(file, 0, 5 * 4096)).isEqualTo(filled(5 * 4096, 7));
            long givenBack = file.punchHole(4000, 3 * 4096);
            byte[] expected = filled(5 * 4096, 7);
            if (givenBack > 0) { // not every disk can
                Arrays.fill(expected, 4096, 3 * 4096, (byte) 0);
            }
            assertThat(givenBack).isIn(0L, 2 * 4096L);
            assertThat(read(file, 0, 6 * 4096)).isEqualTo(expected);
        }
    }

    @Test
    void no_byte_but_zeros_is_passed_over() {
        try (IoFile file = disk.create(path); Arena arena = Arena.ofShared()) {
            assertThat(file.dataFrom(0)).isZero();
            file.allocate(0, 1 << 20);
            assertThat(file.dataFrom(0)).isIn(0L, 1L << 20);
            assertThat(file.dataFrom(1 << 20)).isEqualTo(1 << 20);
            write(file, 300_001, filled(1, 7));
            assertThat(file.dataFrom(0)).isIn(0L, 299_008L);
            assertThat(file.dataFrom(300_001)).isEqualTo(300_001);
            assertThat(file.dataFrom(304_000)).isIn(304_000L, 1L << 20);
            file.map(Mapping.READ_WRITE, 0, 1 << 20, arena).set(ValueLayout.JAVA_BYTE, 600_000,
                    (byte) 7);
            assertThat(file.dataFrom(304_000)).isIn(304_000L, 598_016L);
            file.zero(300_001, 1);
            assertThat(file.dataFrom(0)).isLessThanOrEqualTo(598_016);
            file.punchHole(0, 500_000);
            assertThat(file.dataFrom(500_000)).isIn(500_000L, 598_016L);
        }
    }

    @Test
    void a_copy_is_the_same_bytes_at_the_other_place() {
        byte[] content = new byte[3 << 20];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 + (i >> 12));
        }
        try (IoFile source = disk.create(path);
                IoFile target = disk.create(directory.resolve("target"))) {
            write(source, 0, content);
            write(target, 0, filled(100, 9));
            CopyResult result = source.copyTo(1000, (2 << 20) + 1, target, 50);
            assertThat(result.copiedBytes()).isEqualTo((2 << 20) + 1);
            assertThat(target.sizeBytes()).isEqualTo(50 + (2 << 20) + 1);
            assertThat(read(target, 0, 50)).isEqualTo(filled(50, 9));
            assertThat(read(target, 50, 3 << 20))
                    .isEqualTo(Arrays.copyOfRange(content, 1000, 1000 + (2 << 20) + 1));
        }
    }

    @Test
    void a_copy_ends_where_the_source_does() {
        try (IoFile source = disk.create(path);
                IoFile target = disk.create(directory.resolve("target"))) {
            write(source, 0, filled(5000, 7));
            assertThat(source.copyTo(0, 0, target, 0).copiedBytes()).isZero();
            assertThat(source.copyTo(9000, 10, target, 0).copiedBytes()).isZero();
            assertThat(target.sizeBytes()).isZero();
            assertThat(source.copyTo(4000, 1 << 30, target, 0).copiedBytes()).isEqualTo(1000);
            assertThat(read(target, 0, 5000)).isEqualTo(filled(1000, 7));
        }
    }

    @Test
    void a_copy_goes_to_another_place_of_the_same_file_too() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(8192, 7));
            assertThat(file.copyTo(0, 8192, file, 8192).copiedBytes()).isEqualTo(8192);
            assertThat(read(file, 0, 20_000)).isEqualTo(filled(16_384, 7));
        }
    }

    @Test
    void a_copy_to_or_from_a_closed_file_fails() {
        try (IoFile open = disk.create(path)) {
            IoFile closed = disk.create(directory.resolve("closed"));
            closed.close();
            assertThatThrownBy(() -> open.copyTo(0, 10, closed, 0))
                    .isInstanceOf(WalException.Closed.class).hasMessageContaining("closed");
            assertThatThrownBy(() -> closed.copyTo(0, 10, open, 0))
                    .isInstanceOf(WalException.Closed.class);
        }
    }

    @Test
    void a_copy_to_a_file_that_cannot_be_written_fails() {
        disk.create(directory.resolve("target")).close();
        try (IoFile source = disk.create(path);
                IoFile target = disk.open(directory.resolve("target"), Access.READ_ONLY)) {
            write(source, 0, filled(10, 7));
            assertThatThrownBy(() -> source.copyTo(0, 10, target, 0))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("target");
        }
    }

    @ParameterizedTest
    @EnumSource
    void advice_on_reading_changes_no_byte(AccessAdvice advice) {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(10_000, 7));
            file.startWriteback(0, 10_000);
            file.advise(100, 8192, advice);
            file.advise(0, 0, advice);
            assertThat(read(file, 0, 20_000)).isEqualTo(filled(10_000, 7));
        }
    }
}
