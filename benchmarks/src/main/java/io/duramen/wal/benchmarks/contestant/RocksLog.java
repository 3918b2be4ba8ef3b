package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.benchmarks.harness.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/// RocksDB as a log: keys that count up, its write-ahead log on. Log files are recycled and writes
/// pipelined, as its own pages on WAL performance advise; memtables are large and compaction is
/// off, so that it does nothing but take entries.
final class RocksLog implements Contestant.Calling, Contestant.Bulk, Contestant.Replaying {
    private static final long WRITE_BUFFER_BYTES = 256L << 20;
    private static final int WRITE_BUFFERS = 4;
    private static final int RECYCLED_LOGS = 4;
    private static final int NO_LIMIT = 1 << 20;

    private final Options options;
    private final WriteOptions writes;
    private final RocksDB db;
    private final ByteBuffer payload;
    private final boolean synced;
    private final AtomicLong nextKey = new AtomicLong();

    static RocksLog open(Path directory, Parameters parameters)
            throws IOException, RocksDBException {
        Files.createDirectories(directory);
        RocksDB.loadLibrary();
        Options options = new Options().setCreateIfMissing(true).setEnablePipelinedWrite(true)
                .setRecycleLogFileNum(RECYCLED_LOGS).setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(WRITE_BUFFERS).setDisableAutoCompactions(true)
                .setLevel0SlowdownWritesTrigger(NO_LIMIT).setLevel0StopWritesTrigger(NO_LIMIT)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        try {
            return new RocksLog(options, RocksDB.open(options, directory.toString()), parameters);
        } catch (RocksDBException | RuntimeException refused) {
            options.close();
            throw refused;
        }
    }

    private RocksLog(Options options, RocksDB db, Parameters parameters) {
        this.options = options;
        this.db = db;
        this.synced = parameters.isSynced();
        this.writes = new WriteOptions().setSync(synced);
        this.payload = TestPayload.direct(parameters);
        try (RocksIterator last = db.newIterator()) {
            last.seekToLast();
            if (last.isValid()) {
                nextKey.set(ByteBuffer.wrap(last.key()).getLong() + 1);
            }
        }
    }

    @Override
    public Map<String, String> facts() {
        return Map.of(DRIVER, "rocksdbjni", MODE, "buffered", SYNC,
                synced ? "before each answer" : "never");
    }

    @Override
    public Caller caller() {
        ByteBuffer key = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer value = payload.duplicate();
        return () -> {
            long id = nextKey.getAndIncrement();
            db.put(writes, key.clear().putLong(0, id), value.rewind());
            return id;
        };
    }

    @Override
    public void appendAll(long count) throws Exception {
        Caller caller = caller();
        for (long i = 0; i < count; i++) {
            caller.append();
        }
    }

    @Override
    public long replay() {
        long bytes = 0;
        long seen = 0;
        ByteBuffer value = ByteBuffer.allocateDirect(payload.limit());
        try (RocksIterator at = db.newIterator()) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                bytes += at.value(value.clear());
                seen += value.get(0);
            }
        }
        Sight.of(seen);
        return bytes;
    }

    @Override
    public void close() {
        db.close();
        writes.close();
        options.close();
    }
}
