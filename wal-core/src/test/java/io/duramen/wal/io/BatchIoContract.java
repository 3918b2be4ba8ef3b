package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.BatchIo.Region;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoOperation.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /// As [#pieces(int, int)], with gaps between them.
    private static List<Region> apart(int count, int value) {
        return pieces(count, value).stream()
                .map(piece -> new Region(piece.bytes(), 2 * piece.offset())).toList();
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
        assertThat(scheduler.statistics().chains().submitted()).isZero();
    }

    @Test
    void two_batches_in_a_row_larger_than_the_limit_are_both_read_back() {
        for (int value : new int[] {1, 50}) {
            List<Region> written = apart(100, value);
            assertThat(batches.pwriteBatch(file, written))
                    .isEqualTo(new BatchResult.Done(100 * PIECE));
            batches.fdatasync(file);
            assertReadsBack(written, apart(100, 0));
        }
        assertThat(file.sizeBytes()).isEqualTo(199 * PIECE);
        assertThat(scheduler.statistics().operations(Kind.WRITE).count()).isEqualTo(200);
        assertThat(scheduler.statistics().operations(Kind.READ).count()).isEqualTo(200);
    }

    private void assertReadsBack(List<Region> written, List<Region> room) {
        assertThat(batches.preadBatch(file, room))
                .isEqualTo(new BatchResult.Done((long) written.size() * PIECE));
        for (int i = 0; i < written.size(); i++) {
            assertThat(array(room.get(i))).isEqualTo(array(written.get(i)));
        }
    }

    @Test
    void regions_that_follow_each_other_are_one_operation() {
        for (int value : new int[] {1, 50}) {
            List<Region> written = pieces(1_500, value);
            assertThat(batches.pwriteBatch(file, written))
                    .isEqualTo(new BatchResult.Done(1_500 * PIECE));
            assertReadsBack(written, pieces(1_500, 0));
        }
        IoStatistics statistics = scheduler.statistics();
        assertThat(statistics.operations(Kind.WRITEV))
                .isEqualTo(new IoStatistics.Operations(2, 2 * 1_500 * PIECE));
        assertThat(statistics.operations(Kind.READV).count()).isEqualTo(2);
        assertThat(statistics.operationCount()).isEqualTo(4);
    }

    @Test
    void a_run_of_regions_ends_at_a_gap_and_before_it_grows_too_large() {
        MemorySegment large = Arena.ofAuto().allocate(3L << 20).fill((byte) 9);
        List<Region> regions = List.of(
                new Region(large.asSlice(0, 600 << 10), 0),
                new Region(large.asSlice(600 << 10, 600 << 10), 600 << 10),
                new Region(large.asSlice(1_200 << 10, 100), 1_200 << 10),
                new Region(large.asSlice(1_300 << 10, 100), 1_300 << 10),
                new Region(large.asSlice(0, 0), (1_300 << 10) + 100));
        long bytes = (1_200 << 10) + 200;
        assertThat(batches.pwriteBatch(file, regions)).isEqualTo(new BatchResult.Done(bytes));
        IoStatistics statistics = scheduler.statistics();
        assertThat(statistics.operations(Kind.WRITE).count()).isEqualTo(1);
        assertThat(statistics.operations(Kind.WRITEV).count()).isEqualTo(2);
        assertThat(statistics.bytesWritten()).isEqualTo(bytes);
    }

    @Test
    void a_region_that_cannot_be_written_leaves_those_before_it_complete() {
        List<Region> regions = new ArrayList<>(pieces(40, 1));
        regions.set(20, new Region(MemorySegment.ofArray(new byte[PIECE]), 20 * PIECE));
        assertThat(batches.pwriteBatch(file, regions))
                .isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(20);
                    assertThat(failed.complete()).isEqualTo(indexes(0, 20));
                    assertThat(failed.transferredBytes()).isEqualTo(20 * PIECE);
                    assertThat(failed.cause()).hasMessageContaining("on the heap");
                });
        assertThat(file.sizeBytes()).isEqualTo(20 * PIECE);
    }

    @Test
    void what_happened_beside_a_failure_is_told() {
        List<Region> regions = new ArrayList<>(apart(10, 1));
        regions.set(3, new Region(MemorySegment.ofArray(new byte[PIECE]), 6 * PIECE));
        BitSet others = indexes(0, 10);
        others.clear(3);
        assertThat(batches.pwriteBatch(file, regions))
                .isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(3);
                    assertThat(failed.complete()).isEqualTo(others);
                    assertThat(failed.transferredBytes()).isEqualTo(9 * PIECE);
                });
        assertThat(file.sizeBytes()).isEqualTo(19 * PIECE);
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
        assertThat(scheduler.statistics().operations(Kind.FDATASYNC).count()).isEqualTo(2);
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
            BatchResult result = batches.pwriteBatch(readOnly, apart(100, 1));
            assertThat(result).isInstanceOfSatisfying(BatchResult.Failed.class, failed -> {
                assertThat(failed.operationIndex()).isZero();
                assertThat(failed.complete().isEmpty()).isTrue();
                assertThat(failed.transferredBytes()).isZero();
            });
            assertThatThrownBy(result::orThrow).hasMessageContaining("EBADF");
        }
        assertThat(scheduler.statistics().chains().submitted()).isEqualTo(16);
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
            assertThat(over.pwriteBatch(file, apart(1000, 1)).orThrow()).isEqualTo(1000 * PIECE);
        }
        assertThat(file.sizeBytes()).isEqualTo(1999 * PIECE);
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
