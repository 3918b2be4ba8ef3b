package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoSchedulerContract;
import io.duramen.wal.io.IoStatistics;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.Pipes;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.os.OpenFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ring beside plain calls: the same contract, and which operation goes which way.
class UringQuickestRouteTest extends IoSchedulerContract {
    private static final MemorySegment EIGHT = Arena.global().allocate(8, 8).fill((byte) 8);

    @TempDir
    Path own;

    private UringScheduler mixed;
    private IoFile target;

    @BeforeAll
    static void requireRing() {
        Rings.require();
    }

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler(int waitingChainsMax) {
        return UringScheduler.create(new UringSchedulerSettings(128, waitingChainsMax));
    }

    @Override
    protected int callbackThreads() {
        return 1; // reads go through the ring
    }

    @BeforeEach
    void openOwn() {
        mixed = UringScheduler.create(new UringSchedulerSettings(64, Rings.MANY));
        target = newDisk().create(own.resolve("target"));
    }

    @AfterEach
    void closeOwn() {
        mixed.close();
        target.close();
    }

    private void assertWays(long byRing, long bySystemCall) {
        IoStatistics statistics = mixed.statistics();
        assertThat(statistics.operationsByRing()).isEqualTo(byRing);
        assertThat(statistics.operationsBySystemCall()).isEqualTo(bySystemCall);
    }

    @Test
    void what_is_executed_goes_by_system_calls() {
        mixed.execute(IoChain.durableWrite(target, EIGHT, 0)).orThrow();
        mixed.execute(IoChain.of(new Read(target, EIGHT, 0))).orThrow();
        assertWays(0, 3);
        assertThat(mixed.uringStatistics().ringEntries()).isZero();
    }

    @Test
    void a_read_goes_through_the_ring() {
        mixed.submit(IoChain.of(new Read(target, EIGHT, 0))).await().orThrow();
        assertWays(1, 0);
    }

    @Test
    void a_chain_that_has_limited_time_goes_through_the_ring() {
        mixed.submit(IoChain.durableWrite(target, EIGHT, 0).within(Duration.ofDays(1))).await()
                .orThrow();
        assertWays(2, 0);
    }

    @Test
    void a_lone_chain_that_changes_the_file_goes_by_system_calls() {
        int byCall = 0;
        for (IoOperation operation : List.of(new Write(target, EIGHT, 0), new Fdatasync(target),
                new Fallocate(target, 0, 100))) {
            assertThat(mixed.submit(IoChain.of(operation)).await())
                    .isInstanceOf(IoResult.Done.class);
            byCall++;
            assertWays(0, byCall);
        }
    }

    @Test
    void what_comes_while_a_lone_chain_is_executed_goes_through_the_ring() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        UnaryOperator<OpenFile> slow = file -> {
            awaitQuietly(mayGoOn);
            return file;
        };
        try (UringScheduler slowlyMixed = UringScheduler.create(
                new UringSchedulerSettings(64, Rings.MANY), Optional.empty(),
                transfers -> new RingTransfers(transfers.registered(), transfers.bytesMax(), slow,
                        transfers.reported()))) {
            IoTicket lone = slowlyMixed.submit(IoChain.of(new Fdatasync(target)));
            List<IoTicket> tickets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tickets.add(slowlyMixed.submit(IoChain.durableWrite(target, EIGHT, i * 8L)));
            }
            tickets.forEach(ticket -> assertThat(ticket.await()).isEqualTo(new IoResult.Done(8)));
            assertThat(slowlyMixed.statistics().operationsByRing()).isEqualTo(200);
            assertThat(lone.isComplete()).isFalse();
            mayGoOn.countDown();
            assertThat(lone.await()).isEqualTo(new IoResult.Done(0));
            assertThat(slowlyMixed.statistics().operationsBySystemCall()).isEqualTo(1);
        }
    }

    @Test
    void one_chain_after_the_other_goes_by_system_calls() {
        for (int i = 0; i < 1_000; i++) {
            mixed.submit(IoChain.of(new Write(target, EIGHT, i * 8L))).await().orThrow();
        }
        assertWays(0, 1_000);
    }

    @Test
    void a_lone_chain_behind_a_busy_ring_goes_through_the_ring() throws Exception {
        try (IoFile pipe = Pipes.open(newDisk(), own)) {
            IoTicket slow = mixed.submit(IoChain.of(new Read(pipe, Arena.ofAuto().allocate(8), 0)));
            mixed.submit(IoChain.of(new Fdatasync(target))).await().orThrow();
            long byRing = mixed.statistics().operationsByRing();
            slow.cancel();
            assertThat(byRing).isEqualTo(1);
            assertThat(slow.await()).isInstanceOf(IoResult.Failed.class);
        }
    }
}
