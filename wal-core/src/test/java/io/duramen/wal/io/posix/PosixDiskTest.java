package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.Disk.FileLock;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.DiskContract;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoFile.Mapping;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.FileStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PosixDiskTest extends DiskContract {
    private static final long EIGHT_TIB = 8L << 40;

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler() {
        return PosixScheduler.create(new PosixSchedulerSettings(1, 10));
    }

    private static long allocatedBytes(IoFile file) {
        return FileStatus.of(((DescriptorOwner) file).descriptor()).allocatedBytes();
    }

    @Test
    void a_directory_moves_with_what_is_in_it_and_replaces_nothing() {
        for (Disk each : List.of(disk, new JdkDisk())) {
            Path from = directory.resolve("from");
            Path to = directory.resolve("to-" + each.getClass().getSimpleName());
            each.createDirectory(from);
            each.create(from.resolve("file")).close();
            each.rename(from, to);
            assertThat(each.exists(from)).isFalse();
            assertThat(each.list(to)).containsExactly("file");
            each.createDirectory(from);
            assertFails(EEXIST, from, () -> each.rename(from, to));
            assertThat(each.list(to)).containsExactly("file");
        }
    }

    @Test
    void allocation_gives_blocks_where_resizing_gives_none() {
        try (IoFile file = disk.create(path)) {
            file.resize(1 << 20);
            assertThat(allocatedBytes(file)).isZero();
            file.allocate(0, 1 << 20);
            assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
            file.punchHole(0, 1 << 20);
            assertThat(allocatedBytes(file)).isLessThan(1 << 16);
        }
    }

    @Test
    void a_hole_says_how_much_smaller_it_made_the_file() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(8 * 4096, 7));
            long before = allocatedBytes(file);
            assertThat(file.punchHole(4000, 3 * 4096)).isEqualTo(2 * 4096)
                    .isEqualTo(before - allocatedBytes(file));
            assertThat(file.sizeBytes()).isEqualTo(8 * 4096);
            assertThat(file.punchHole(4000, 3 * 4096)).isZero();
            assertThat(file.punchHole(0, 4 * 4096)).isEqualTo(2 * 4096);
        }
    }

    @Test
    void what_was_never_written_is_passed_over_where_the_file_system_tells() {
        String type = FileSystemFacts.of(path.getParent()).type();
        assumeTrue(Set.of("ext4", "xfs", "tmpfs").contains(type), type);
        try (IoFile file = disk.create(path)) {
            file.allocate(0, 1 << 20);
            assertThat(file.dataFrom(0)).isEqualTo(1 << 20);
            write(file, 300_001, filled(1, 7));
            assertThat(file.dataFrom(0)).isEqualTo(299_008);
            assertThat(file.dataFrom(304_000)).isEqualTo(1 << 20);
        }
    }

    @Test
    void space_is_reserved_behind_the_end() {
        try (IoFile file = disk.create(path)) {
            file.reserve(1 << 20, 1 << 20);
            assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(1 << 20);
            assertThat(file.sizeBytes()).isZero();
            assertFails(ENOSPC, path, () -> file.reserve(0, EIGHT_TIB));
        }
    }

    @Test
    void a_zeroed_range_keeps_its_blocks_also_where_it_is_done_by_writing() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(3 << 20, 7));
            long before = allocatedBytes(file);
            file.zero(0, 1 << 20);
            new SpaceByWriting(((DescriptorOwner) file).descriptor(), DirectAlignment.NONE)
                    .zero(1 << 20, (1 << 20) + 5);
            assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(before);
            assertThat(read(file, 0, (2 << 20) + 6)).startsWith(new byte[(2 << 20) + 5])
                    .endsWith(7);
        }
    }

    @Test
    void the_kernel_copies_within_a_file_system() {
        try (IoFile source = disk.create(path);
                IoFile target = disk.create(directory.resolve("target"))) {
            write(source, 0, filled(100_000, 7));
            CopyResult result = source.copyTo(0, 100_000, target, 0);
            assertThat(result).isEqualTo(new CopyResult(100_000, 0));
        }
    }

    @Test
    void a_copy_to_another_file_system_goes_through_the_process_and_says_so() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory) && !Files.getFileStore(memory).type()
                .equals(Files.getFileStore(directory).type()), "there is one file system only");
        Path there = Files.createTempDirectory(memory, "wal");
        try (IoFile source = disk.create(path); IoFile target = disk.create(there.resolve("it"))) {
            write(source, 0, filled(100_000, 7));
            CopyResult result = source.copyTo(10, 1 << 20, target, 5);
            assertThat(result).isEqualTo(new CopyResult(0, 100_000 - 10));
            assertThat(read(target, 0, 1 << 20)).startsWith(0, 0, 0, 0, 0, 7)
                    .hasSize(100_000 - 5).endsWith(filled(100_000 - 10, 7));
        } finally {
            Files.deleteIfExists(there.resolve("it"));
            Files.delete(there);
        }
    }

    @Test
    void what_the_kernel_takes_for_empty_is_copied_all_the_same() {
        try (IoFile source = disk.open(Path.of("/proc/self/maps"), Access.READ_ONLY);
                IoFile target = disk.create(path)) {
            CopyResult result = source.copyTo(0, 1000, target, 0);
            assertThat(result.processBytes()).isEqualTo(1000);
            assertThat(target.sizeBytes()).isEqualTo(1000);
        }
    }

    @Test
    void a_file_open_past_the_page_cache_is_not_copied() {
        disk.create(path).close();
        try (IoFile source = disk.openDirect(path, WriteSync.ON_REQUEST);
                IoFile target = disk.create(directory.resolve("target"))) {
            assertThatThrownBy(() -> source.copyTo(0, 1, target, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("page cache");
        } catch (WalException.Unsupported here) {
            assumeTrue(false, here.getMessage());
        }
    }

    @Test
    void writeback_and_advice_are_known_here() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(100, 7));
            assertThat(file.startWriteback(0, 100)).isTrue();
            assertThat(file.advise(0, 0, AccessAdvice.DONT_NEED)).isTrue();
        }
    }

    @Test
    void allocating_more_than_there_is_fails_and_takes_nothing() {
        assumeTrue(disk.usableBytes(directory) < EIGHT_TIB / 2, "the disk is too large for this");
        try (IoFile file = disk.create(path)) {
            assertFails(ENOSPC, path, () -> file.allocate(0, EIGHT_TIB));
            assertThatThrownBy(() -> file.allocate(0, EIGHT_TIB))
                    .hasMessageContaining("ENOSPC: No space left on device");
            assertThat(file.sizeBytes()).isZero();
            assertThat(allocatedBytes(file)).isZero();
        }
    }

    @Test
    void allocation_by_writing_gives_blocks_and_keeps_what_is_there() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, filled(100, 1));
            write(file, (2 << 20) - 10, filled(20, 2));
            new SpaceByWriting(((DescriptorOwner) file).descriptor(), DirectAlignment.NONE)
                    .allocate(50, (3 << 20) + 1);
            assertThat(file.sizeBytes()).isEqualTo(50 + (3 << 20) + 1);
            assertThat(allocatedBytes(file)).isGreaterThanOrEqualTo(3 << 20);
            assertThat(read(file, 0, 110)).startsWith(filled(100, 1)).endsWith(new byte[10]);
            assertThat(read(file, (2 << 20) - 11, 22)).startsWith(0).endsWith(0)
                    .contains(filled(20, 2));
        }
    }

    @Test
    void renaming_by_link_never_replaces_either() {
        Path to = directory.resolve("to");
        disk.create(path).close();
        assertThat(PosixDisk.linkThenUnlink(path, to)).isZero();
        assertThat(disk.list(directory)).containsExactly("to");
        disk.create(path).close();
        assertThat(PosixDisk.linkThenUnlink(path, to)).isEqualTo(-EEXIST);
        assertThat(disk.list(directory)).containsExactlyInAnyOrder("file", "to");
    }

    @Test
    void a_read_only_file_cannot_be_mapped_for_writing() {
        disk.create(path).close();
        try (IoFile file = disk.open(path, Access.READ_ONLY)) {
            assertThatThrownBy(() -> file.map(Mapping.READ_WRITE, 0, 4096, Arena.ofAuto()))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("EACCES");
        }
    }

    @Test
    void a_mapping_goes_when_its_arena_closes() throws IOException {
        try (IoFile file = disk.create(path)) {
            file.allocate(0, 4096);
            try (Arena arena = Arena.ofShared()) {
                MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 4096, arena);
                mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(path.toString());
            }
            assertThat(Files.readString(Path.of("/proc/self/maps")))
                    .doesNotContain(path.toString());
        }
    }

    @Test
    void a_mapping_for_a_closed_arena_is_undone() throws IOException {
        Arena closed = Arena.ofShared();
        closed.close();
        try (IoFile file = disk.create(path)) {
            file.allocate(0, 4096);
            assertThatThrownBy(() -> file.map(Mapping.READ_ONLY, 0, 4096, closed))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(Files.readString(Path.of("/proc/self/maps")))
                    .doesNotContain(path.toString());
        }
    }

    @Test
    void names_beyond_ascii_are_kept() {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")),
                "this locale has no such names");
        Path name = directory.resolve("z\u00e4hler");
        disk.create(name).close();
        assertThat(disk.list(directory)).containsExactly("z\u00e4hler");
        assertThat(Files.exists(name)).isTrue();
    }

    @Test
    void another_process_is_refused_while_the_lock_is_held_and_gets_it_afterwards()
            throws Exception {
        disk.create(path).close();
        try (FileLock _ = disk.tryLock(path).orElseThrow()) {
            assertThat(answerOfAnotherProcess()).isEqualTo("refused");
            assertThat(disk.isLocked(path)).isTrue();
        }
        assertThat(answerOfAnotherProcess()).isEqualTo("locked");
        assertThat(disk.isLocked(path)).isFalse();
    }

    private String answerOfAnotherProcess() throws Exception {
        Process process = LockHolder.start(path, "posix");
        try (BufferedReader output = process.inputReader()) {
            String answer = output.readLine();
            process.getOutputStream().close();
            assertThat(process.waitFor()).isZero();
            return answer;
        }
    }

    @Test
    void the_lock_of_another_process_ends_when_that_is_killed() throws Exception {
        disk.create(path).close();
        Process holder = LockHolder.start(path, "posix");
        try (BufferedReader output = holder.inputReader()) {
            assertThat(output.readLine()).isEqualTo("locked");
            assertThat(disk.isLocked(path)).isTrue();
            assertThat(disk.tryLock(path)).isEmpty();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(disk.isLocked(path)).isFalse();
        disk.tryLock(path).orElseThrow().close();
    }

    @Test
    void descriptors_are_given_back() throws IOException {
        disk.create(path).close();
        for (int i = 0; i < 10; i++) {
            disk.isLocked(path);
            disk.tryLock(path).orElseThrow().close();
            disk.syncDirectory(directory);
            disk.usableBytes(directory);
        }
        assertThat(OpenFiles.paths()).doesNotContain(path, directory);
        try (FileLock _ = disk.tryLock(path).orElseThrow()) {
            assertThat(disk.tryLock(path)).isEmpty();
            assertThat(OpenFiles.paths().stream().filter(List.of(path)::contains)).hasSize(1);
        }
    }
}
