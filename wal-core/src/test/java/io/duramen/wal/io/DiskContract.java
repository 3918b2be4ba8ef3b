package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.Disk.FileLock;
import io.duramen.wal.io.IoFile.Mapping;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every [Disk] does with mappings, closed files and locks. A driver's test extends this.
public abstract class DiskContract extends DiskSpaceContract {
    @Test
    void a_mapping_sees_what_is_written_and_outlives_the_file() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment mapping;
            try (IoFile file = disk.create(path)) {
                file.allocate(0, 8192);
                mapping = file.map(Mapping.READ_ONLY, 4096, 4096, arena);
                write(file, 4096 + 10, (byte) 5);
                assertThat(mapping.get(ValueLayout.JAVA_BYTE, 10)).isEqualTo((byte) 5);
            }
            assertThat(mapping.isReadOnly()).isTrue();
            assertThat(mapping.byteSize()).isEqualTo(4096);
            assertThat(mapping.get(ValueLayout.JAVA_BYTE, 10)).isEqualTo((byte) 5);
        }
    }

    @Test
    void what_is_stored_in_a_writable_mapping_is_read_from_the_file() {
        try (Arena arena = Arena.ofShared(); IoFile file = disk.create(path)) {
            file.allocate(0, 4096);
            MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 4096, arena);
            mapping.set(ValueLayout.JAVA_BYTE, 99, (byte) 6);
            assertThat(read(file, 99, 1)).containsExactly(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void advice_changes_no_byte(MappingAdvice advice) {
        try (Arena arena = Arena.ofShared(); IoFile file = disk.create(path)) {
            write(file, 0, filled(3 * 4096, 7));
            MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 3 * 4096, arena);
            mapping.set(ValueLayout.JAVA_BYTE, 5000, (byte) 8);
            file.advise(mapping, 100, 2 * 4096, advice);
            assertThat(mapping.get(ValueLayout.JAVA_BYTE, 5000)).isEqualTo((byte) 8);
            assertThat(read(file, 0, 5000)).isEqualTo(filled(5000, 7));
            assertThat(read(file, 5000, 1)).containsExactly(8);
        }
    }

    @Test
    void advice_beyond_a_mapping_is_refused() {
        try (Arena arena = Arena.ofShared(); IoFile file = disk.create(path)) {
            file.allocate(0, 8192);
            MemorySegment mapping = file.map(Mapping.READ_ONLY, 0, 4096, arena);
            assertThatThrownBy(() -> file.advise(mapping, 4096, 1, MappingAdvice.DONT_NEED))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void a_closed_file_refuses_every_call() {
        IoFile file = disk.create(path);
        file.close();
        file.close();
        for (ThrowingCallable call : new ThrowingCallable[] {file::sizeBytes,
            () -> file.allocate(0, 1), () -> file.resize(1), () -> file.punchHole(0, 8192),
            () -> file.punchHole(0, 1), () -> file.reserve(0, 1), () -> file.zero(0, 1),
            () -> file.advise(0, 1, AccessAdvice.RANDOM), () -> file.startWriteback(0, 1),
            file::share, file::mayBeShared, () -> file.dataFrom(0),
            () -> file.map(Mapping.READ_ONLY, 0, 1, Arena.ofAuto())}) {
            assertThatThrownBy(call).isInstanceOf(WalException.Closed.class)
                    .hasMessageContaining(path.toString());
        }
    }

    @Test
    void a_lock_has_one_holder_and_ends_when_closed() {
        disk.create(path).close();
        assertThat(disk.isLocked(path)).isFalse();
        FileLock lock = disk.tryLock(path).orElseThrow();
        assertThat(disk.tryLock(path)).isEmpty();
        assertThat(disk.isLocked(path)).isTrue();
        assertThat(disk.tryLock(path)).isEmpty();
        lock.close();
        lock.close();
        assertThat(disk.isLocked(path)).isFalse();
        disk.tryLock(path).orElseThrow().close();
    }

    @Test
    void closing_another_opening_of_a_locked_file_keeps_the_lock() {
        disk.create(path).close();
        try (FileLock _ = disk.tryLock(path).orElseThrow()) {
            disk.open(path, Access.READ_WRITE).close();
            disk.open(path, Access.READ_ONLY).close();
            assertThat(disk.isLocked(path)).isTrue();
            assertThat(disk.tryLock(path)).isEmpty();
        }
    }

    @Test
    void asking_for_a_lock_takes_none() {
        disk.create(path).close();
        assertThat(disk.isLocked(path)).isFalse();
        try (FileLock _ = disk.tryLock(path).orElseThrow()) {
            assertThat(disk.isLocked(path)).isTrue();
        }
    }

    /// Whether a file that nobody shares is known for one.
    protected boolean knowsWhoShares() {
        return true;
    }

    @Test
    void a_file_is_shared_until_the_last_one_that_does_is_closed() {
        try (IoFile asks = disk.create(path)) {
            assertThat(asks.mayBeShared()).isEqualTo(!knowsWhoShares());
            IoFile first = disk.open(path, Access.READ_ONLY);
            IoFile second = disk.open(path, Access.READ_ONLY);
            first.share();
            second.share();
            second.share();
            assertThat(asks.mayBeShared()).isTrue();
            assertThat(first.mayBeShared()).as("by the second").isTrue();
            first.close();
            assertThat(asks.mayBeShared()).isTrue();
            second.close();
            assertThat(asks.mayBeShared()).isEqualTo(!knowsWhoShares());
        }
    }

    @Test
    void who_shares_a_file_does_so_under_every_name_it_gets() {
        disk.create(path).close();
        try (IoFile file = disk.open(path, Access.READ_ONLY)) {
            file.share();
            Path moved = directory.resolve("moved");
            disk.rename(path, moved);
            try (IoFile asks = disk.open(moved, Access.READ_WRITE)) {
                assertThat(asks.mayBeShared()).isTrue();
            }
        }
    }

    @Test
    void sharing_asks_no_more_than_reading_does_of_a_file() {
        disk.create(path).close();
        try (IoFile file = disk.open(path, Access.READ_ONLY)) {
            file.share();
            assertThat(file.mayBeShared()).as("its own share does not count")
                    .isEqualTo(!knowsWhoShares());
        }
    }

    @Test
    void locking_what_is_not_there_fails() {
        assertFails(ENOENT, path, () -> disk.tryLock(path));
        assertFails(ENOENT, path, () -> disk.isLocked(path));
    }
}
