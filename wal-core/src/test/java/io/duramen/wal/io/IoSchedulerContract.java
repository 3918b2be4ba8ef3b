package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.Seed;
import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Kind;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import io.duramen.wal.io.IoStatistics.Operations;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every [IoScheduler] does with bytes. A driver's test extends this.
public abstract class IoSchedulerContract extends IoSchedulerChainContract {
    private static final int EBADF = 9;

    private static MemorySegment offHeap(byte[] bytes) {
        return Arena.ofAuto().allocate(bytes.length).copyFrom(MemorySegment.ofArray(bytes));
    }

    private MemorySegment read(long offset, int sizeBytes) {
        MemorySegment into = Arena.ofAuto().allocate(sizeBytes);
        assertThat(scheduler.execute(IoChain.of(new Read(file, into, offset))))
                .isEqualTo(new IoResult.Done(sizeBytes));
        return into;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 4095, 4096, 4097, (1 << 20) + 3})
    void what_was_written_is_read_back(int sizeBytes) {
        Random random = Seed.random("what_was_written_is_read_back " + sizeBytes);
        MemorySegment bytes = randomBytes(random, sizeBytes);
        long offset = random.nextInt(1 << 20);
        IoChain write = IoChain.durableWrite(file, bytes, offset);
        assertThat(scheduler.submit(write).await()).isEqualTo(new IoResult.Done(sizeBytes));
        assertThat(array(read(offset, sizeBytes))).isEqualTo(array(bytes));
        assertThat(scheduler.execute(write)).isEqualTo(new IoResult.Done(sizeBytes));
        assertThat(file.sizeBytes()).isEqualTo(sizeBytes == 0 ? 0 : offset + sizeBytes);
    }

    @Test
    void a_read_behind_a_write_in_one_chain_sees_it() {
        for (long i = 1; i <= 200; i++) {
            MemorySegment into = Arena.ofAuto().allocate(8, 8);
            IoResult result = scheduler.submit(IoChain.of(new Write(file, number(i), 0),
                    new Fdatasync(file), new Read(file, into, 0))).await();
            assertThat(result).isEqualTo(new IoResult.Done(16));
            assertThat(into.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(i);
        }
    }

    @Test
    void later_writes_of_a_chain_win_over_earlier_ones() {
        List<IoOperation> operations = new ArrayList<>();
        for (long i = 0; i < 100; i++) {
            operations.add(new Write(file, number(i), 0));
        }
        operations.add(new Fsync(file));
        assertThat(scheduler.submit(new IoChain(operations)).await().orThrow()).isEqualTo(800);
        assertThat(readNumber(0)).isEqualTo(99);
    }

    @Test
    void a_chain_may_touch_several_files() {
        try (IoFile other = disk.create(directory.resolve("other"))) {
            assertThat(scheduler.submit(IoChain.of(new Write(file, number(1), 0),
                    new Write(other, number(2), 0), new Write(file, number(3), 8),
                    new Fdatasync(other), new Fdatasync(file))).await().orThrow()).isEqualTo(24);
            assertThat(other.sizeBytes()).isEqualTo(8);
            assertThat(file.sizeBytes()).isEqualTo(16);
        }
    }

    @Test
    void a_read_past_the_end_moves_what_there_is() {
        scheduler.execute(IoChain.of(new Write(file, number(7), 0)));
        MemorySegment into = Arena.ofAuto().allocate(100);
        assertThat(scheduler.execute(IoChain.of(new Read(file, into, 3))))
                .isEqualTo(new IoResult.Done(5));
        assertThat(scheduler.submit(IoChain.of(new Read(file, into, 8))).await())
                .isEqualTo(new IoResult.Done(0));
        assertThat(scheduler.execute(IoChain.of(new Read(file, into, 1 << 30))))
                .isEqualTo(new IoResult.Done(0));
    }

    @Test
    void a_failure_cancels_what_is_behind_it() {
        try (IoFile readOnly = disk.open(file.path(), Disk.Access.READ_ONLY)) {
            IoChain chain = IoChain.of(new Write(file, number(1), 0),
                    new Write(readOnly, number(2), 8), new Write(file, number(3), 16));
            for (IoResult result : List.of(
                    scheduler.submit(chain).await(), scheduler.execute(chain))) {
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(1);
                    assertThat(failed.transferredBytes()).isEqualTo(8);
                    assertThat(failed.cause())
                            .isInstanceOfSatisfying(WalException.Io.class,
                                    io -> assertThat(io.errno()).isEqualTo(EBADF))
                            .hasMessageContaining(file.path().toString());
                });
            }
            assertThat(file.sizeBytes()).isEqualTo(8);
        }
    }

    @Test
    void a_closed_file_fails_the_operation_on_it_and_those_behind() {
        IoFile closed = disk.create(directory.resolve("closed"));
        closed.close();
        IoChain chain = IoChain.of(new Write(file, number(1), 0), new Fdatasync(closed),
                new Write(file, number(2), 8));
        for (IoResult result : List.of(
                scheduler.submit(chain).await(), scheduler.execute(chain))) {
            assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                assertThat(failed.operationIndex()).isEqualTo(1);
                assertThat(failed.transferredBytes()).isEqualTo(8);
                assertThat(failed.cause()).isInstanceOf(WalException.Closed.class)
                        .hasMessageContaining("closed");
            });
            assertThatThrownBy(result::orThrow).isInstanceOf(WalException.Closed.class);
        }
        assertThat(file.sizeBytes()).isEqualTo(8);
    }

    @Test
    void statistics_count_what_was_done() {
        assertThat(scheduler.statistics()).isEqualTo(IoStatistics.NONE);
        scheduler.submit(IoChain.durableWrite(file, number(1), 0)).await();
        scheduler.execute(IoChain.of(new Writev(file, List.of(number(2), number(3)), 8),
                new Fsync(file), new Fallocate(file, 0, 100)));
        scheduler.execute(IoChain.of(new Read(file, Arena.ofAuto().allocate(20), 0),
                new Readv(file, List.of(number(0), number(0)), 8)));
        try (IoFile readOnly = disk.open(file.path(), Disk.Access.READ_ONLY)) {
            scheduler.execute(IoChain.of(new Write(readOnly, number(1), 0)));
        }
        IoStatistics after = scheduler.statistics();
        assertThat(after.chains()).isEqualTo(new IoStatistics.Chains(4, 4, 1, 0, 0));
        assertThat(after.operations()).isEqualTo(Map.of(
                Kind.WRITE, new Operations(2, 8), Kind.WRITEV, new Operations(1, 16),
                Kind.READ, new Operations(1, 20), Kind.READV, new Operations(1, 16),
                Kind.FDATASYNC, new Operations(1, 0), Kind.FSYNC, new Operations(1, 0),
                Kind.FALLOCATE, new Operations(1, 0)));
        assertThat(after.bytesRead()).isEqualTo(36);
        assertThat(after.bytesWritten()).isEqualTo(24);
        assertThat(after.operationCount()).isEqualTo(8);
        assertThat(after.operationsByRing() + after.operationsBySystemCall()).isEqualTo(8);
        assertThat(after.systemCalls()).isPositive();
        assertThat(after.operationsPerSystemCall()).isPositive();
        assertThat(after.depth().now()).isZero();
        assertThat(after.depth().max()).isPositive();
        assertThat(after.latency().chains()).isEqualTo(4);
        assertThat(after.latency().medianNanos()).isBetween(1L, after.latency().maxNanos());
        assertThat(after.latency().p99Nanos()).isLessThanOrEqualTo(after.latency().p999Nanos());
    }

    @Test
    void two_batches_in_a_row_are_both_read_back() {
        for (long batch = 1; batch <= 2; batch++) {
            List<IoTicket> tickets = new ArrayList<>();
            for (long i = 0; i < 300; i++) {
                tickets.add(scheduler.submit(
                        IoChain.durableWrite(file, number(batch * 1_000 + i), i * 8)));
            }
            tickets.forEach(ticket -> assertThat(ticket.await().orThrow()).isEqualTo(8));
            MemorySegment all = read(0, 300 * 8);
            for (long i = 0; i < 300; i++) {
                assertThat(all.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8))
                        .isEqualTo(batch * 1_000 + i);
            }
        }
    }

    @Test
    void a_file_behaves_as_an_array_of_bytes() {
        Random random = Seed.random("a_file_behaves_as_an_array_of_bytes");
        byte[] model = new byte[1 << 18];
        int size = 0;
        for (int step = 0; step < 2_000; step++) {
            int offset = random.nextInt(model.length);
            int length = random.nextInt(Math.min(1 + model.length - offset, 20_000));
            if (random.nextBoolean()) {
                byte[] bytes = new byte[length];
                random.nextBytes(bytes);
                complete(random, new Write(file, offHeap(bytes), offset), length);
                System.arraycopy(bytes, 0, model, offset, length);
                size = length == 0 ? size : Math.max(size, offset + length);
            } else {
                MemorySegment into = Arena.ofAuto().allocate(length);
                int there = Math.clamp(size - offset, 0, length);
                complete(random, new Read(file, into, offset), there);
                assertThat(array(into.asSlice(0, there)))
                        .isEqualTo(Arrays.copyOfRange(model, offset, offset + there));
            }
            assertThat(file.sizeBytes()).isEqualTo(size);
        }
    }

    private void complete(Random random, IoOperation operation, long expectedBytes) {
        IoChain chain = IoChain.of(operation);
        IoResult result = random.nextBoolean()
                ? scheduler.execute(chain) : scheduler.submit(chain).await();
        assertThat(result).isEqualTo(new IoResult.Done(expectedBytes));
    }
}
