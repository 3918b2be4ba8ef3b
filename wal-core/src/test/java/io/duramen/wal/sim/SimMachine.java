package io.duramen.wal.sim;

import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntUnaryOperator;

/// A simulated machine from one start to the next: disk, time, threads. After a crash another one
/// takes its place, and what one does is not known to others that come after the same crash: the
/// same is done in the same way.
final class SimMachine {
    static final Path BASE = Path.of("/data/logs");
    private static final BufferPool POOL = BufferPool.create(
            new BufferPoolSettings("sim", 16 << 10, 4, true, 1 << 20));
    private static final Duration STEP_MAX = Duration.ofMillis(2);
    private static final Duration RESTART = Duration.ofSeconds(1);
    private static final Duration STALL_MAX = Duration.ofMillis(400);

    private final Dice dice;
    private final AtomicLong generations;
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
        return new SimMachine(dice, new AtomicLong(first << 32), new SimClock(), disk);
    }

    private SimMachine(Dice dice, AtomicLong generations, SimClock clock, SimDisk disk) {
        this.dice = dice;
        this.generations = generations;
        this.clock = clock;
        this.disk = disk;
        this.threads = new SimThreads(dice);
        SimTimer timer = new SimTimer(clock);
        environment = new LogEnvironment(disk, new SimScheduler(), POOL, clock,
                generations::incrementAndGet, threads, timer);
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
        return next(disk.afterProcessEnd(new SimFaults(dice)));
    }

    /// The machine when the power is back.
    SimMachine afterPowerFailure(IntUnaryOperator choose, Arena nextMemory) {
        stop();
        return afterPowerFailure(disk.imageAfterPowerFailure(choose), nextMemory);
    }

    /// The machine when the power is back; this one has stopped.
    SimMachine afterPowerFailure(SimImage image, Arena nextMemory) {
        return next(SimDisk.holding(image, nextMemory, new SimFaults(dice)));
    }

    private SimMachine next(SimDisk nextDisk) {
        return new SimMachine(dice, new AtomicLong(generations.get()),
                new SimClock(clock.instant().plus(RESTART)), nextDisk);
    }

    /// True where every buffer was given back.
    static boolean hasAllBuffers() {
        return POOL.statistics().leased() == 0;
    }
}
