package io.duramen.wal.streams;

import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.Appended;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/// Flows that append to a log.
///
/// They fail with a `WalException` that says whether what was not acknowledged is in the log:
/// `OutcomeUnknown` where nobody can tell, any other where it is not. What they emitted is in the
/// log.
public final class WalFlow {
    private WalFlow() {
    }

    /// Appends each element as an entry, and emits its id once the entry is as durable as the
    /// configuration asks, in order.
    public static Flow<ByteString, Long, NotUsed> append(WalLog log) {
        return ids(acknowledging(log));
    }

    /// As [#append(WalLog)], with settings of the caller's.
    public static Flow<ByteString, Long, NotUsed> append(WalLog log, AppendSettings settings) {
        return ids(acknowledging(log, settings));
    }

    /// Appends each element as an entry, and emits the log's acknowledgements as they come, each
    /// for a run of entries: the ranges are dense and in order.
    public static Flow<ByteString, Appended, NotUsed> acknowledging(WalLog log) {
        return Flow.fromMaterializer((materializer, _) -> acknowledging(log,
                AppendSettings.create(materializer::system, log.id())))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    /// As [#acknowledging(WalLog)], with settings of the caller's.
    public static Flow<ByteString, Appended, NotUsed> acknowledging(WalLog log,
            AppendSettings settings) {
        return Flow.fromGraph(AppendStage.entries(log, settings)).named("walAppend");
    }

    /// Appends each list as an atomic batch, which a crash leaves in the log whole or not at all,
    /// and emits an acknowledgement for each. An empty list is passed over. One that does not fit a
    /// fragment fails the stream with `WalException.TooLarge`.
    public static Flow<List<ByteString>, Appended, NotUsed> appendBatches(WalLog log) {
        return Flow.fromMaterializer((materializer, _) -> appendBatches(log,
                AppendSettings.create(materializer::system, log.id())))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    /// As [#appendBatches(WalLog)], with settings of the caller's; a batch is what the element is,
    /// whatever they say of batches.
    public static Flow<List<ByteString>, Appended, NotUsed> appendBatches(WalLog log,
            AppendSettings settings) {
        return Flow.fromGraph(AppendStage.batches(log, settings)).named("walAppendBatches");
    }

    private static Flow<ByteString, Long, NotUsed>
            ids(Flow<ByteString, Appended, NotUsed> appends) {
        return appends.flatMapConcat(run -> Source.range(0, (int) (run.lastId() - run.firstId()))
                .map(number -> run.firstId() + number));
    }
}
