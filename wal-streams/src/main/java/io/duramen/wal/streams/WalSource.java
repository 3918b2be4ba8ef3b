package io.duramen.wal.streams;

import io.duramen.wal.actors.WalLog;
import io.duramen.wal.log.ReadRange;
import java.time.Instant;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/// Sources that read a log: every entry in order, each checked.
///
/// They fail with a `WalException` where an entry is damaged, was trimmed, or does not exist yet,
/// and when the log is closed under them; with `LostEntries` where a repair left a mark, behind
/// which one reads on from its `lastId() + 1`, and with `Truncated` where what was read is gone.
public final class WalSource {
    private WalSource() {
    }

    /// What the log holds now, from its beginning; ends at the entry that is the last visible one
    /// when the stream starts.
    public static Source<WalEntry, NotUsed> current(WalLog log) {
        return Source
                .fromGraph(new ReadStage(log, ReadRange.from(0), ReadStage.Start.EARLIEST, false))
                .named("walCurrent");
    }

    /// What the log holds now of a range.
    public static Source<WalEntry, NotUsed> current(WalLog log, ReadRange range) {
        return Source.fromGraph(new ReadStage(log, range, ReadStage.Start.RANGE, false))
                .named("walCurrent");
    }

    /// All entries from this id on, and those to come: it goes on at the end of the log, woken when
    /// entries become visible, until it is cancelled.
    public static Source<WalEntry, NotUsed> tail(WalLog log, long fromId) {
        return Source
                .fromGraph(new ReadStage(log, ReadRange.from(fromId), ReadStage.Start.RANGE, true))
                .named("walTail");
    }

    /// What the log holds now, from the first entry whose time is not before this one. An entry's
    /// time is that of its group.
    public static Source<WalEntry, NotUsed> currentSince(WalLog log, Instant time) {
        return Source.fromGraph(new ReadStage(log, ReadRange.from(0), ReadStage.Start.at(time),
                false)).named("walCurrentSince");
    }

    /// All entries whose time is not before this one, and those to come, as
    /// [#tail(WalLog, long)]. Where the time is yet to come it goes on with the next entry.
    public static Source<WalEntry, NotUsed> tailSince(WalLog log, Instant time) {
        return Source.fromGraph(new ReadStage(log, ReadRange.from(0), ReadStage.Start.at(time),
                true)).named("walTailSince");
    }
}
