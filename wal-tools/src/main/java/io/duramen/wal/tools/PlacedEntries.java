package io.duramen.wal.tools;

import io.duramen.wal.actors.WalLog;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.AppendedAt;
import io.duramen.wal.log.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/// Entries that are appended at ids of their own, one behind the other: again, where it is not
/// known how far an earlier run came. Belongs to one stream.
final class PlacedEntries {
    private static final long GROUP_BYTES = 1 << 20;

    private final WalLog log;
    private final Durability durability;
    private final long endId;
    private long nextId;

    /// @param endId the id after the last entry that the log has
    PlacedEntries(WalLog log, long firstId, long endId, Durability durability) {
        this.log = log;
        this.nextId = firstId;
        this.endId = endId;
        this.durability = durability;
    }

    /// Appends each entry by itself; what comes while some are under way is the next group.
    Flow<ByteString, AppendedAt, NotUsed> each() {
        return Flow.of(ByteString.class)
                .batchWeighted(GROUP_BYTES, entry -> EntryHeader.entryBytes(entry.size()),
                        PlacedEntries::first, PlacedEntries::with)
                .mapAsync(1, this::appendEach).mapConcat(answers -> answers)
                .map(LogSession::await);
    }

    /// Appends all entries of an element as one atomic batch.
    Flow<List<ByteString>, AppendedAt, NotUsed> batch() {
        return Flow.<List<ByteString>> create().filterNot(List::isEmpty)
                .mapAsync(1, entries -> append(entries));
    }

    private static List<ByteString> first(ByteString entry) {
        return with(new ArrayList<>(), entry);
    }

    private static List<ByteString> with(List<ByteString> entries, ByteString entry) {
        entries.add(entry);
        return entries;
    }

    /// Nothing is appended behind an entry that is not the one in the log: so what the log has is
    /// compared one by one, and only what lies behind it goes at once.
    ///
    /// @return the answers, all there; the first that failed is why the stream ends
    private CompletionStage<List<CompletableFuture<AppendedAt>>> appendEach(
            List<ByteString> entries) {
        int there = Math.toIntExact(Math.clamp(endId - nextId, 0, entries.size()));
        List<CompletableFuture<AppendedAt>> answers = new ArrayList<>();
        CompletableFuture<?> last = CompletableFuture.completedFuture(answers);
        for (ByteString entry : entries.subList(0, there)) {
            last = last.thenCompose(_ -> answered(entry, answers));
        }
        return last.thenCompose(_ -> {
            entries.subList(there, entries.size()).forEach(entry -> answered(entry, answers));
            return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        }).handle((_, failure) -> {
            if (failure != null
                    && answers.stream().noneMatch(CompletableFuture::isCompletedExceptionally)) {
                answers.add(CompletableFuture.failedFuture(failure)); // not even asked for
            }
            return answers;
        });
    }

    private CompletableFuture<AppendedAt> answered(ByteString entry,
            List<CompletableFuture<AppendedAt>> answers) {
        CompletableFuture<AppendedAt> answer = append(List.of(entry)).toCompletableFuture();
        answers.add(answer);
        return answer;
    }

    private CompletionStage<AppendedAt> append(List<ByteString> entries) {
        long firstId = nextId;
        nextId += entries.size();
        return log.appendAt(firstId,
                entries.stream().map(entry -> Payload.of(entry.toArrayUnsafe())).toList(),
                durability);
    }
}
