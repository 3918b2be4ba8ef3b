package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.IoTicket;
import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A strict pool and buffers that are given back before what was submitted with them is complete.
class BufferInFlightTest {
    @TempDir
    Path directory;

    private final BufferPool pool = BufferPool.create(BufferPoolSettings.defaults()
            .withSlotBytes(4096).withSlots(1).withStrict(true));
    private final CountDownLatch mayGoOn = new CountDownLatch(1);

    /// A scheduler whose one thread is busy until it may go on.
    private IoScheduler busyScheduler(IoFile file) throws InterruptedException {
        IoScheduler scheduler = PosixScheduler.create(new PosixSchedulerSettings(1, 10));
        CountDownLatch busy = new CountDownLatch(1);
        scheduler.submit(IoChain.of(new Fdatasync(file)), _ -> {
            busy.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        busy.await();
        return scheduler;
    }

    @Test
    void a_read_that_ends_after_its_buffer_was_given_back_is_found_by_the_next_acquire()
            throws InterruptedException {
        Disk disk = new PosixDisk();
        try (IoFile file = disk.create(directory.resolve("file"));
                IoScheduler scheduler = busyScheduler(file)) {
            try (BufferLease lease = pool.acquire()) {
                lease.memory().fill((byte) 7);
                scheduler.execute(IoChain.of(new Write(file, lease.memory(), 0))).orThrow();
            }
            BufferLease early = pool.acquire();
            IoTicket read = scheduler.submit(IoChain.of(new Read(file, early.memory(), 0)));
            early.close();
            mayGoOn.countDown();
            assertThat(read.await().orThrow()).isEqualTo(4096);
            assertThatThrownBy(pool::acquire).isInstanceOf(WalException.BufferMisuse.class)
                    .hasMessageContaining("after it was given back");
        }
    }

    @Test
    void a_write_that_starts_after_its_buffer_was_given_back_writes_the_pattern_not_other_data()
            throws InterruptedException {
        Disk disk = new PosixDisk();
        try (IoFile file = disk.create(directory.resolve("file"));
                IoScheduler scheduler = busyScheduler(file)) {
            BufferLease early = pool.acquire();
            early.memory().fill((byte) 7);
            IoTicket write = scheduler.submit(IoChain.of(new Write(file, early.memory(), 0)));
            early.close();
            mayGoOn.countDown();
            assertThat(write.await().orThrow()).isEqualTo(4096);
            BufferLease lease = pool.acquire();
            byte poison = lease.memory().get(ValueLayout.JAVA_BYTE, 0);
            lease.memory().fill((byte) 0);
            scheduler.execute(IoChain.of(new Read(file, lease.memory(), 0))).orThrow();
            assertThat(lease.memory().toArray(ValueLayout.JAVA_BYTE))
                    .containsOnly(poison).doesNotContain(7);
        }
    }
}
