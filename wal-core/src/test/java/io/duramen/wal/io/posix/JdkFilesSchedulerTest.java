package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoSchedulerContract;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.io.uring.UringScheduler;
import io.duramen.wal.io.uring.UringSchedulerSettings;
import io.duramen.wal.os.OpenFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The posix scheduler with files of the JDK.
class JdkFilesSchedulerTest extends IoSchedulerContract {
    private static final MemorySegment EIGHT = Arena.global().allocate(8).fill((byte) 8);

    @TempDir
    Path own;

    @Override
    protected Disk newDisk() {
        return new JdkDisk();
    }

    @Override
    protected int callbackThreads() {
        return 2;
    }

    @Override
    protected IoScheduler newScheduler(int waitingChainsMax) {
        return PosixScheduler.create(new PosixSchedulerSettings(2, waitingChainsMax));
    }

    @Test
    void bytes_that_cannot_be_used_fail_their_chain_only() {
        MemorySegment released;
        try (Arena arena = Arena.ofShared()) {
            released = arena.allocate(8);
        }
        try (Arena confined = Arena.ofConfined(); IoScheduler scheduler = newScheduler(10);
                IoFile file = newDisk().create(own.resolve("file"))) {
            for (MemorySegment unusable : List.of(released, MemorySegment.ofArray(new byte[8]),
                    confined.allocate(8))) {
                IoResult result = scheduler.submit(IoChain.of(new Fdatasync(file),
                        new Write(file, unusable, 0))).await();
                assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                    assertThat(failed.operationIndex()).isEqualTo(1);
                    assertThat(failed.cause()).hasMessageContaining("pwrite failed on " + own)
                            .hasCauseInstanceOf(RuntimeException.class);
                });
            }
            assertThat(file.sizeBytes()).isZero();
            MemorySegment ownThreadOnly = confined.allocate(8);
            assertThat(scheduler.execute(IoChain.of(new Write(file, ownThreadOnly, 0))).orThrow())
                    .isEqualTo(8);
        }
    }

    @Test
    void a_full_device_fails_the_write_with_its_reason() {
        try (IoScheduler scheduler = newScheduler(10);
                IoFile full = newDisk().open(Path.of("/dev/full"), Access.READ_WRITE)) {
            assertThat(scheduler.execute(IoChain.durableWrite(full, EIGHT, 0)))
                    .isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                        assertThat(failed.operationIndex()).isZero();
                        assertThat(failed.cause()).hasMessage("pwrite failed on /dev/full:"
                                + " ENOSPC: No space left on device (errno 28)");
                    });
        }
    }

    @Test
    void an_allocation_of_a_file_that_is_closed_meanwhile_is_complete() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        UnaryOperator<OpenFile> slow = file -> {
            awaitQuietly(mayGoOn);
            return file;
        };
        try (IoScheduler scheduler =
                PosixScheduler.create(new PosixSchedulerSettings(1, 10), slow)) {
            IoFile file = newDisk().create(own.resolve("file"));
            IoTicket ticket = scheduler.submit(IoChain.of(new Fallocate(file, 0, 100)));
            file.close();
            mayGoOn.countDown();
            assertThat(ticket.await()).isEqualTo(new IoResult.Done(0));
            assertThat(Files.size(own.resolve("file"))).isEqualTo(100);
        }
    }

    @Test
    void an_allocation_of_no_bytes_is_refused() {
        try (IoScheduler scheduler = newScheduler(10);
                IoFile file = newDisk().create(own.resolve("file"))) {
            for (Fallocate none : List.of(new Fallocate(file, 0, 0), new Fallocate(file, -1, 8))) {
                assertThatThrownBy(() -> scheduler.execute(IoChain.of(none)).orThrow())
                        .isInstanceOf(WalException.Io.class)
                        .hasMessageContaining("fallocate failed on " + own)
                        .hasMessageContaining("EINVAL");
            }
        }
    }

    @Test
    void a_ring_takes_no_such_file() {
        var settings = new UringSchedulerSettings(8, 10);
        RingProbe probe = RingProbe.of(settings);
        assumeTrue(probe.isReady(), () -> probe.obstacle().orElseThrow());
        try (IoScheduler ring = UringScheduler.create(settings);
                IoFile file = newDisk().create(own.resolve("file"))) {
            assertThatThrownBy(() -> ring.submit(IoChain.of(new Write(file, EIGHT, 0))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file.path().toString());
            assertThat(file.sizeBytes()).isZero();
        }
    }
}
