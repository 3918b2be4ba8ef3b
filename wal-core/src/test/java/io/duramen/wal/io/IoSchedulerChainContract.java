package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes in many pieces, blocks without bytes, and chains that go on behind a failure.
abstract class IoSchedulerChainContract extends IoSchedulerStopContract {
    private static final int EBADF = 9;

    static byte[] array(MemorySegment bytes) {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    static MemorySegment randomBytes(Random random, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        random.nextBytes(bytes);
        return Arena.ofAuto().allocate(sizeBytes).copyFrom(MemorySegment.ofArray(bytes));
    }

    /// The bytes in so many pieces of random sizes, some of them empty.
    static List<MemorySegment> cut(Random random, MemorySegment bytes, int count) {
        long[] ends = random.longs(count - 1, 0, bytes.byteSize() + 1).sorted().toArray();
        List<MemorySegment> pieces = new ArrayList<>();
        long from = 0;
        for (long end : ends) {
            pieces.add(bytes.asSlice(from, end - from));
            from = end;
        }
        pieces.add(bytes.asSlice(from));
        return pieces;
    }

    private IoResult complete(IoOperation operation, boolean submitted) {
        IoChain chain = IoChain.of(operation);
        return submitted ? scheduler.submit(chain).await() : scheduler.execute(chain);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100, 1024, 1025, 5000})
    void pieces_are_written_and_read_one_behind_the_other(int count) {
        Random random = Seed.random("pieces_are_written_and_read " + count);
        for (boolean submitted : new boolean[] {true, false}) {
            int size = 3 * count + random.nextInt(10_000);
            long offset = random.nextInt(10_000);
            MemorySegment bytes = randomBytes(random, size);
            assertThat(complete(new Writev(file, cut(random, bytes, count), offset), submitted))
                    .isEqualTo(new IoResult.Done(size));
            MemorySegment whole = Arena.ofAuto().allocate(size);
            assertThat(complete(new Read(file, whole, offset), submitted))
                    .isEqualTo(new IoResult.Done(size));
            assertThat(array(whole)).isEqualTo(array(bytes));
            MemorySegment inPieces = Arena.ofAuto().allocate(size);
            assertThat(complete(new Readv(file, cut(random, inPieces, count), offset), submitted))
                    .isEqualTo(new IoResult.Done(size));
            assertThat(array(inPieces)).isEqualTo(array(bytes));
        }
    }

    @Test
    void a_chain_of_many_pieces_keeps_its_order() {
        Random random = Seed.random("a_chain_of_many_pieces_keeps_its_order");
        List<IoOperation> operations = new ArrayList<>();
        MemorySegment last = null;
        for (int i = 0; i < 12; i++) {
            last = randomBytes(random, 2_000);
            operations.add(new Writev(file, cut(random, last, 900 + i * 20), 0));
            operations.add(new Fdatasync(file));
        }
        MemorySegment into = Arena.ofAuto().allocate(2_000);
        operations.add(new Readv(file, cut(random, into, 1_300), 0));
        assertThat(scheduler.submit(new IoChain(operations)).await())
                .isEqualTo(new IoResult.Done(13 * 2_000));
        assertThat(array(into)).isEqualTo(array(last));
    }

    @Test
    void pieces_behind_the_end_of_the_file_stay_as_they_are() {
        scheduler.execute(IoChain.of(new Write(file, number(7), 0))).orThrow();
        for (boolean submitted : new boolean[] {true, false}) {
            List<MemorySegment> pieces = List.of(number(1), number(2), number(3));
            assertThat(complete(new Readv(file, pieces, 4), submitted))
                    .isEqualTo(new IoResult.Done(4));
            assertThat(pieces.get(2).get(ValueLayout.JAVA_LONG, 0)).isEqualTo(3);
            assertThat(complete(new Readv(file, pieces, 8), submitted))
                    .isEqualTo(new IoResult.Done(0));
        }
    }

    @Test
    void no_pieces_and_empty_ones_move_nothing() {
        MemorySegment empty = Arena.ofAuto().allocate(0);
        for (boolean submitted : new boolean[] {true, false}) {
            for (List<MemorySegment> pieces : List.of(
                    List.<MemorySegment> of(), List.of(empty, empty))) {
                assertThat(complete(new Writev(file, pieces, 100), submitted))
                        .isEqualTo(new IoResult.Done(0));
                assertThat(complete(new Readv(file, pieces, 0), submitted))
                        .isEqualTo(new IoResult.Done(0));
            }
        }
        assertThat(file.sizeBytes()).isZero();
    }

    @Test
    void one_piece_that_cannot_be_used_fails_the_operation_before_it_moves_anything() {
        MemorySegment released;
        try (Arena arena = Arena.ofShared()) {
            released = arena.allocate(8);
        }
        for (MemorySegment unusable : List.of(released, MemorySegment.ofArray(new byte[8]))) {
            IoChain chain = IoChain.of(new Fdatasync(file),
                    new Writev(file, List.of(number(1), unusable), 0), new Fdatasync(file));
            for (IoResult result : List.of(
                    scheduler.submit(chain).await(), scheduler.execute(chain))) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(1);
                    assertThat(failed.cause())
                            .hasMessageContaining("pwritev failed on " + file.path())
                            .hasCauseInstanceOf(RuntimeException.class);
                });
            }
        }
        assertThat(file.sizeBytes()).isZero();
    }

    @Test
    void a_durable_write_of_pieces_is_a_write_and_a_sync() {
        IoChain chain = IoChain.durableWritev(file, List.of(number(1), number(2)), 0);
        assertThat(scheduler.submit(chain).await()).isEqualTo(new IoResult.Done(16));
        assertThat(scheduler.statistics().syncs()).isEqualTo(1);
        assertThat(readNumber(8)).isEqualTo(2);
    }

    @Test
    void an_allocation_extends_the_file_and_keeps_its_bytes() {
        for (int i = 0; i < 2; i++) {
            long size = (i + 1) * 100_000L;
            IoChain chain = IoChain.of(new Write(file, number(i + 5), 0),
                    new Fallocate(file, 0, size), new Fsync(file));
            assertThat(i == 0 ? scheduler.submit(chain).await() : scheduler.execute(chain))
                    .isEqualTo(new IoResult.Done(8));
            assertThat(file.sizeBytes()).isEqualTo(size);
            assertThat(readNumber(0)).isEqualTo(i + 5);
            assertThat(readNumber(size - 8)).isZero();
        }
    }

    @Test
    void a_refused_allocation_fails_the_chain() {
        try (IoFile readOnly = disk.open(file.path(), Disk.Access.READ_ONLY)) {
            IoChain chain = IoChain.of(new Fallocate(readOnly, 0, 4096),
                    new Write(file, number(1), 0));
            for (IoResult result : List.of(
                    scheduler.submit(chain).await(), scheduler.execute(chain))) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isZero();
                    assertThat(failed.cause()).hasMessageContaining("fallocate failed on")
                            .hasMessageContaining("EBADF");
                });
            }
            assertThat(file.sizeBytes()).isZero();
        }
    }

    @Test
    void nothing_happens_behind_a_sync_that_failed() throws Exception {
        try (IoFile pipe = Pipes.open(disk, directory)) {
            for (IoOperation sync : List.of(new Fdatasync(pipe), new Fsync(pipe))) {
                IoChain chain = IoChain.of(new Write(file, number(1), 0), sync,
                        new Write(file, number(2), 8), new Fdatasync(file));
                for (IoResult result : List.of(
                        scheduler.submit(chain).await(), scheduler.execute(chain))) {
                    assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                        assertThat(failed.operationIndex()).isEqualTo(1);
                        assertThat(failed.failures()).hasSize(1);
                        assertThat(failed.cause()).hasMessageContaining("EINVAL");
                        assertThat(failed.transferredBytes()).isEqualTo(8);
                    });
                }
            }
            assertThat(file.sizeBytes()).isEqualTo(8);
            assertThat(scheduler.statistics().syncs()).isEqualTo(4);
        }
    }

    @Test
    void a_hard_linked_chain_goes_on_behind_a_sync_that_failed() throws Exception {
        try (IoFile pipe = Pipes.open(disk, directory)) {
            IoChain chain = IoChain.hardLinked(new Fsync(pipe), new Write(file, number(1), 0),
                    new Fdatasync(pipe), new Fdatasync(file), new Write(file, number(2), 8));
            for (IoResult result : List.of(
                    scheduler.submit(chain).await(), scheduler.execute(chain))) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class,
                        failed -> assertThat(failed.failures())
                                .extracting(IoResult.Failure::operationIndex)
                                .containsExactly(0, 2));
            }
            assertThat(readNumber(8)).isEqualTo(2);
        }
    }

    @Test
    void a_hard_linked_chain_goes_on_behind_failures_and_names_them() {
        try (IoFile readOnly = disk.open(file.path(), Disk.Access.READ_ONLY)) {
            MemorySegment into = Arena.ofAuto().allocate(16);
            IoChain chain = IoChain.hardLinked(new Write(readOnly, number(1), 0),
                    new Write(file, number(2), 0), new Fallocate(readOnly, 0, 4096),
                    new Fdatasync(file), new Writev(readOnly, List.of(number(3)), 0),
                    new Writev(file, List.of(number(4)), 8), new Read(file, into, 0),
                    new Write(readOnly, number(5), 0));
            for (IoResult result : List.of(
                    scheduler.submit(chain).await(), scheduler.execute(chain))) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.failures()).extracting(IoResult.Failure::operationIndex)
                            .containsExactly(0, 2, 4, 7);
                    assertThat(failed.failures()).allSatisfy(failure -> assertThat(
                            failure.cause()).isInstanceOfSatisfying(WalException.Io.class,
                                    io -> assertThat(io.errno()).isEqualTo(EBADF)));
                    assertThat(failed.transferredBytes()).isEqualTo(32);
                });
                assertThat(into.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(2);
                assertThat(into.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)).isEqualTo(4);
            }
            assertThat(scheduler.statistics().syncs()).isEqualTo(2);
        }
    }

    @Test
    void a_hard_linked_chain_goes_on_behind_a_closed_file() {
        IoFile closed = disk.create(directory.resolve("closed"));
        closed.close();
        IoChain chain = IoChain.hardLinked(new Fdatasync(closed), new Write(file, number(1), 0),
                new Write(closed, number(2), 0), new Fdatasync(closed),
                new Write(file, number(3), 8), new Fdatasync(file));
        for (IoResult result : List.of(
                scheduler.submit(chain).await(), scheduler.execute(chain))) {
            assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                assertThat(failed.failures()).extracting(IoResult.Failure::operationIndex)
                        .containsExactly(0, 2, 3);
                assertThat(failed.failures()).allSatisfy(failure -> assertThat(
                        failure.cause()).isInstanceOf(WalException.Closed.class));
                assertThat(failed.transferredBytes()).isEqualTo(16);
            });
        }
        assertThat(readNumber(8)).isEqualTo(3);
    }

    @Test
    void a_hard_linked_chain_without_failure_is_done_in_order() {
        for (long i = 1; i <= 100; i++) {
            MemorySegment into = Arena.ofAuto().allocate(100, 8);
            IoChain chain = IoChain.hardLinked(new Write(file, number(i), 0), new Fdatasync(file),
                    new Read(file, into, 0), new Write(file, number(-i), 0), new Fsync(file));
            assertThat(scheduler.submit(chain).await()).isEqualTo(new IoResult.Done(24));
            assertThat(into.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(i);
            assertThat(readNumber(0)).isEqualTo(-i);
        }
    }
}
