package io.duramen.wal.memory;

import io.duramen.wal.WalException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// A fixed number of equal, page-aligned buffers, and the queue for them.
///
/// - **Threads**: any thread may call anything.
/// - **Order**: whoever waits, by whichever method, is served in order of arrival; nobody
///   overtakes.
/// - **Bounds**: slots are fixed, one-off buffers have a limit on their bytes. The queue has none:
///   who calls [#acquireAsync()] limits how many requests it leaves open.
/// - **Close**: takes no more requests, fails the waiting ones with `WalException.Closed` and
///   returns at once. Leases handed out stay good; the memory is freed when the last comes back.
///
/// All slots lie in one slab whose pages are touched when the pool is created, so that no append
/// pays for a page fault.
public final class BufferPool implements AutoCloseable {
    private final BufferPoolSettings settings;
    private final SlotMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    private final SlotQueue queue;
    private final OneOffBudget oneOffs;
    private final LeakDetector leaks;
    private final SlowAcquireWatch slowAcquires;
    private boolean closed;
    private long misuse;

    private BufferPool(BufferPoolSettings settings, LongSupplier clock,
            SlowAcquireWatch.Timer timer) {
        this.settings = settings;
        this.memory = new SlotMemory(settings);
        this.queue = new SlotQueue(settings.slots());
        this.oneOffs = new OneOffBudget(settings);
        this.leaks = new LeakDetector(settings.watch().leakSampleEvery());
        this.slowAcquires = new SlowAcquireWatch(
                TimeUnit.NANOSECONDS.convert(settings.watch().slowAcquire()), clock, timer,
                this::longestWaitingSince, this::occupancy);
    }

    /// Reserves the memory and touches all of it.
    ///
    /// @throws WalException.Unsupported where the memory must be locked and the system does not
    ///     allow it
    public static BufferPool create(BufferPoolSettings settings) {
        return create(settings, System::nanoTime, SlowAcquireWatch.Timer.ofSystem());
    }

    /// With a test's time.
    static BufferPool create(BufferPoolSettings settings, LongSupplier clock,
            SlowAcquireWatch.Timer timer) {
        return new BufferPool(settings, clock, timer);
    }

    /// A slot if one is free now.
    ///
    /// @throws WalException.Closed when the pool is closed
    /// @throws WalException.BufferMisuse when the pool is strict and the slot was written to after
    ///     its last holder gave it back; so do the other methods that acquire
    public Optional<BufferLease> tryAcquire() {
        Throwable site = leaks.site();
        int slot;
        lock.lock();
        try {
            requireOpen();
            if (!queue.isAnyFree()) {
                return Optional.empty();
            }
            slot = queue.take();
        } finally {
            lock.unlock();
        }
        return Optional.of(leaseOrGiveBack(slot, site));
    }

    /// A slot, once one is free.
    ///
    /// @throws WalException.Closed when the pool is closed, before or while waiting
    public BufferLease acquire() throws InterruptedException {
        return await(request(), Long.MAX_VALUE).orElseThrow();
    }

    /// A slot, if one gets free in time.
    ///
    /// @throws WalException.Closed when the pool is closed, before or while waiting
    public Optional<BufferLease> acquire(Duration timeout) throws InterruptedException {
        return await(request(), TimeUnit.NANOSECONDS.convert(timeout));
    }

    /// A promise of a slot. Completing or cancelling its future gives up the place in the queue.
    ///
    /// Actions attached to the promise run on the thread that gives a slot back; they must not
    /// block. The promise fails with `WalException.Closed` when the pool is closed first.
    ///
    /// @throws WalException.Closed when the pool is closed already
    public CompletionStage<BufferLease> acquireAsync() {
        return request();
    }

    /// A buffer of its own, for what is larger than a slot; its size is rounded up to whole pages.
    ///
    /// @throws WalException.Overloaded when one-off buffers take too much memory already
    /// @throws WalException.Closed when the pool is closed
    public BufferLease unpooled(long sizeBytes) {
        long bytes = Alignment.PAGE.up(Math.max(1, sizeBytes));
        requireOpenNow();
        oneOffs.reserve(bytes);
        try {
            return BufferLease.ofOneOff(this, OneOff.allocate(bytes, settings.strict()),
                    leaks.site());
        } catch (Throwable outOfMemory) {
            oneOffs.giveBack(bytes);
            throw outOfMemory;
        }
    }

    public int slotBytes() {
        return settings.slotBytes();
    }

    /// The memory that all slots lie in; for registering it with the kernel, not for use.
    public MemorySegment slab() {
        return memory.slab();
    }

    public PoolStatistics statistics() {
        long leaksFound = leaks.leaks();
        lock.lock();
        try {
            return new PoolStatistics(settings.name(), settings.slotBytes(), settings.slots(),
                    queue.leased(), queue.leasedPeak(), queue.acquires(), queue.waits(),
                    oneOffs.buffers(), oneOffs.bytes(), misuse, leaksFound, memory.state());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        List<Waiter> waiting;
        boolean unused;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting = queue.leaveAll();
            unused = queue.isAllFree();
        } finally {
            lock.unlock();
        }
        waiting.forEach(waiter -> waiter.completeExceptionally(closedException()));
        if (unused) {
            memory.close();
        }
    }

    String name() {
        return settings.name();
    }

    LeakDetector leaks() {
        return leaks;
    }

    // ---- what leases call

    /// Takes a slot back: it goes to the longest waiting, or gets free.
    void giveBack(int slot) {
        String damage = memory.mendGuards(slot);
        memory.poison(slot);
        passOn(slot);
        if (damage != null) {
            onMisuse(new WalException.BufferMisuse(settings.name(), slot, damage));
        }
    }

    void giveBack(OneOff oneOff) {
        String damage = oneOff.release();
        oneOffs.giveBack(oneOff.memory().byteSize());
        if (damage != null) {
            onMisuse(new WalException.BufferMisuse(
                    settings.name(), BufferLease.UNPOOLED, damage));
        }
    }

    /// Counts it, and throws it where the pool is strict.
    void onMisuse(WalException.BufferMisuse found) {
        countMisuse();
        if (settings.strict()) {
            throw found;
        }
    }

    // ---- the way of a slot

    private Waiter request() {
        Waiter waiter = new Waiter(leaks.site());
        int slot;
        lock.lock();
        try {
            requireOpen();
            if (!queue.isAnyFree()) {
                queue.join(waiter, slowAcquires.now());
                slot = -1;
            } else {
                slot = queue.take();
            }
        } finally {
            lock.unlock();
        }
        if (slot < 0) {
            waiter.whenComplete((_, _) -> leave(waiter));
            slowAcquires.onWaiting();
        } else {
            waiter.complete(leaseOrGiveBack(slot, waiter.site));
        }
        return waiter;
    }

    private Optional<BufferLease> await(Waiter waiter, long timeoutNanos)
            throws InterruptedException {
        try {
            return Optional.of(waiter.get(timeoutNanos, TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            // A slot that arrived between the time-out and the cancel is taken after all.
            return waiter.cancel(false) ? Optional.empty() : await(waiter, Long.MAX_VALUE);
        } catch (InterruptedException interrupt) {
            if (!waiter.cancel(false)) {
                waiter.thenAccept(BufferLease::close);
            }
            throw interrupt;
        } catch (ExecutionException failed) {
            throw (RuntimeException) failed.getCause();
        }
    }

    private void leave(Waiter waiter) {
        lock.lock();
        try {
            queue.leave(waiter);
        } finally {
            lock.unlock();
        }
    }

    private void passOn(int slot) {
        Waiter next;
        boolean unused;
        lock.lock();
        try {
            next = queue.passOn(slot);
            unused = closed && queue.isAllFree();
        } finally {
            lock.unlock();
        }
        if (unused) {
            memory.close();
        } else if (next != null) {
            HandOver.run(() -> serve(next, slot));
        }
    }

    /// Outside the lock, because completing a waiter runs what its owner attached to it.
    private void serve(Waiter waiter, int slot) {
        BufferLease lease;
        try {
            lease = leaseOrGiveBack(slot, waiter.site);
        } catch (WalException.BufferMisuse writtenAfterRelease) {
            waiter.completeExceptionally(writtenAfterRelease);
            return;
        }
        if (!waiter.complete(lease)) {
            leaks.onGivenBack(lease.trace());
            notTaken();
            passOn(slot);
        }
    }

    private BufferLease leaseOrGiveBack(int slot, Throwable site) {
        long damage = memory.firstDamage(slot);
        if (damage < 0) {
            return BufferLease.ofSlot(this, slot, memory.of(slot), site);
        }
        countMisuse();
        notTaken();
        memory.poison(slot);
        passOn(slot);
        throw new WalException.BufferMisuse(settings.name(), slot, "was written to at offset "
                + damage + " after it was given back");
    }

    // ---- counts and state

    private void notTaken() {
        lock.lock();
        try {
            queue.notTaken();
        } finally {
            lock.unlock();
        }
    }

    private void countMisuse() {
        lock.lock();
        try {
            misuse++;
        } finally {
            lock.unlock();
        }
    }

    private OptionalLong longestWaitingSince() {
        lock.lock();
        try {
            return queue.longestWaitingSince();
        } finally {
            lock.unlock();
        }
    }

    private String occupancy() {
        PoolStatistics now = statistics();
        return "buffer pool '" + now.name() + "' has lent " + now.leased() + " of its "
                + now.slots() + " slots of " + now.slotBytes() + " bytes";
    }

    private void requireOpenNow() {
        lock.lock();
        try {
            requireOpen();
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw closedException();
        }
    }

    private WalException.Closed closedException() {
        return new WalException.Closed("buffer pool '" + settings.name() + "'");
    }
}
