package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.Disk.FileLock;
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
            AllocationByWriting.allocate(
                    ((DescriptorOwner) file).descriptor(), 50, (3 << 20) + 1);
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
        Process process = LockHolder.start(path);
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
        Process holder = LockHolder.start(path);
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
