package io.duramen.wal.log;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.LocalDisk;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/// What logs stand on: disk, scheduler, buffers, time, chance and threads. Several logs may share
/// one. This is the place where drivers are chosen.
///
/// @param generations gives each new fragment its generation: random 64 bits
/// @param background runs work that blocks on the disk and waits for other such work, so it must
///     not let any wait for a free thread; what it refuses runs on the thread that asked. Closed
///     with the environment where it can be
/// @param timer starts work after a delay, and never blocks
public record LogEnvironment(Disk disk, IoScheduler scheduler, BufferPool pool, InstantSource clock,
        LongSupplier generations, Executor background, ScheduledExecutorService timer)
        implements AutoCloseable {
    /// Bytes of a pool buffer, and so of the largest group that needs no buffer of its own.
    public static final int GROUP_BYTES = 512 << 10;
    /// Two of the largest entries there can be.
    private static final long UNPOOLED_BYTES_MAX = 2L << 30;

    /// Has `background` refuse nothing.
    public LogEnvironment {
        background = BackgroundThreads.of(background);
    }

    /// An environment on this machine's file system, with threads of its own.
    ///
    /// @param ioThreads threads that wait for the disk
    /// @param buffers buffers of 512 KiB
    public static LogEnvironment open(int ioThreads, int buffers) {
        BufferPoolSettings pool =
                new BufferPoolSettings("wal", GROUP_BYTES, buffers, false, UNPOOLED_BYTES_MAX);
        return open(IoDriver.POSIX.choose(), ioThreads, pool,
                Executors.newCachedThreadPool(daemons("wal-background-")));
    }

    /// An environment on this machine's file system whose blocking work runs where the caller says.
    ///
    /// @param driver what [IoDriver#choose()] said
    /// @param background starts all that it is given without waiting for what runs already, as
    ///     [Executors#newCachedThreadPool()] does
    public static LogEnvironment open(IoDriver.Choice driver, int ioThreads,
            BufferPoolSettings buffers, Executor background) {
        BufferPool pool = BufferPool.create(buffers);
        return new LogEnvironment(LocalDisk.open(), driver.open(ioThreads, pool.slab()), pool,
                Clock.systemUTC(), new SecureRandom()::nextLong, background,
                Executors.newSingleThreadScheduledExecutor(daemons("wal-timer-")));
    }

    private static ThreadFactory daemons(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 0).factory();
    }

    /// Close after the logs that stand on it.
    @Override
    public void close() {
        timer.shutdownNow();
        if (background instanceof BackgroundThreads threads) {
            threads.close();
        }
        scheduler.close();
        pool.close();
    }
}
