package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.RecordedLog;
import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.Disk.FileLock;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.DiskContract;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoFile.Mapping;
import io.duramen.wal.io.IoScheduler;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class JdkDiskTest extends DiskContract {
    @Override
    protected Disk newDisk() {
        return new JdkDisk();
    }

    @Override
    protected IoScheduler newScheduler() {
        return PosixScheduler.create(new PosixSchedulerSettings(1, 10));
    }

    @Test
    void what_is_missing_is_said_once_at_most() {
        try (RecordedLog log = RecordedLog.of(JdkDisk.class)) {
            newDisk(); // another was opened before
            newDisk();
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void a_full_disk_is_told_by_its_number() throws Exception {
        try (SmallDisk small = SmallDisk.mount(directory, 1 << 20);
                IoFile file = disk.create(small.path().resolve("file"))) {
            assertFails(ENOSPC, file.path(), () -> file.allocate(0, 2 << 20));
        }
    }

    @Test
    void there_is_no_direct_io_and_no_buffered_instead() {
        disk.create(path).close();
        assertThatThrownBy(() -> disk.openDirect(path, WriteSync.ON_REQUEST))
                .isInstanceOf(WalException.Unsupported.class)
                .hasMessageContaining(path.toString());
        Path missing = directory.resolve("missing");
        assertFails(ENOENT, missing, () -> disk.openDirect(missing, WriteSync.ON_REQUEST));
    }

    @Test
    void an_interrupt_neither_ends_a_call_nor_closes_a_file() {
        try (Arena arena = Arena.ofShared(); IoFile file = disk.create(path)) {
            Thread.currentThread().interrupt();
            write(file, 0, filled(100, 7));
            file.allocate(0, 8192);
            MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 8192, arena);
            file.resize(4096);
            disk.syncDirectory(directory);
            disk.tryLock(path).orElseThrow().close();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read(file, 0, 100)).isEqualTo(filled(100, 7));
            assertThat(mapping.get(ValueLayout.JAVA_BYTE, 99)).isEqualTo((byte) 7);
            assertThat(file.map(Mapping.READ_ONLY, 0, 100, arena).byteSize()).isEqualTo(100);
        }
    }

    @Test
    void a_mapping_may_belong_to_one_thread_and_ends_where_the_file_does() throws IOException {
        try (IoFile file = disk.create(path)) {
            file.allocate(0, 4096);
            try (Arena confined = Arena.ofConfined()) {
                MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 4096, confined);
                mapping.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
                assertThat(Files.readString(Path.of("/proc/self/maps"))).contains(path.toString());
            }
            assertThat(Files.readString(Path.of("/proc/self/maps")))
                    .doesNotContain(path.toString());
            assertThatThrownBy(() -> file.map(Mapping.READ_WRITE, 0, 8192, Arena.ofAuto()))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("mmap failed on");
            assertThat(file.sizeBytes()).isEqualTo(4096);
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
    void a_renamed_file_is_mapped_and_read_all_the_same() {
        try (Arena arena = Arena.ofShared(); IoFile file = disk.create(path)) {
            write(file, 0, filled(4096, 7));
            disk.rename(path, directory.resolve("renamed"));
            disk.create(path).close();
            assertThat(file.map(Mapping.READ_ONLY, 0, 4096, arena).get(ValueLayout.JAVA_BYTE, 9))
                    .isEqualTo((byte) 7);
            assertThat(read(file, 0, 10)).isEqualTo(filled(10, 7));
        }
    }

    @Test
    void a_read_only_file_is_neither_written_nor_mapped_for_writing() {
        disk.create(path).close();
        try (IoFile file = disk.open(path, Access.READ_ONLY)) {
            assertThatThrownBy(() -> write(file, 0, (byte) 1)).isInstanceOf(WalException.Io.class)
                    .hasMessageContaining("EBADF");
            assertThatThrownBy(() -> file.resize(1)).isInstanceOf(WalException.Io.class);
            assertThatThrownBy(() -> file.map(Mapping.READ_WRITE, 0, 0, Arena.ofAuto()))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("EACCES");
        }
    }

    @Test
    void another_process_is_refused_while_the_lock_is_held_and_gets_it_afterwards()
            throws Exception {
        disk.create(path).close();
        try (FileLock _ = disk.tryLock(path).orElseThrow()) {
            assertThat(disk.isLocked(path)).isTrue(); // and asking does not give it up
            assertThat(answerOfAnotherProcess()).isEqualTo("refused");
        }
        assertThat(answerOfAnotherProcess()).isEqualTo("locked");
        assertThat(disk.isLocked(path)).isFalse();
    }

    private String answerOfAnotherProcess() throws Exception {
        Process process = LockHolder.start(path, "jdk");
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
        Process holder = LockHolder.start(path, "jdk");
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
    void the_file_a_lock_is_on_is_not_listed() {
        disk.create(path).close();
        disk.tryLock(path).orElseThrow().close();
        assertThat(disk.list(directory)).containsExactly("file");
    }

    @Test
    void descriptors_are_given_back() throws IOException {
        IoFile file = disk.create(path);
        disk.tryLock(path).orElseThrow().close();
        disk.isLocked(path);
        disk.syncDirectory(directory);
        file.close();
        assertThat(OpenFiles.paths()).noneMatch(open -> open.startsWith(directory));
    }
}
