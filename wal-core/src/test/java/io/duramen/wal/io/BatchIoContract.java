package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.BatchIo.Region;
import io.duramen.wal.io.Disk.Access;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [BatchIo] does over a driver. A driver's test extends this.
public abstract class BatchIoContract {
    private static final int PIECE = 512;

    @TempDir
    Path directory;

    private Disk disk;
    private IoScheduler scheduler;
    private BatchIo batches;
    private IoFile file;

    protected abstract Disk newDisk();

    /// A scheduler that refuses once this many chains wait.
    protected abstract IoScheduler newScheduler(int waitingChainsMax);

    @BeforeEach
    void open() {
        disk = newDisk();
        scheduler = newScheduler(1000);
        batches = new BatchIo(scheduler, 16);
        file = disk.create(directory.resolve("file"));
    }

    @AfterEach
    void close() {
        batches.close();
        scheduler.close();
        file.close();
    }

    private static List<Region> pieces(int count, int value) {
        MemorySegment all = Arena.ofAuto().allocate((long) count * PIECE);
        return IntStream.range(0, count).mapToObj(i -> new Region(
                all.asSlice((long) i * PIECE, PIECE).fill((byte) (value + i)),
                (long) i * PIECE)).toList();
    }

    private static byte[] array(Region region) {
        return region.bytes().toArray(ValueLayout.JAVA_BYTE);
    }

    private static BitSet indexes(int from, int to) {
        BitSet indexes = new BitSet();
        indexes.set(from, to);
        return indexes;
    }

    @Test
    void an_empty_batch_succeeds() {
        assertThat(batches.pwriteBatch(file, List.of())).isEqualTo(new BatchResult.Done(0));
        assertThat(batches.preadBatch(file, List.of())).isEqualTo(new BatchResult.Done(0));
        assertThat(scheduler.statistics().submitted()).isZero();
    }

    @Test
    void two_batches_in_a_row_larger_than_the_limit_are_both_read_back() {
        for (int value : new int[] {1, 50}) {
            List<Region> written = pieces(100, value);
            assertThat(batches.pwriteBatch(file, written))
                    .isEqualTo(new BatchResult.Done(100 * PIECE));
            batches.fdatasync(file);
            List<Region> read = pieces(100, 0);
            assertThat(batches.preadBatch(file, read))
                    .isEqualTo(new BatchResult.Done(100 * PIECE));
            for (int i = 0; i < 100; i++) {
                assertThat(array(read.get(i))).isEqualTo(array(written.get(i)));
            }
        }
        assertThat(file.sizeBytes()).isEqualTo(100 * PIECE);
    }

    @Test
    void two_linked_pairs_in_a_row_are_both_read_back() {
        for (int value : new int[] {1, 50}) {
            Region written = pieces(1, value).getFirst();
            assertThat(batches.linkedWriteFdatasync(file, written.bytes(), 0))
                    .isEqualTo(new IoResult.Done(PIECE));
            List<Region> read = pieces(1, 0);
            batches.preadBatch(file, read).orThrow();
            assertThat(array(read.getFirst())).isEqualTo(array(written));
        }
        assertThat(scheduler.statistics().syncs()).isEqualTo(2);
    }

    @Test
    void a_region_behind_the_end_of_the_file_fails_and_the_others_are_filled() {
        batches.pwriteBatch(file, pieces(10, 1)).orThrow();
        file.resize(9 * PIECE + 100);
        assertThat(batches.preadBatch(file, pieces(12, 0)))
                .isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(9);
                    assertThat(failed.complete()).isEqualTo(indexes(0, 9));
                    assertThat(failed.transferredBytes()).isEqualTo(9 * PIECE + 100);
                    assertThat(failed.cause())
                            .hasMessageContaining("the file ends after 100 of the 512 bytes");
                });
    }

    @Test
    void the_first_failure_wins_and_no_further_part_is_started() {
        try (IoFile readOnly = disk.open(file.path(), Access.READ_ONLY)) {
            BatchResult result = batches.pwriteBatch(readOnly, pieces(100, 1));
            assertThat(result).isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                assertThat(failed.operationIndex()).isZero();
                assertThat(failed.complete().isEmpty()).isTrue();
                assertThat(failed.transferredBytes()).isZero();
            });
            assertThatThrownBy(result::orThrow).hasMessageContaining("EBADF");
        }
        assertThat(scheduler.statistics().submitted()).isEqualTo(16);
        assertThat(file.sizeBytes()).isZero();
    }

    @Test
    void a_closed_file_fails_every_call() {
        file.close();
        assertThat(batches.pwriteBatch(file, pieces(2, 1)))
                .isInstanceOf(BatchResult.Failed.class);
        assertThatThrownBy(() -> batches.fdatasync(file)).isInstanceOf(WalException.Closed.class);
        assertThat(batches.linkedWriteFdatasync(file, pieces(1, 1).getFirst().bytes(), 0))
                .isInstanceOfSatisfying(IoResult.Failed.class,
                        failed -> assertThat(failed.operationIndex()).isZero());
    }

    @Test
    void a_scheduler_that_is_full_does_not_fail_a_batch() {
        try (IoScheduler full = newScheduler(1); BatchIo over = new BatchIo(full, 1000)) {
            assertThat(over.pwriteBatch(file, pieces(1000, 1)).orThrow()).isEqualTo(1000 * PIECE);
        }
        assertThat(file.sizeBytes()).isEqualTo(1000 * PIECE);
    }

    @Test
    void a_closed_scheduler_fails_a_batch() {
        scheduler.close();
        assertThat(batches.pwriteBatch(file, pieces(3, 1)))
                .isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                    assertThat(failed.cause()).isInstanceOf(WalException.Closed.class);
                    assertThat(failed.complete().isEmpty()).isTrue();
                });
    }

    @Test
    void after_close_it_refuses_and_the_scheduler_goes_on() {
        batches.close();
        batches.close();
        assertThatThrownBy(() -> batches.pwriteBatch(file, List.of()))
                .isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(() -> batches.fdatasync(file)).isInstanceOf(WalException.Closed.class);
        assertThat(scheduler.execute(IoChain.of(new IoOperation.Fdatasync(file))))
                .isEqualTo(new IoResult.Done(0));
    }

    @Test
    void a_limit_below_one_is_refused() {
        assertThatThrownBy(() -> new BatchIo(scheduler, 0)).hasMessageContaining("[0]");
    }
}
