package io.duramen.wal.streams;

import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.Appended;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.util.ByteString;

/// Sinks that append to a log.
public final class WalSink {
    private WalSink() {
    }

    /// Appends each element as an entry. The materialized value completes when the stream has
    /// completed and every entry is as durable as the configuration asks; it fails as [WalFlow]
    /// does.
    public static Sink<ByteString, CompletionStage<AppendTotal>> append(WalLog log) {
        return total(WalFlow.acknowledging(log));
    }

    /// As [#append(WalLog)], with settings of the caller's.
    public static Sink<ByteString, CompletionStage<AppendTotal>> append(WalLog log,
            AppendSettings settings) {
        return total(WalFlow.acknowledging(log, settings));
    }

    /// Appends each list as an atomic batch; see [WalFlow#appendBatches(WalLog)].
    public static Sink<List<ByteString>, CompletionStage<AppendTotal>> appendBatches(WalLog log) {
        return total(WalFlow.appendBatches(log));
    }

    /// As [#appendBatches(WalLog)], with settings of the caller's.
    public static Sink<List<ByteString>, CompletionStage<AppendTotal>> appendBatches(WalLog log,
            AppendSettings settings) {
        return total(WalFlow.appendBatches(log, settings));
    }

    private static <E> Sink<E, CompletionStage<AppendTotal>> total(
            Flow<E, Appended, NotUsed> appends) {
        return appends.toMat(Sink.fold(AppendTotal.NOTHING,
                (total, run) -> new AppendTotal(total.entries() + run.lastId() - run.firstId() + 1,
                        OptionalLong.of(run.lastId()))),
                Keep.right());
    }
}
