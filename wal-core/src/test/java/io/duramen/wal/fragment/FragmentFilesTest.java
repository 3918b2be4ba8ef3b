package io.duramen.wal.fragment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.format.BitFlips;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.FileStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FragmentFilesTest {
    private static final int SIZE = FragmentWorkbench.FRAGMENT_BYTES;
    private static final int EEXIST = 17;
    private static final int ENOSPC = 28;

    @TempDir
    Path directory;
    private FragmentWorkbench bench;
    private FragmentFiles files;

    @BeforeEach
    void open() {
        bench = new FragmentWorkbench(directory);
        files = bench.files();
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static long allocatedBytes(IoFile file) {
        return FileStatus.of(((DescriptorOwner) file).descriptor()).allocatedBytes();
    }

    private void write(IoFile file, long offset, MemorySegment bytes) {
        bench.io().execute(IoChain.of(new IoOperation.Write(file, bytes, offset))).orThrow();
    }

    /// Stores a header that is whole but says what no writer says.
    private void storeHeader(FragmentOnDisk written, long fileSizeBytes, int blockBytes) {
        FragmentHeader good = written.header();
        MemorySegment page = Arena.ofAuto().allocate(FragmentHeader.BYTES, 8);
        new FragmentHeader(good.logIdHash(), good.generation(), good.firstId(), fileSizeBytes,
                blockBytes, 1, 1, good.predecessorLastId(), 0).writeTo(page);
        write(written.file(), 0, page);
    }

    @Test
    void a_prepared_file_has_all_its_blocks_and_reads_as_zero() {
        FragmentFiles.Standby standby = files.prepare(3, 1 << 20);
        assertThat(standby.path()).isEqualTo(directory.resolve("standby_3"));
        assertThat(standby.sizeBytes()).isEqualTo(1 << 20);
        try (IoFile file = bench.disk().open(standby.path(), Disk.Access.READ_WRITE)) {
            assertThat(file.sizeBytes()).isEqualTo(1 << 20);
            assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
            assertThatThrownBy(() -> bench.ends(file))
                    .isInstanceOf(WalException.Corrupt.class);
        }
    }

    @Test
    void preparing_more_than_the_disk_has_fails_and_leaves_nothing() {
        WalException.Io failure = catchThrowableOfType(WalException.Io.class,
                () -> files.prepare(0, 1L << 60));
        assertThat(failure.errno()).isEqualTo(ENOSPC);
        assertThat(bench.names()).isEmpty();
    }

    @Test
    void preparing_under_a_name_that_is_taken_leaves_the_file_alone() {
        FragmentFiles.Standby first = files.prepare(0, SIZE);
        WalException.Io refusal = catchThrowableOfType(WalException.Io.class,
                () -> files.prepare(0, SIZE));
        assertThat(refusal.errno()).isEqualTo(EEXIST);
        assertThat(bench.names()).containsExactly("standby_0");
        files.discard(first);
        assertThat(bench.names()).isEmpty();
    }

    @Test
    void an_activated_fragment_has_its_name_its_header_and_no_footer() {
        FragmentHeader header = FragmentWorkbench.header(131072, SIZE);
        try (IoFile file = files.activate(files.prepare(0, SIZE), header)) {
            assertThat(bench.names()).containsExactly("fragment_00000000000000131072");
            assertThat(file.path()).isEqualTo(files.path(header));
            assertThat(file.sizeBytes()).isEqualTo(SIZE);
            assertThat(bench.ends(file)).isEqualTo(new FragmentEnds(header, Optional.empty()));
        }
    }

    @Test
    void activating_onto_a_name_that_is_taken_is_refused_and_changes_nothing() {
        FragmentOnDisk written = bench.fragment(7);
        written.group(6, 1, new byte[] {1, 2, 3});
        MemorySegment before = written.content();
        FragmentFiles.Standby standby = files.prepare(99, SIZE);
        FragmentHeader same = FragmentWorkbench.header(4711, 7, SIZE);
        WalException.Io refusal = catchThrowableOfType(WalException.Io.class,
                () -> files.activate(standby, same));
        assertThat(refusal.errno()).isEqualTo(EEXIST);
        assertThat(bench.names()).containsExactly("fragment_00000000000000000007", "standby_99");
        assertThat(written.content().mismatch(before)).isEqualTo(-1);
        assertThat(bench.ends(written.file()).header()).isEqualTo(written.header());
    }

    @Test
    void a_file_that_ends_inside_its_header_is_damaged() {
        FragmentOnDisk written = bench.fragment(0);
        for (long size : new long[] {0, 1, 4095}) {
            written.file().resize(size);
            WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class,
                    () -> bench.ends(written.file()));
            assertThat(damage.file()).isEqualTo(written.path());
            assertThat(damage.offset()).isEqualTo(size);
        }
    }

    @Test
    void a_file_of_another_size_than_its_header_says_is_damaged() {
        FragmentOnDisk written = bench.fragment(0);
        for (long size : new long[] {4096, SIZE - 1, SIZE + 1}) {
            written.file().resize(size);
            assertThatThrownBy(() -> bench.ends(written.file()))
                    .isInstanceOf(WalException.Corrupt.class)
                    .hasMessageContaining(String.valueOf(SIZE));
        }
    }

    @Test
    void a_header_that_names_a_size_no_fragment_has_is_damaged() {
        FragmentOnDisk written = bench.fragment(0);
        for (long size : new long[] {4096, 8192, SIZE + 8}) {
            storeHeader(written, size, 4096);
            written.file().resize(size);
            WalException.Corrupt damage = catchThrowableOfType(WalException.Corrupt.class,
                    () -> bench.ends(written.file()));
            assertThat(damage.offset()).isEqualTo(40);
        }
    }

    @Test
    void a_sealed_fragment_has_the_footer_and_the_index_it_was_sealed_with() {
        FragmentOnDisk written = bench.fragment(5);
        written.group(4, 1, new byte[1], new byte[2], new byte[3]);
        FragmentFooter footer = written.seal();
        assertThat(bench.ends(written.file()).footer()).contains(footer);
        MemorySegment content = written.content();
        for (long number = 0; number < 3; number++) {
            long word = written.geometry().indexStart(number + 1);
            assertThat(EntryIndex.readOffset(content, word))
                    .isEqualTo(written.offsetOf(5 + number));
        }
        assertThat(written.fragment().indexHolds(footer, content)).isTrue();
        BitFlips.flip(content, (written.geometry().indexStart(3) + 5) * 8);
        assertThat(written.fragment().indexHolds(footer, content)).isFalse();
    }

    @Test
    void a_fragment_without_entries_can_be_sealed() {
        FragmentOnDisk written = bench.fragment(5);
        FragmentFooter footer = written.seal();
        assertThat(bench.ends(written.file()).footer()).contains(footer);
        assertThat(footer.entryCount()).isZero();
        assertThat(footer.lastId()).isEqualTo(4);
        assertThat(written.fragment().indexHolds(footer, written.content())).isTrue();
    }

    /// The index of 40,000 entries is written in three pieces.
    @Test
    void a_long_index_is_written_and_read_whole() {
        FragmentOnDisk written = bench.fragment(FragmentWorkbench.header(0, 1 << 20));
        byte[][] group = new byte[4000][0];
        for (int i = 0; i < 10; i++) {
            written.group(-1, i + 1, group);
        }
        FragmentFooter footer = written.seal();
        MemorySegment content = written.content();
        assertThat(footer.entryCount()).isEqualTo(40_000);
        assertThat(written.fragment().indexHolds(footer, content)).isTrue();
        for (int number = 0; number < 40_000; number++) {
            assertThat(EntryIndex.readOffset(content, written.geometry().indexStart(number + 1)))
                    .isEqualTo(written.offsetOf(number));
        }
    }

    @Test
    void a_damaged_footer_is_none() {
        FragmentOnDisk written = bench.fragment(5);
        written.group(4, 1, new byte[1]);
        written.seal();
        written.flipBit(written.geometry().footerStart() + 100, 3);
        assertThat(bench.ends(written.file()).footer()).isEmpty();
    }

    @Test
    void sealing_gives_the_unused_blocks_back_and_the_content_still_reads() {
        FragmentOnDisk written = bench.fragment(FragmentWorkbench.header(0, 1 << 20));
        written.group(-1, 1, new byte[] {1, 2, 3}, new byte[5000]);
        assumeTrue(canPunchHoles(), "this file system cannot punch holes");
        long before = allocatedBytes(written.file());
        FragmentFooter footer = written.seal();
        assertThat(before).isGreaterThanOrEqualTo(1 << 20);
        assertThat(allocatedBytes(written.file())).isLessThanOrEqualTo(64 << 10);
        assertThat(written.file().sizeBytes()).isEqualTo(1 << 20);
        assertThat(bench.ends(written.file()))
                .isEqualTo(new FragmentEnds(written.header(), Optional.of(footer)));
        assertThat(written.scan().nextId()).isEqualTo(2);
        assertThat(written.fragment().indexHolds(footer, written.content())).isTrue();
    }

    private boolean canPunchHoles() {
        FragmentFiles.Standby probe = files.prepare(1000, SIZE);
        try (IoFile file = bench.disk().open(probe.path(), Disk.Access.READ_WRITE)) {
            return file.punchHole(0, FragmentGeometry.BLOCK_BYTES) > 0;
        } finally {
            files.discard(probe);
        }
    }
}
