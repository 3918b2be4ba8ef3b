package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a [Disk] and a scheduler do together past the page cache.
public abstract class DirectIoContract {
    private static final int ENOENT = 2;
    private static final int BLOCK = 4096;

    @TempDir
    Path directory;

    private Disk disk;
    private IoScheduler scheduler;
    private Path path;
    private final Arena arena = Arena.ofShared();

    protected abstract Disk newDisk();

    protected abstract IoScheduler newScheduler();

    @BeforeEach
    void open() {
        disk = newDisk();
        scheduler = newScheduler();
        path = directory.resolve("file");
        disk.create(path).close();
    }

    @AfterEach
    void close() {
        scheduler.close();
        arena.close();
    }

    protected final Path path() {
        return path;
    }

    private IoFile openDirect(WriteSync sync) {
        try {
            return disk.openDirect(path, sync);
        } catch (WalException.Unsupported here) {
            return abort(here.getMessage());
        }
    }

    private MemorySegment aligned(long sizeBytes, int value) {
        MemorySegment bytes = arena.allocate(sizeBytes, BLOCK);
        bytes.fill((byte) value);
        return bytes;
    }

    private byte[] bufferedContent(int sizeBytes) {
        try (IoFile buffered = disk.open(path, Access.READ_ONLY)) {
            MemorySegment into = arena.allocate(sizeBytes);
            long moved = scheduler.execute(IoChain.of(new Read(buffered, into, 0))).orThrow();
            return into.asSlice(0, moved).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_written_directly_is_read_through_the_page_cache(WriteSync sync) {
        try (IoFile file = openDirect(sync)) {
            scheduler.execute(IoChain.of(new Write(file, aligned(2 * BLOCK, 7), BLOCK),
                    new Fdatasync(file))).orThrow();
            assertThat(bufferedContent(3 * BLOCK)).startsWith(new byte[BLOCK])
                    .endsWith(aligned(2 * BLOCK, 7).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    @Test
    void what_is_written_through_the_page_cache_is_read_directly() {
        try (IoFile buffered = disk.open(path, Access.READ_WRITE);
                IoFile direct = openDirect(WriteSync.ON_REQUEST)) {
            scheduler.execute(IoChain.of(new Write(buffered, aligned(BLOCK, 5), 0))).orThrow();
            MemorySegment into = aligned(BLOCK, 0);
            scheduler.execute(IoChain.of(new Read(direct, into, 0))).orThrow();
            assertThat(into.mismatch(aligned(BLOCK, 5))).isEqualTo(-1);
        }
    }

    @Test
    void a_direct_read_ends_where_the_file_does() {
        try (IoFile buffered = disk.open(path, Access.READ_WRITE);
                IoFile direct = openDirect(WriteSync.ON_REQUEST)) {
            scheduler.execute(IoChain.of(new Write(buffered, aligned(BLOCK + 100, 5), 0)))
                    .orThrow();
            IoResult read = scheduler.submit(
                    IoChain.of(new Read(direct, aligned(4 * BLOCK, 0), 0))).await();
            assertThat(read).isEqualTo(new IoResult.Done(BLOCK + 100));
        }
    }

    @Test
    void a_transfer_that_is_not_aligned_is_refused_before_anything_moves() {
        try (IoFile file = openDirect(WriteSync.ON_REQUEST)) {
            DirectAlignment asked = file.directAlignment();
            MemorySegment bytes = aligned(4 * BLOCK, 7);
            assertRefused(file, bytes.asSlice(0, BLOCK), 1);
            assertRefused(file, bytes.asSlice(0, BLOCK), asked.offsetBytes() / 2);
            assertRefused(file, bytes.asSlice(0, BLOCK + 1), 0);
            if (asked.memoryBytes() > 1) {
                assertRefused(file, bytes.asSlice(asked.memoryBytes() / 2, BLOCK), 0);
            }
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void every_piece_has_to_be_aligned_for_itself() {
        try (IoFile file = openDirect(WriteSync.ON_REQUEST)) {
            MemorySegment bytes = aligned(4 * BLOCK, 7);
            List<MemorySegment> pieces = List.of(bytes.asSlice(0, BLOCK),
                    bytes.asSlice(BLOCK, 100), bytes.asSlice(BLOCK + 100, BLOCK - 100));
            for (IoOperation transfer : List.of(new Writev(file, pieces, 2 * BLOCK),
                    new Readv(file, pieces, 2 * BLOCK))) {
                assertRefused(transfer, "100 bytes at offset " + 3 * BLOCK);
            }
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void aligned_pieces_are_written_and_read_directly() {
        try (IoFile file = openDirect(WriteSync.ON_REQUEST)) {
            List<MemorySegment> pieces = List.of(aligned(BLOCK, 1), aligned(2 * BLOCK, 2));
            MemorySegment into = aligned(3 * BLOCK, 0);
            IoChain chain = IoChain.of(new Writev(file, pieces, 0), new Fdatasync(file),
                    new Readv(file, List.of(into.asSlice(0, 2 * BLOCK),
                            into.asSlice(2 * BLOCK, BLOCK)), 0));
            for (IoResult result : List.of(
                    scheduler.execute(chain), scheduler.submit(chain).await())) {
                assertThat(result).isEqualTo(new IoResult.Done(6 * BLOCK));
                assertThat(into.asSlice(0, BLOCK).mismatch(pieces.get(0))).isEqualTo(-1);
                assertThat(into.asSlice(BLOCK).mismatch(pieces.get(1))).isEqualTo(-1);
            }
        }
    }

    private void assertRefused(IoFile file, MemorySegment bytes, long offset) {
        String what = bytes.byteSize() + " bytes at offset " + offset;
        List<MemorySegment> pieces = List.of(bytes, aligned(BLOCK, 6));
        for (IoOperation transfer : List.of(new Write(file, bytes, offset),
                new Read(file, bytes, offset), new Writev(file, pieces, offset),
                new Readv(file, pieces, offset))) {
            assertRefused(transfer, what);
        }
    }

    private void assertRefused(IoOperation transfer, String what) {
        Fdatasync before = new Fdatasync(transfer.file());
        Fsync behind = new Fsync(transfer.file());
        for (IoChain chain : List.of(IoChain.of(before, transfer, behind),
                IoChain.hardLinked(before, transfer, behind))) {
            for (IoResult result : List.of(
                    scheduler.execute(chain), scheduler.submit(chain).await())) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(1);
                    assertThat(failed.failures()).hasSize(1);
                    assertThat(failed.transferredBytes()).isZero();
                    assertThat(failed.cause()).isInstanceOf(WalException.Misaligned.class)
                            .hasMessageContaining(path.toString()).hasMessageContaining(what);
                });
            }
        }
        assertThat(scheduler.statistics().operations()).doesNotContainKey(transfer.kind());
    }

    @Test
    void a_buffered_file_asks_for_no_alignment() {
        try (IoFile file = disk.open(path, Access.READ_WRITE)) {
            assertThat(file.directAlignment()).isEqualTo(DirectAlignment.NONE);
            file.requireAligned(aligned(BLOCK, 0).asSlice(1, 5), 3);
        }
    }

    @Test
    void opening_what_is_not_there_fails() {
        assertThatThrownBy(
                () -> disk.openDirect(directory.resolve("missing"), WriteSync.EACH_WRITE))
                        .isInstanceOfSatisfying(WalException.Io.class,
                                io -> assertThat(io.errno()).isEqualTo(ENOENT));
    }
}
