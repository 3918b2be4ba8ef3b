package io.duramen.wal.tools;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.log.LogSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/// Gathers all entries of an input, for one atomic batch; no more of them than fit a fragment.
final class WholeBatch {
    private final LogSettings settings;
    private final List<ByteString> entries = new ArrayList<>();
    private long bytes;

    private WholeBatch(LogSettings settings) {
        this.settings = settings;
    }

    /// Emits the batch when all of the input is there; fails as soon as it is too large.
    ///
    /// @param ended completes with the input, or fails with what is wrong with it
    static Flow<ByteString, List<ByteString>, NotUsed> of(LogSettings settings,
            CompletionStage<?> ended) {
        return Flow.fromMaterializer((_, _) -> Flow.of(ByteString.class)
                .fold(new WholeBatch(settings), WholeBatch::with)
                .mapAsync(1, batch -> ended.thenApply(_ -> batch.entries)))
                .mapMaterializedValue(_ -> NotUsed.getInstance());
    }

    private WholeBatch with(ByteString entry) {
        entries.add(entry);
        bytes += EntryHeader.entryBytes(entry.size());
        if (!settings.fitFragment(bytes, entries.size())) {
            throw WalException.TooLarge.batch(entries.size(), bytes);
        }
        return this;
    }
}
