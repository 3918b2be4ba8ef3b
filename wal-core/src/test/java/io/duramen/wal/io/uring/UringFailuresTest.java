package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Kind;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.os.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the ring tells when something goes wrong under a chain, or under itself.
class UringFailuresTest {
    private static final MemorySegment EIGHT = Arena.global().allocate(8, 8).fill((byte) 8);

    @TempDir
    Path own;

    private final Disk disk = new PosixDisk();
    private UringScheduler ring;
    private IoFile target;

    @BeforeEach
    void open() {
        Rings.require();
        ring = Rings.scheduler(64);
        target = disk.create(own.resolve("target"));
    }

    @AfterEach
    void close() {
        if (ring != null) {
            ring.close();
            target.close();
        }
    }

    @Test
    void bytes_that_cannot_be_used_fail_their_chain_only() {
        MemorySegment released;
        try (Arena arena = Arena.ofShared()) {
            released = arena.allocate(8);
        }
        try (Arena confined = Arena.ofConfined()) {
            for (MemorySegment unusable : List.of(released, MemorySegment.ofArray(new byte[8]),
                    confined.allocate(8))) {
                IoResult result = ring.submit(IoChain.of(new Fdatasync(target),
                        new Write(target, unusable, 0), new Fdatasync(target))).await();
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(1);
                    assertThat(failed.cause()).hasMessageContaining("pwrite failed on " + own)
                            .hasCauseInstanceOf(RuntimeException.class);
                });
            }
        }
        assertThat(ring.submit(IoChain.of(new Write(target, EIGHT, 0))).await().orThrow())
                .isEqualTo(8);
    }

    @Test
    void a_write_that_fails_half_way_tells_what_it_moved() {
        try (Arena arena = Arena.ofShared();
                IoFile onePage = disk.create(own.resolve("one_page"))) {
            onePage.resize(4096);
            MemorySegment twoPages = onePage.map(IoFile.Mapping.READ_ONLY, 0, 8192, arena);
            assertThat(ring.submit(IoChain.durableWrite(target, twoPages, 0)).await())
                    .isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                        assertThat(failed.operationIndex()).isZero();
                        assertThat(failed.transferredBytes()).isEqualTo(4096);
                        assertThat(failed.cause()).hasMessageContaining("EFAULT");
                    });
            assertThat(target.sizeBytes()).isEqualTo(4096);
            assertThat(ring.statistics().bytesWritten()).isEqualTo(4096);
            assertThat(ring.statistics().operations(Kind.FDATASYNC).count()).isZero();
        }
    }

    @Test
    void a_link_that_a_short_read_broke_is_taken_up_again() {
        ring.execute(IoChain.of(new Write(target, EIGHT, 0))).orThrow();
        assertThat(ring.submit(IoChain.of(new Read(target, Arena.ofAuto().allocate(100), 0),
                new Write(target, EIGHT, 8), new Fdatasync(target))).await())
                        .isEqualTo(new IoResult.Done(16));
        assertThat(target.sizeBytes()).isEqualTo(16);
        assertThat(ring.uringStatistics().repeatedRounds()).isPositive();
        assertThat(ring.statistics().operations(Kind.FDATASYNC).count()).isEqualTo(1);
    }

    @Test
    void a_full_device_fails_the_write_with_its_reason() {
        try (IoFile full = disk.open(Path.of("/dev/full"), Access.READ_WRITE)) {
            assertThat(ring.submit(IoChain.durableWrite(full, EIGHT, 0)).await())
                    .isInstanceOfSatisfying(IoResult.Failed.class,
                            failed -> assertThat(failed.cause()).hasMessage("pwrite failed on"
                                    + " /dev/full: ENOSPC: No space left on device (errno 28)"));
        }
    }

    /// As where the kernel can start no thread for it.
    @Test
    void a_sync_that_is_cancelled_without_being_asked_for_has_failed() {
        AtomicInteger results = new AtomicInteger();
        try (UringScheduler cancelling = UringScheduler.create(Rings.settings(8),
                Optional.empty(), transfers -> new RingTransfers(transfers.registered(),
                        transfers.bytesMax(), transfers.files(),
                        result -> results.getAndIncrement() == 0 ? -Errno.ECANCELED : result))) {
            assertThat(cancelling.submit(IoChain.of(new Fdatasync(target))).await())
                    .isInstanceOfSatisfying(IoResult.Failed.class,
                            failed -> assertThat(failed.cause())
                                    .hasMessageContaining("fdatasync failed on " + own)
                                    .hasMessageContaining("ECANCELED"));
            assertThat(results).hasValue(1);
        }
    }

    @Test
    void everything_is_answered_when_the_ring_breaks() {
        UringScheduler breaking = UringScheduler.create(Rings.settings(8),
                Optional.empty(), transfers -> new RingTransfers(transfers.registered(),
                        transfers.bytesMax(), transfers.files(), _ -> {
                            throw new AssertionError("thrown by a test, on purpose");
                        }));
        List<IoTicket> tickets = new ArrayList<>();
        assertThatThrownBy(() -> {
            while (true) {
                tickets.add(breaking.submit(IoChain.durableWrite(target, EIGHT, 0)));
            }
        }).isInstanceOf(WalException.Closed.class);
        assertThat(tickets).isNotEmpty().allSatisfy(ticket -> assertThat(ticket.await())
                .isInstanceOfSatisfying(IoResult.Failed.class, failed -> assertThat(failed.cause())
                        .isInstanceOf(WalException.Defect.class)));
        breaking.close();
        assertThat(breaking.statistics().chains().completed()).isEqualTo(tickets.size());
    }

    /// What is answered may be used for something else at once. The kernel takes a while for a
    /// large write, and does not give it up.
    @Test
    void nothing_is_under_way_any_more_when_a_ring_that_broke_answers() {
        try (Arena arena = Arena.ofShared(); IoFile other = disk.create(own.resolve("other"))) {
            MemorySegment zeros = arena.allocate(128 << 20, 4096);
            UringScheduler breaking = UringScheduler.create(Rings.settings(8),
                    Optional.empty(), transfers -> new RingTransfers(transfers.registered(),
                            transfers.bytesMax(), transfers.files(), _ -> {
                                throw new AssertionError("thrown by a test, on purpose");
                            }));
            IoTicket write = breaking.submit(IoChain.of(new Write(target, zeros, 0)));
            breaking.submit(IoChain.of(new Fdatasync(other)));
            assertThat(write.await()).isInstanceOf(IoResult.Failed.class);
            zeros.fill((byte) 9);
            breaking.close();
            long size = target.sizeBytes(); // none where it was given up before it began
            MemorySegment written = size == 0 ? MemorySegment.NULL
                    : target.map(IoFile.Mapping.READ_ONLY, 0, size, arena);
            zeros.fill((byte) 0);
            assertThat(written.mismatch(zeros.asSlice(0, size))).isEqualTo(-1);
        }
    }

    @Test
    void memory_that_cannot_be_registered_is_used_all_the_same() {
        try (Arena arena = Arena.ofShared()) {
            target.resize(4096);
            MemorySegment halfThere = target.map(IoFile.Mapping.READ_WRITE, 0, 8192, arena);
            try (UringScheduler without = UringScheduler.create(
                    new UringSchedulerSettings(8, 10), halfThere)) {
                assertThat(without.uringStatistics().buffers().registeredBytes()).isZero();
                assertThat(without.uringStatistics().buffers().refusal().orElseThrow())
                        .contains("without registered buffers", "8192 bytes", "EFAULT");
                assertThat(without.submit(IoChain.of(
                        new Write(target, halfThere.asSlice(0, 16), 100))).await())
                                .isEqualTo(new IoResult.Done(16));
            }
        }
    }
}
