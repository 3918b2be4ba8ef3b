package io.duramen.wal.actors;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.typesafe.config.ConfigFactory;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.io.posix.PosixScheduler;
import io.duramen.wal.io.posix.PosixSchedulerSettings;
import io.duramen.wal.io.uring.UringScheduler;
import io.duramen.wal.io.uring.UringSchedulerSettings;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogInfo;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogView;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.StatusReply;

/// Logs as actors on a real disk, whose scheduler, free space and clock a test has in its hands.
final class LogWorld implements AutoCloseable {
    static final LogId ORDERS = LogId.of("orders");
    static final LogSettings SMALL =
            LogSettings.defaults().withFragmentSizeBytes(64 << 10).withFragmentEntriesMax(700);

    final ActorTestKit kit = ActorTestKit.create("logs", ConfigFactory.load());
    final Path base;
    final ScriptedScheduler scheduler;
    final FillableDisk disk = new FillableDisk(new PosixDisk());
    final BufferPool pool;
    final WalResources resources;
    final WalSettings wal;
    final PendingBytes pending = new PendingBytes(10 << 20);
    final LogLife life = new LogLife(LogMeter.of(ORDERS), _ -> {});
    private final IoMode ioMode;
    volatile Duration ahead = Duration.ZERO;
    private final ExecutorService blocking = Executors.newCachedThreadPool();
    private final LogEnvironment environment;

    LogWorld(Path base) {
        this(base, IoMode.BUFFERED, IoDriver.POSIX);
    }

    LogWorld(Path base, IoMode ioMode, IoDriver ioDriver) {
        this(base, ioMode, ioDriver, Duration.ofSeconds(30));
    }

    LogWorld(Path base, IoMode ioMode, IoDriver ioDriver, Duration idleTimeout) {
        this(base, ioMode, ioDriver, idleTimeout, 256 << 10);
    }

    /// @param bufferBytes size of the pool's buffers, and so of the largest groups
    static LogWorld withBuffersOf(int bufferBytes, Path base) {
        return new LogWorld(base, IoMode.BUFFERED, IoDriver.POSIX, Duration.ofSeconds(30),
                bufferBytes);
    }

    private LogWorld(Path base, IoMode ioMode, IoDriver ioDriver, Duration idleTimeout,
            int bufferBytes) {
        this.base = base;
        this.ioMode = ioMode;
        WalSettings loaded = WalSettings.create(kit.system());
        BufferPoolSettings pooled = new BufferPoolSettings("test", bufferBytes, 4, true, 8 << 20);
        wal = new WalSettings(base, ioDriver, 2, pooled, loaded.inFlightBytesMax(),
                loaded.pendingBytesMax(), SMALL,
                loaded.logs(),
                idleTimeout, Duration.ofMillis(5), loaded.batchEntriesMax(),
                loaded.batchBytesMax(), loaded.shutdownTimeout(), Duration.ZERO,
                loaded.slowSyncWarning(), loaded.freeSpaceMin());
        pool = BufferPool.create(pooled);
        scheduler = new ScriptedScheduler(schedulerOf(ioDriver, pool));
        Clock clock = Clock.systemUTC();
        environment = new LogEnvironment(disk, scheduler, pool,
                () -> Instant.now(clock).plus(ahead), new Random()::nextLong, blocking,
                Executors.newSingleThreadScheduledExecutor());
        resources = new WalResources(environment,
                kit.spawn(IoSchedulerActor.create(scheduler, wal.inFlightBytesMax())), blocking,
                pending);
    }

    private static IoScheduler schedulerOf(IoDriver driver, BufferPool pool) {
        IoDriver.Choice choice = IoDriver.AUTO.choose();
        assumeTrue(driver == IoDriver.POSIX || choice.driver() == driver, choice.reason());
        return driver == IoDriver.POSIX
                ? PosixScheduler.create(new PosixSchedulerSettings(2, 64))
                : UringScheduler.create(new UringSchedulerSettings(64, 64), pool.slab());
    }

    LogSettings small() {
        return SMALL.withIoMode(ioMode);
    }

    /// The first operation of a group that is to be synced.
    Predicate<IoChain> firstStep() {
        return ScriptedScheduler.with(ioMode == IoMode.MAPPED ? IoOperation.Fdatasync.class
                : IoOperation.Write.class);
    }

    ActorRef<LogActor.Command> log(LogSettings settings) {
        return log(settings, wal);
    }

    ActorRef<LogActor.Command> log(LogSettings settings, WalSettings walSettings) {
        return kit.spawn(OpeningLog.create(new OpeningLog.Plan(ORDERS, base,
                settings.withIoMode(ioMode), walSettings, resources.ofLog(), life)),
                DispatcherSelector.defaultDispatcher());
    }

    static Behavior<LogActor.Command> actorOf(LogId id, Path base, LogSettings settings,
            WalSettings wal, WalResources resources) {
        return OpeningLog.create(new OpeningLog.Plan(id, base, settings, wal, resources.ofLog(),
                new LogLife(LogMeter.of(id), _ -> {})));
    }

    /// Settings with which a log rests when it has not been used in this time.
    WalSettings restingAfter(Duration idle) {
        return new WalSettings(wal.basePath(), wal.ioDriver(), wal.ioThreads(), wal.pool(),
                wal.inFlightBytesMax(), wal.pendingBytesMax(), wal.logDefaults(), wal.logs(),
                wal.fragmentIdleTimeout(),
                wal.viewInterval(), wal.batchEntriesMax(), wal.batchBytesMax(),
                wal.shutdownTimeout(), idle, wal.slowSyncWarning(), wal.freeSpaceMin());
    }

    ActorRef<ViewActor.Command> view() {
        return kit.spawn(ViewActor.create(new ViewActor.Plan(ORDERS, wal.viewInterval(), resources,
                () -> LogView.open(base, ORDERS, disk, scheduler),
                new LogLife(LogMeter.of(ORDERS), _ -> {}))));
    }

    <T> TestProbe<T> probe() {
        return kit.createTestProbe();
    }

    static List<Payload> payloads(int count, int bytes) {
        return IntStream.range(0, count).mapToObj(_ -> Payload.of(new byte[bytes])).toList();
    }

    static LogRequest.Append append(Durability durability, int count, int bytes,
            TestProbe<LogRequest.AppendAnswer> probe) {
        return new LogRequest.Append(payloads(count, bytes), durability, probe.ref());
    }

    /// Appends, durably, and waits for it.
    LogRequest.AppendAnswer appended(ActorRef<? super LogRequest> log, int count, int bytes) {
        TestProbe<LogRequest.AppendAnswer> probe = probe();
        log.tell(append(Durability.SYNCED, count, bytes, probe));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    LogInfo info(ActorRef<? super LogRequest> log) {
        TestProbe<StatusReply<LogInfo>> probe = probe();
        log.tell(new LogRequest.Describe(probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20)).getValue();
    }

    LogRequest.ReadAnswer lent(ActorRef<? super LogRequest> log, long entryId, LeaseSlot slot) {
        TestProbe<LogRequest.ReadAnswer> probe = probe();
        log.tell(new LogRequest.Lend(entryId, slot, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    LogRequest.ReadAnswer visible(ActorRef<? super LogRequest> log, long entryId) {
        TestProbe<LogRequest.ReadAnswer> probe = probe();
        log.tell(new LogRequest.AwaitVisible(entryId, probe.ref()));
        return probe.receiveMessage(Duration.ofSeconds(20));
    }

    void close(ActorRef<? super LogRequest> log) {
        TestProbe<Done> probe = probe();
        log.tell(new LogRequest.Close(probe.ref()));
        probe.receiveMessage(Duration.ofSeconds(20));
    }

    /// What is in the log, as the core reads it: the sizes of its entries, by id.
    List<Integer> entrySizes() {
        List<Integer> sizes = new ArrayList<>();
        try (DiskLog log = DiskLog.open(base, ORDERS, small(), environment);
                LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            for (Entry entry : reader) {
                sizes.add(entry.sizeBytes());
            }
        }
        return sizes;
    }

    /// As another writer would, while the log rests.
    void truncateElsewhere(long lastId) {
        try (DiskLog log = DiskLog.open(base, ORDERS, small(), environment)) {
            log.truncateAfter(lastId);
        }
    }

    void await(java.util.function.BooleanSupplier condition) {
        probe().awaitAssert(Duration.ofSeconds(20), Duration.ofMillis(5), () -> {
            if (!condition.getAsBoolean()) {
                throw new AssertionError("it did not come true");
            }
            return null;
        });
    }

    boolean isLocked() {
        return disk.isLocked(ORDERS.directoryIn(base).resolve("LOCK"));
    }

    /// Open descriptors of files in the log's directory.
    long openFiles() {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.filter(this::isOurs).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean isOurs(Path link) {
        try {
            return Files.readSymbolicLink(link).startsWith(base);
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    /// Mappings of files in the log's directory.
    long mappings() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(base.toString())).count();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        scheduler.release();
        kit.shutdownTestKit();
        environment.close();
    }
}
