package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// A log of three fragments on a simulated disk, as files to be damaged: groups of one to four
/// entries of many sizes. The last fragment is not sealed.
final class SimLog {
    static final Path BASE = Path.of("/sim");
    static final LogId ID = LogId.of("orders");
    static final Path DIRECTORY = ID.directoryIn(BASE);
    static final Path LOCK = DIRECTORY.resolve("LOCK");
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
        return write(true);
    }

    /// The files of a log whose writer was killed after its last acknowledgement.
    static Map<Path, byte[]> crashed() {
        return write(false);
    }

    /// As [#crashed()], with a group behind it that holds an entry, an atomic batch of three and
    /// another entry, all of them promised.
    static Map<Path, byte[]> withBatch(Path lastFragment) {
        Map<Path, byte[]> files = new TreeMap<>(crashed());
        try (Arena memory = Arena.ofConfined(); BufferLease buffer = POOL.unpooled(4096)) {
            MemorySegment bytes = memory.allocate(files.get(lastFragment).length, 8);
            bytes.copyFrom(MemorySegment.ofArray(files.get(lastFragment)));
            FragmentHeader header = FragmentHeader.readFrom(bytes, lastFragment);
            FragmentWriter writer = FragmentWriter.resume(header, FragmentScan.of(header, bytes));
            OpenGroup group = writer.beginGroup(GroupMemory.in(buffer));
            for (int id = ENTRIES; id < ENTRIES + 5; id++) {
                boolean continues = id == ENTRIES + 1 || id == ENTRIES + 2;
                group.add(Payload.of(payload(id).getBytes(US_ASCII)), continues);
            }
            group.close(ENTRIES - 1, 1);
            MemorySegment encoded = group.piece().bytes();
            bytes.asSlice(group.fileOffset(), encoded.byteSize()).copyFrom(encoded);
            files.put(lastFragment, bytes.toArray(ValueLayout.JAVA_BYTE));
            MemorySegment page = memory.allocate(WriterStatus.BYTES, 8);
            page.copyFrom(MemorySegment.ofArray(files.get(LOCK)));
            new WriterStatus(page).written(ENTRIES + 4);
            new WriterStatus(page).durable(ENTRIES + 4);
            files.put(LOCK, page.toArray(ValueLayout.JAVA_BYTE));
        }
        return files;
    }

    private static Map<Path, byte[]> write(boolean close) {
        try (Arena memory = Arena.ofConfined()) {
            SimDisk disk = SimDisk.holding(Map.of(), memory);
            disk.createDirectory(BASE);
            DeferringExecutor background = new DeferringExecutor();
            DiskLog log = DiskLog.open(BASE, ID, SETTINGS, environment(disk, background));
            for (int id = 0; id < ENTRIES;) {
                background.defer();
                for (int i = id % 4; i >= 0 && id < ENTRIES; i--) {
                    log.appendAsync(Payload.of(payload(id++).getBytes(US_ASCII)),
                            Durability.SYNCED);
                }
                background.proceed();
            }
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
