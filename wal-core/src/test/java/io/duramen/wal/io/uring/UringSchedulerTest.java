package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Kind;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoSchedulerContract;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.Pipes;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.io.uring.UringSchedulerSettings.Route;
import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UringSchedulerTest extends IoSchedulerContract {
    private static final MemorySegment EIGHT = Arena.global().allocate(8, 8).fill((byte) 8);

    @TempDir
    Path own;

    private UringScheduler ring;
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
        return UringScheduler.create(new UringSchedulerSettings(128, waitingChainsMax)
                .withRoute(Route.RING));
    }

    @Override
    protected int callbackThreads() {
        return 1;
    }

    @BeforeEach
    void openOwn() {
        ring = Rings.scheduler(64);
        target = newDisk().create(own.resolve("target"));
    }

    @AfterEach
    void closeOwn() {
        ring.close();
        target.close();
    }

    @Test
    void a_new_chain_waits_neither_for_a_slow_one_nor_for_a_sleeping_ring() throws Exception {
        try (IoFile pipe = Pipes.open(newDisk(), own)) {
            MemorySegment into = Arena.ofAuto().allocate(8);
            IoTicket slow = ring.submit(IoChain.of(new Read(pipe, into, 0)));
            for (int i = 0; i < 50; i++) {
                while (!ring.isAsleep()) {
                    Thread.onSpinWait();
                }
                assertThat(ring.submit(IoChain.durableWrite(target, EIGHT, 0))
                        .await(Duration.ofSeconds(20))).contains(new IoResult.Done(8));
                assertThat(ring.uringStatistics().wakeUps()).isGreaterThan(i);
            }
            assertThat(slow.isComplete()).isFalse();
            ring.submit(IoChain.of(new Write(pipe, EIGHT, 0))).await().orThrow();
            assertThat(slow.await()).isEqualTo(new IoResult.Done(8));
            assertThat(into.mismatch(EIGHT)).isEqualTo(-1);
        }
    }

    @Test
    void close_waits_for_what_is_in_flight() throws Exception {
        try (IoFile pipe = Pipes.open(newDisk(), own)) {
            IoTicket slow = ring.submit(IoChain.of(new Read(pipe, offHeap(8), 0)));
            Thread closing = Thread.ofPlatform().start(ring::close);
            closing.join(50);
            assertThat(closing.isAlive()).isTrue();
            try (UringScheduler other = Rings.scheduler(8)) {
                other.submit(IoChain.of(new Write(pipe, EIGHT, 0))).await().orThrow();
            }
            closing.join();
            assertThat(slow.await()).isEqualTo(new IoResult.Done(8));
        }
    }

    private static MemorySegment offHeap(int bytes) {
        return Arena.ofAuto().allocate(bytes, 8);
    }

    private static MemorySegment number(long value) {
        MemorySegment bytes = offHeap(8);
        bytes.set(ValueLayout.JAVA_LONG, 0, value);
        return bytes;
    }

    private void assertHoldsItsOwnIndexes(int count) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = target.map(
                    IoFile.Mapping.READ_ONLY, 0, count * 8L, arena);
            for (int i = 0; i < count; i++) {
                assertThat(content.getAtIndex(ValueLayout.JAVA_LONG, i)).isEqualTo(i);
            }
        }
    }

    @Test
    void the_smallest_rings_take_hundreds_of_chains() {
        for (int ringEntries : new int[] {1, 2, 4}) {
            try (UringScheduler tiny = Rings.scheduler(ringEntries)) {
                List<IoTicket> tickets = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    IoOperation write = new Write(target, number(i), i * 8L);
                    tickets.add(tiny.submit(new IoChain(Collections.nCopies(ringEntries, write))));
                }
                tickets.forEach(ticket -> assertThat(ticket.await())
                        .isEqualTo(new IoResult.Done(8L * ringEntries)));
                assertThat(tiny.uringStatistics().inFlightMax()).isBetween(1, ringEntries);
            }
            assertHoldsItsOwnIndexes(500);
            target.resize(0);
        }
    }

    @Test
    void a_chain_longer_than_the_ring_is_refused() {
        IoChain chain = new IoChain(Collections.nCopies(65, new Write(target, EIGHT, 0)));
        assertThatThrownBy(() -> ring.submit(chain)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("65 operations").hasMessageContaining("64 entries");
        assertThatThrownBy(() -> ring.execute(chain)).hasMessageContaining("65 operations");
        assertThat(target.sizeBytes()).isZero();
        assertThat(ring.statistics().chains().submitted()).isZero();
    }

    @Test
    void opening_and_closing_leaves_nothing_behind() throws IOException {
        long before = descriptors();
        for (int i = 0; i < 100; i++) {
            try (UringScheduler opened = Rings.scheduler(8)) {
                opened.submit(IoChain.of(new Write(target, EIGHT, 0))).await().orThrow();
            }
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + 5); // others open files meanwhile
        assertThat(mappings()).isEqualTo(2); // of the ring that this test has open
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("io_uring")).count() / 2;
        }
    }

    @Test
    void no_buffer_is_used_after_its_completion() throws Exception {
        int reads = 5_000;
        for (int i = 0; i < 64; i++) {
            MemorySegment page = Arena.ofAuto().allocate(4096, 4096).fill((byte) (i + 1));
            ring.execute(IoChain.of(new Write(target, page, i * 4096L))).orThrow();
        }
        CountDownLatch completed = new CountDownLatch(reads);
        AtomicInteger wrong = new AtomicInteger();
        BufferPoolSettings settings = new BufferPoolSettings("test", 4096, 16, true, 4096);
        try (BufferPool pool = BufferPool.create(settings);
                UringScheduler pinned = UringScheduler.create(
                        Rings.settings(64), pool.slab())) {
            for (int i = 0; i < reads; i++) {
                BufferLease lease = pool.acquire();
                int page = i * 7 % 64;
                pinned.submit(IoChain.of(new Read(target, lease.memory(), page * 4096L)), _ -> {
                    boolean right = lease.memory().get(ValueLayout.JAVA_BYTE, 0) == page + 1
                            && lease.memory().get(ValueLayout.JAVA_BYTE, 4095) == page + 1;
                    wrong.addAndGet(right ? 0 : 1);
                    lease.close();
                    completed.countDown();
                });
            }
            completed.await();
            assertThat(pinned.uringStatistics().buffers().registeredBytes())
                    .isEqualTo(pool.slab().byteSize());
        }
        assertThat(wrong.get()).isZero();
    }

    @Test
    void a_failed_write_beside_others_fails_its_chain_only() {
        try (IoFile readOnly = newDisk().open(target.path(), Access.READ_ONLY)) {
            List<IoTicket> tickets = submitTogether(i -> IoChain.durableWrite(
                    i == 5 ? readOnly : target, number(i), i * 8L), 20);
            for (int i = 0; i < 20; i++) {
                assertThat(tickets.get(i).await()).isInstanceOf(
                        i == 5 ? IoResult.Failed.class : IoResult.Done.class);
            }
        }
    }

    /// Keeps the ring's thread in a callback until all are submitted.
    private List<IoTicket> submitTogether(
            IntFunction<IoChain> chain, int count) {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        ring.submit(IoChain.of(new Fdatasync(target)), _ -> {
            try {
                mayGoOn.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        List<IoTicket> tickets =
                IntStream.range(0, count).mapToObj(i -> ring.submit(chain.apply(i))).toList();
        mayGoOn.countDown();
        return tickets;
    }

    @Test
    void writes_next_to_each_other_go_together_and_are_answered_one_by_one() {
        List<IoTicket> tickets = submitTogether(i -> i % 3 == 0
                ? IoChain.of(new Write(target, number(i), i * 8L))
                : IoChain.durableWrite(target, number(i), i * 8L), 1_000);
        tickets.forEach(ticket -> assertThat(ticket.await()).isEqualTo(new IoResult.Done(8)));
        assertHoldsItsOwnIndexes(1_000);
        UringStatistics statistics = ring.uringStatistics();
        assertThat(statistics.mergedWrites()).isBetween(500L, 1_000L);
        assertThat(statistics.ringEntries()).isLessThan(1_000);
        assertThat(statistics.all().operations(Kind.WRITE).count()).isEqualTo(1_000);
        assertThat(statistics.all().bytesWritten()).isEqualTo(8_000);
        assertThat(statistics.operationsPerEnter()).isPositive();
        assertThat(statistics.all().operationsByRing()).isEqualTo(1_667);
    }

    @Test
    void writes_that_went_together_and_fail_tell_each_its_own_failure() {
        try (IoFile readOnly = newDisk().open(target.path(), Access.READ_ONLY)) {
            List<IoTicket> tickets = submitTogether(
                    i -> IoChain.durableWrite(readOnly, number(i), i * 8L), 50);
            tickets.forEach(ticket -> assertThat(ticket.await())
                    .isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                        assertThat(failed.operationIndex()).isZero();
                        assertThat(failed.transferredBytes()).isZero();
                    }));
            assertThat(ring.uringStatistics().mergedWrites()).isPositive();
            assertThat(ring.statistics().chains().failed()).isEqualTo(50);
        }
    }

    @Test
    void a_refused_chain_does_not_keep_its_file_open() throws IOException {
        ring.close();
        assertThatThrownBy(() -> ring.submit(IoChain.of(new Fdatasync(target))))
                .isInstanceOf(WalException.Closed.class);
        long before = descriptors();
        target.close();
        assertThat(descriptors()).isLessThan(before);
    }
}
