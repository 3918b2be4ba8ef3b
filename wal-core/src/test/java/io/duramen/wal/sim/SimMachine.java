package io.duramen.wal.sim;

import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;
import java.util.function.LongSupplier;

/// A simulated machine from one start to the next: disk, time, threads. After a crash another one
/// takes its place.
final class SimMachine {
    static final Path BASE = Path.of("/data/logs");
    private static final BufferPool POOL = BufferPool.create(
            new BufferPoolSettings("sim", 16 << 10, 4, true, 1 << 20));
    private static final Duration STEP_MAX = Duration.ofMillis(2);
    private static final Duration RESTART = Duration.ofSeconds(1);
    private static final Duration STALL_MAX = Duration.ofMillis(400);

    private final Dice dice;
    private final LongSupplier generations;
    private final SimClock clock;
    private final SimDisk disk;
    private final SimThreads threads;
    private final LogEnvironment environment;

    /// A machine whose disk holds no log.
    ///
    /// @param dice nobody else's, for what the machine does comes in an order of its own
    /// @param old the only directory there is, and those above it
    static SimMachine first(Dice dice, Arena memory, Path old) {
        SimDisk disk = new SimDisk(memory, new SimFaults(dice));
        disk.addOldDirectory(old);
        long first = dice.below(Integer.MAX_VALUE);
        AtomicLong fragments = new AtomicLong();
        return new SimMachine(dice, () -> first << 32 | fragments.incrementAndGet(),
                new SimClock(), disk);
    }

    private SimMachine(Dice dice, LongSupplier generations, SimClock clock, SimDisk disk) {
        this.dice = dice;
        this.generations = generations;
        this.clock = clock;
        this.disk = disk;
        this.threads = new SimThreads(dice);
        SimTimer timer = new SimTimer(clock);
        environment = new LogEnvironment(disk, new SimScheduler(), POOL, clock, generations,
                threads, timer);
        disk.faults().beforeEachStep(() -> {
            threads.takeTurns();
            disk.noteStores();
            passTime();
            timer.runDue();
        });
    }

    /// The disk works, and now and then stalls.
    private void passTime() {
        Duration most = dice.once(100) ? STALL_MAX : STEP_MAX;
        clock.advance(Duration.ofNanos(dice.below((int) most.toNanos())));
    }

    SimClock clock() {
        return clock;
    }

    SimDisk disk() {
        return disk;
    }

    SimFaults faults() {
        return disk.faults();
    }

    LogEnvironment environment() {
        return environment;
    }

    /// Background work may go on now.
    void giveWay() {
        threads.takeTurns();
    }

    /// What was appended and not waited for is written.
    void awaitCommits() {
        threads.awaitCommits();
    }

    /// What runs in the background has ended.
    void awaitBackground() {
        threads.drain();
    }

    /// Nothing runs any more; background work that still has steps to do fails in them.
    void stop() {
        disk.faults().turnOff();
        threads.drain();
    }

    /// The same machine after the process has been killed: the system shows what it showed.
    SimMachine afterProcessEnd() {
        stop();
        clock.advance(RESTART);
        return new SimMachine(dice, generations, clock,
                disk.afterProcessEnd(new SimFaults(dice)));
    }

    /// The machine when the power is back.
    SimMachine afterPowerFailure(IntUnaryOperator choose, Arena nextMemory) {
        stop();
        clock.advance(RESTART);
        return new SimMachine(dice, generations, clock,
                disk.afterPowerFailure(choose, nextMemory, new SimFaults(dice)));
    }

    /// True where every buffer was given back.
    static boolean hasAllBuffers() {
        return POOL.statistics().leased() == 0;
    }
}
