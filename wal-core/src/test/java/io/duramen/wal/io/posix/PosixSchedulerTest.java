package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.RecordedLog;
import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.Access;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoSchedulerContract;
import io.duramen.wal.io.IoTicket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixSchedulerTest extends IoSchedulerContract {
    private static final MemorySegment EIGHT = Arena.global().allocate(8).fill((byte) 8);

    @TempDir
    Path own;

    @Override
    protected Disk newDisk() {
        return new PosixDisk();
    }

    @Override
    protected IoScheduler newScheduler(int waitingChainsMax) {
        return PosixScheduler.create(new PosixSchedulerSettings(2, waitingChainsMax));
    }

    @Override
    protected int callbackThreads() {
        return 2;
    }

    @Test
    void waiting_chains_are_given_up_while_every_thread_is_busy() throws Exception {
        IoScheduler busy = newScheduler(10);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        IoFile file = newDisk().create(own.resolve("file"));
        for (int i = 0; i < 2; i++) {
            busy.submit(IoChain.of(new Fdatasync(file)), _ -> awaitOrFail(mayGoOn));
        }
        IoChain write = IoChain.of(new Write(file, EIGHT, 0));
        IoTicket cancelled = busy.submit(write);
        IoTicket late = busy.submit(write.within(Duration.ofMillis(5)));
        IoTicket later = busy.submit(write.within(Duration.ofDays(1)));
        cancelled.cancel();
        assertThatThrownBy(() -> cancelled.await().orThrow())
                .isInstanceOf(WalException.Cancelled.class)
                .hasMessage("pwrite on " + file.path() + " was cancelled before it was complete");
        assertThatThrownBy(() -> late.await().orThrow())
                .isInstanceOf(WalException.TimedOut.class);
        assertThat(later.isComplete()).isFalse();
        mayGoOn.countDown();
        assertThat(later.await()).isEqualTo(new IoResult.Done(8));
        busy.close();
        file.close();
    }

    @Test
    void operations_behind_a_call_that_took_too_long_do_not_start() throws Exception {
        Random random = new Random(1);
        CompletableFuture<IoTicket> underWay = new CompletableFuture<>();
        try (IoScheduler scheduler = PosixScheduler.create(new PosixSchedulerSettings(1, 10),
                slow -> new BrokenCalls(slow, random, () -> underWay.join().cancel()));
                IoFile file = newDisk().create(own.resolve("file"))) {
            IoTicket ticket = scheduler.submit(IoChain.of(new Write(file, EIGHT, 0),
                    new Fdatasync(file), new Write(file, EIGHT, 8)));
            underWay.complete(ticket);
            assertThat(ticket.await()).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                assertThat(failed.operationIndex()).isEqualTo(2);
                assertThat(failed.cause()).isInstanceOf(WalException.Cancelled.class);
                assertThat(failed.transferredBytes()).isEqualTo(8);
            });
            assertThat(file.sizeBytes()).isEqualTo(8);
            assertThat(scheduler.statistics().syncs()).isEqualTo(1);
        }
    }

    @Test
    void a_waiting_chain_never_reaches_a_file_that_got_its_descriptor_number() throws Exception {
        CountDownLatch mayGoOn = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        Disk disk = newDisk();
        IoFile mine = disk.create(own.resolve("mine"));
        List<IoFile> strangers = new ArrayList<>();
        try (IoScheduler one = PosixScheduler.create(new PosixSchedulerSettings(1, 10))) {
            one.submit(IoChain.of(new Fdatasync(mine)), _ -> {
                busy.countDown();
                awaitOrFail(mayGoOn);
            });
            busy.await();
            IoTicket waiting = one.submit(IoChain.durableWrite(mine, EIGHT, 0));
            mine.close();
            for (int i = 0; i < 50; i++) {
                strangers.add(disk.create(own.resolve("stranger_" + i)));
            }
            mayGoOn.countDown();
            assertThat(waiting.await()).isEqualTo(new IoResult.Done(8));
        }
        assertThat(strangers).allMatch(stranger -> stranger.sizeBytes() == 0);
        strangers.forEach(IoFile::close);
        try (IoFile again = disk.open(own.resolve("mine"), Access.READ_ONLY)) {
            assertThat(again.sizeBytes()).isEqualTo(8);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
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
            assertThat(scheduler.submit(IoChain.of(new Write(file, EIGHT, 0))).await().orThrow())
                    .isEqualTo(8);
        }
    }

    @Test
    void a_write_that_fails_half_way_tells_what_it_moved() {
        Disk disk = newDisk();
        try (Arena arena = Arena.ofShared(); IoScheduler scheduler = newScheduler(10);
                IoFile onePage = disk.create(own.resolve("one_page"));
                IoFile target = disk.create(own.resolve("target"))) {
            onePage.resize(4096);
            MemorySegment twoPages = onePage.map(IoFile.Mapping.READ_ONLY, 0, 8192, arena);
            IoResult result = scheduler.execute(IoChain.of(new Write(target, twoPages, 0)));
            assertThat(result).isInstanceOfSatisfying(IoResult.Failed.class, failed -> {
                assertThat(failed.transferredBytes()).isEqualTo(4096);
                assertThat(failed.cause()).hasMessageContaining("EFAULT");
            });
            assertThat(target.sizeBytes()).isEqualTo(4096);
            assertThat(scheduler.statistics().bytesWritten()).isEqualTo(4096);
        }
    }

    @Test
    void a_read_goes_on_where_the_kernel_gives_it_piece_by_piece() {
        try (Arena arena = Arena.ofShared(); IoScheduler scheduler = newScheduler(10);
                IoFile pieces = newDisk().open(Path.of("/proc/self/maps"), Access.READ_ONLY)) {
            MemorySegment into = arena.allocate(5000);
            assertThat(scheduler.execute(IoChain.of(new Read(pieces, into, 0))).orThrow())
                    .isEqualTo(5000);
            assertThat(scheduler.statistics().systemCalls()).isGreaterThan(1);
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
    void a_file_of_another_disk_is_refused() {
        IoFile foreign = (IoFile) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {IoFile.class}, (_, _, _) -> Path.of("/elsewhere"));
        try (IoScheduler scheduler = newScheduler(10)) {
            assertThatThrownBy(() -> scheduler.submit(IoChain.of(new Fdatasync(foreign))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("/elsewhere");
        }
    }

    @Test
    void a_refused_chain_does_not_keep_its_file_open() throws IOException {
        IoScheduler closed = newScheduler(10);
        closed.close();
        IoFile file = newDisk().create(own.resolve("file"));
        assertThatThrownBy(() -> closed.submit(IoChain.of(new Fdatasync(file))))
                .isInstanceOf(WalException.Closed.class);
        assertThat(OpenFiles.paths()).contains(file.path());
        file.close();
        assertThat(OpenFiles.paths()).doesNotContain(file.path());
    }

    @Test
    void an_exception_of_a_callback_is_logged_once() {
        try (RecordedLog log = RecordedLog.of(PosixScheduler.class)) {
            try (IoScheduler scheduler = newScheduler(10);
                    IoFile file = newDisk().create(own.resolve("file"))) {
                scheduler.submit(IoChain.of(new Read(file, EIGHT, 0)), _ -> {
                    throw new IllegalStateException("on purpose");
                });
            }
            assertThat(log.causes()).singleElement().satisfies(
                    cause -> assertThat(cause).hasMessage("on purpose"));
        }
    }

    @Test
    void settings_without_a_thread_or_a_place_are_refused() {
        assertThatThrownBy(() -> new PosixSchedulerSettings(0, 1))
                .hasMessageContaining("threads [0]");
        assertThatThrownBy(() -> new PosixSchedulerSettings(1, 0))
                .hasMessageContaining("waitingChainsMax [0]");
    }
}
