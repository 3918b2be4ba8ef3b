package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// A log of three fragments on a simulated disk, as files to be damaged: groups of one to four
/// entries of many sizes. The last fragment is not sealed.
final class SimLog {
    static final Path BASE = Path.of("/sim");
    static final LogId ID = LogId.of("orders");
    static final Path DIRECTORY = ID.directoryIn(BASE);
    static final Path LOCK = DIRECTORY.resolve("LOCK");
    static final Path HEAD = DIRECTORY.resolve("head_%020d".formatted(0));
    static final int ENTRIES = 30;
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(12);
    private static final BufferPool POOL = BufferPool.create(
            new BufferPoolSettings("damage", 16 << 10, 4, true, 1 << 20));
    private static final ScheduledExecutorService TIMER = Executors
            .newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

    private SimLog() {}

    /// What stands for an entry that cannot be read: it is damaged, or marked as lost.
    static final String DAMAGED = "(damaged)";
    static final String LOST = "(lost)";

    static String payload(long id) {
        return id + "=" + "x".repeat((int) (id * 7 % 41));
    }

    /// The files of a log that was closed in order.
    static Map<Path, byte[]> closed() {
        return write(true, _ -> {});
    }

    /// The files of a log whose writer was killed after its last acknowledgement.
    static Map<Path, byte[]> crashed() {
        return write(false, _ -> {});
    }

    /// As [#crashed()], with a group behind it that holds an entry, an atomic batch of three and
    /// another entry.
    static Map<Path, byte[]> crashedBehindBatch() {
        return write(false, SimLog::appendWithBatch);
    }

    private static void appendWithBatch(DiskLog log) {
        log.appendAsync(entry(ENTRIES), Durability.SYNCED);
        log.appendBatchAsync(List.of(entry(ENTRIES + 1), entry(ENTRIES + 2), entry(ENTRIES + 3)),
                Durability.SYNCED);
        log.appendAsync(entry(ENTRIES + 4), Durability.SYNCED);
    }

    private static Payload entry(long id) {
        return Payload.of(payload(id).getBytes(US_ASCII));
    }

    /// @param lastGroup appends more, in one group
    private static Map<Path, byte[]> write(boolean close, Consumer<DiskLog> lastGroup) {
        try (Arena memory = Arena.ofConfined()) {
            SimDisk disk = SimDisk.holding(Map.of(), memory);
            disk.createDirectory(BASE);
            DeferringExecutor background = new DeferringExecutor();
            DiskLog log = DiskLog.open(BASE, ID, SETTINGS, environment(disk, background));
            for (int id = 0; id < ENTRIES;) {
                background.defer();
                for (int i = id % 4; i >= 0 && id < ENTRIES; i--) {
                    log.appendAsync(entry(id++), Durability.SYNCED);
                }
                background.proceed();
            }
            background.defer();
            lastGroup.accept(log);
            background.proceed();
            Map<Path, byte[]> open = disk.files();
            log.close();
            return fragmentsOf(close ? disk.files() : open);
        }
    }

    private static Map<Path, byte[]> fragmentsOf(Map<Path, byte[]> files) {
        Map<Path, byte[]> kept = new TreeMap<>(files);
        kept.keySet().removeIf(path -> path.getFileName().toString().startsWith("standby"));
        return kept;
    }

    static LogEnvironment environment(SimDisk disk) {
        return environment(disk, new DeferringExecutor());
    }

    private static LogEnvironment environment(SimDisk disk, DeferringExecutor background) {
        long[] generation = {0x5eed};
        return new LogEnvironment(disk, new SimScheduler(), POOL, Clock.systemUTC(),
                () -> generation[0] += 0x9e3779b97f4a7c15L, background, TIMER);
    }

    static DiskLog open(SimDisk disk) {
        return DiskLog.open(BASE, ID, SETTINGS, environment(disk));
    }

    /// Every id and what a reader gets for it, going on behind what it cannot read.
    static Map<Long, String> contents(DiskLog log) {
        Map<Long, String> contents = new TreeMap<>();
        long next = log.firstId();
        while (next < log.nextId()) {
            next = readFrom(log, next, contents);
        }
        return contents;
    }

    /// @return where to read on
    private static long readFrom(DiskLog log, long id, Map<Long, String> into) {
        try (LogReader reader = log.read(ReadRange.from(id))) {
            try {
                reader.forEachRemaining(entry -> into.put(entry.id(),
                        new String(entry.toByteArray(), US_ASCII)));
                return reader.nextId();
            } catch (WalException.LostEntries lost) {
                for (long each = lost.firstId(); each <= lost.lastId(); each++) {
                    into.put(each, LOST);
                }
                return lost.lastId() + 1;
            } catch (WalException.Corrupt _) {
                into.put(reader.nextId(), DAMAGED);
                return reader.nextId() + 1;
            }
        }
    }
}
