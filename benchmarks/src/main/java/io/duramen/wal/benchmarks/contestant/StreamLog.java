package io.duramen.wal.benchmarks.contestant;

import io.duramen.wal.actors.WalLog;
import io.duramen.wal.benchmarks.harness.Parameters;
import io.duramen.wal.streams.AppendSettings;
import io.duramen.wal.streams.AppendTotal;
import io.duramen.wal.streams.WalSink;
import io.duramen.wal.streams.WalSource;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// A log of ours as a sink and a source, with settings as shipped.
final class StreamLog implements Contestant.Bulk, Contestant.Replaying {
    private final WalSystem wal;
    private final WalLog log;
    private final ByteString element;
    private final AppendSettings settings;

    static StreamLog open(Path directory, Parameters parameters) {
        WalSystem wal = new WalSystem(directory, parameters);
        try {
            return new StreamLog(wal, wal.open("bench"), parameters);
        } catch (RuntimeException | Error failure) {
            wal.close();
            throw failure;
        }
    }

    private StreamLog(WalSystem wal, WalLog log, Parameters parameters) {
        this.wal = wal;
        this.log = log;
        this.element = ByteString.fromArrayUnsafe(TestPayload.of(parameters));
        this.settings = AppendSettings.create(wal.system().classicSystem())
                .withDurability(LogOptions.durability(parameters));
    }

    @Override
    public Map<String, String> facts() {
        return wal.facts(log);
    }

    @Override
    public void appendAll(long count) {
        AppendTotal total = Source.repeat(element).take(count)
                .runWith(WalSink.append(log, settings), wal.system()).toCompletableFuture().join();
        if (total.entries() != count) {
            throw new IllegalStateException("appended " + total.entries() + " of " + count);
        }
    }

    @Override
    public long replay() {
        ByteCount seen = new ByteCount();
        WalSource.current(log).runForeach(entry -> seen.add(entry.bytes()), wal.system())
                .toCompletableFuture().join();
        return seen.bytes();
    }

    @Override
    public void close() {
        wal.close();
    }
}
