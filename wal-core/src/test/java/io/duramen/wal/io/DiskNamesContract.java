package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every [Disk] does with names and directories.
@SuppressWarnings("exports") // the tests are no module of their own
public abstract class DiskNamesContract {
    protected static final int ENOENT = 2;
    protected static final int EEXIST = 17;
    protected static final int ENOTDIR = 20;
    protected static final int ENOSPC = 28;

    @TempDir
    protected Path directory;

    protected Disk disk;
    protected IoScheduler scheduler;
    protected Path path;

    protected abstract Disk newDisk();

    protected abstract IoScheduler newScheduler();

    @BeforeEach
    void open() {
        disk = newDisk();
        scheduler = newScheduler();
        path = directory.resolve("file");
    }

    @AfterEach
    void close() {
        scheduler.close();
    }

    protected void write(IoFile file, long offset, byte... bytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment from = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            scheduler.execute(IoChain.of(new Write(file, from, offset))).orThrow();
        }
    }

    protected byte[] read(IoFile file, long offset, int sizeBytes) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment into = arena.allocate(sizeBytes);
            long moved = scheduler.execute(IoChain.of(new Read(file, into, offset))).orThrow();
            return into.asSlice(0, moved).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    protected static byte[] filled(int sizeBytes, int value) {
        byte[] bytes = new byte[sizeBytes];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    protected static void assertFails(int errno, Path named, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(WalException.Io.class,
                        io -> assertThat(io.errno()).isEqualTo(errno))
                .hasMessageContaining(named.toString());
    }

    @Test
    void a_created_file_is_empty_and_can_be_opened_again() {
        try (IoFile created = disk.create(path)) {
            assertThat(created.sizeBytes()).isZero();
            write(created, 0, (byte) 1);
        }
        try (IoFile opened = disk.open(path, Access.READ_ONLY)) {
            assertThat(opened.path()).isEqualTo(path);
            assertThat(read(opened, 0, 10)).containsExactly(1);
        }
    }

    @Test
    void creating_a_name_that_is_taken_fails_and_leaves_the_file() {
        try (IoFile created = disk.create(path)) {
            write(created, 0, (byte) 1);
            assertFails(EEXIST, path, () -> disk.create(path));
            assertThat(created.sizeBytes()).isEqualTo(1);
        }
    }

    @Test
    void opening_what_is_not_there_fails() {
        assertFails(ENOENT, path, () -> disk.open(path, Access.READ_WRITE));
        assertThat(disk.exists(path)).isFalse();
    }

    @Test
    void a_directory_is_created_once_and_again() {
        Path created = directory.resolve("log");
        disk.createDirectory(created);
        disk.createDirectory(created);
        assertThat(disk.exists(created)).isTrue();
        assertThat(disk.list(created)).isEmpty();
    }

    @Test
    void a_directory_is_not_created_where_a_file_is_or_its_parent_is_not() {
        disk.create(path).close();
        assertFails(EEXIST, path, () -> disk.createDirectory(path));
        Path orphan = directory.resolve("no").resolve("parent");
        assertFails(ENOENT, orphan, () -> disk.createDirectory(orphan));
    }

    @Test
    void list_names_files_and_directories() {
        disk.create(path).close();
        disk.createDirectory(directory.resolve("log"));
        assertThat(disk.list(directory)).containsExactlyInAnyOrder("file", "log");
    }

    @Test
    void listing_what_is_no_directory_fails() {
        disk.create(path).close();
        assertFails(ENOTDIR, path, () -> disk.list(path));
        assertFails(ENOENT, directory.resolve("no"), () -> disk.list(directory.resolve("no")));
    }

    @Test
    void rename_moves_to_a_free_name() {
        Path to = directory.resolve("to");
        try (IoFile file = disk.create(path)) {
            disk.rename(path, to);
            write(file, 0, (byte) 3);
            assertThat(file.path()).isEqualTo(path);
        }
        assertThat(disk.list(directory)).containsExactly("to");
        try (IoFile moved = disk.open(to, Access.READ_ONLY)) {
            assertThat(read(moved, 0, 1)).containsExactly(3);
        }
    }

    @Test
    void rename_never_replaces() {
        Path to = directory.resolve("to");
        disk.create(path).close();
        try (IoFile there = disk.create(to)) {
            write(there, 0, (byte) 9);
            assertFails(EEXIST, path, () -> disk.rename(path, to));
            assertFails(EEXIST, to, () -> disk.rename(path, to));
            assertThat(read(there, 0, 1)).containsExactly(9);
        }
        assertThat(disk.list(directory)).containsExactlyInAnyOrder("file", "to");
        assertFails(ENOENT, directory.resolve("no"),
                () -> disk.rename(directory.resolve("no"), directory.resolve("free")));
    }

    @Test
    void delete_removes_the_name_and_leaves_open_files_usable() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, (byte) 4);
            disk.delete(path);
            assertThat(disk.exists(path)).isFalse();
            assertThat(read(file, 0, 1)).containsExactly(4);
        }
        assertFails(ENOENT, path, () -> disk.delete(path));
    }

    @Test
    void syncing_what_is_no_directory_fails() {
        disk.syncDirectory(directory);
        disk.create(path).close();
        assertFails(ENOTDIR, path, () -> disk.syncDirectory(path));
        Path missing = directory.resolve("no");
        assertFails(ENOENT, missing, () -> disk.syncDirectory(missing));
    }

    @Test
    void usable_bytes_are_known() {
        assertThat(disk.usableBytes(directory)).isPositive();
        Path missing = directory.resolve("no");
        assertFails(ENOENT, missing, () -> disk.usableBytes(missing));
    }
}
