package io.duramen.wal.benchmarks.workload;

import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What is done for each entry in memory, by ours and by the JDK alone, for JMH. `HotPaths` runs
/// it.
@State(Scope.Thread)
public class HotPath {
    static final int ENTRIES = 128;
    private static final long LOG_ENTRIES = 16 * ENTRIES;

    /// Set by JMH.
    @Param("256")
    public int payloadBytes;
    /// Set by JMH: where a log may be created.
    @Param(".")
    public String folder;

    private BufferPool pool;
    private Payload payload;
    private MemorySegment source;
    private MemorySegment target;
    private ByteBuffer targetBuffer;
    private FragmentHeader header;
    private FragmentWriter writer;
    private DiskLog log;
    private LogReader reader;

    @Setup
    public void open() {
        pool = BufferPool.create(new BufferPoolSettings("bench", LogEnvironment.GROUP_BYTES, 2,
                false, 0));
        byte[] bytes = new byte[payloadBytes];
        new Random(0).nextBytes(bytes);
        payload = Payload.of(bytes);
        source = MemorySegment.ofArray(bytes);
        targetBuffer = ByteBuffer.allocateDirect(LogEnvironment.GROUP_BYTES);
        target = MemorySegment.ofBuffer(targetBuffer);
        LogSettings settings = LogSettings.defaults().withDurability(Durability.WRITTEN);
        header = new FragmentHeader(FragmentHeader.hashOf("bench"), 1, 0,
                settings.fragmentSizeBytes(), FragmentGeometry.BLOCK_BYTES, 1, 1, -1, 0);
        log = DiskLog.open(Path.of(folder), LogId.of("bench"), settings);
        for (long i = 0; i < LOG_ENTRIES; i++) {
            log.append(payload);
        }
    }

    @TearDown
    public void close() {
        if (reader != null) {
            reader.close();
        }
        log.close();
        pool.close();
    }

    /// A group is encoded in a buffer of the pool.
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long encode() throws InterruptedException {
        if (writer == null
                || !writer.holds(ENTRIES * EntryHeader.entryBytes(payloadBytes), ENTRIES)) {
            writer = FragmentWriter.create(header);
        }
        OpenGroup group = writer.beginGroup(GroupMemory.in(pool.acquire()));
        long id = 0;
        for (int i = 0; i < ENTRIES; i++) {
            id = group.add(payload, false);
        }
        group.close(-1, 1);
        group.release();
        return id;
    }

    /// Payloads are copied one behind the other, and a checksum computed of each.
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long copyAndChecksum() {
        long sum = 0;
        int offset = 0;
        for (int i = 0; i < ENTRIES; i++) {
            MemorySegment.copy(source, 0, target, offset, payloadBytes);
            sum += checksumAt(offset);
            offset += payloadBytes;
        }
        return sum;
    }

    private long checksumAt(int offset) {
        CRC32C crc = new CRC32C();
        crc.update(targetBuffer.limit(offset + payloadBytes).position(offset));
        return crc.getValue();
    }

    /// Entries are read from a log in the page cache, and their first bytes looked at.
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long read() {
        long sum = 0;
        for (int i = 0; i < ENTRIES; i++) {
            if (reader == null || !reader.hasNext()) {
                reread();
            }
            Entry entry = reader.next();
            sum += entry.memory().get(ValueLayout.JAVA_BYTE, 0);
        }
        return sum;
    }

    private void reread() {
        if (reader != null) {
            reader.close();
        }
        reader = log.read(ReadRange.from(0));
    }

    /// A checksum is computed of payloads that lie one behind the other.
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long checksum() {
        long sum = 0;
        for (int i = 0; i < ENTRIES; i++) {
            sum += checksumAt(i * payloadBytes);
        }
        return sum;
    }
}
