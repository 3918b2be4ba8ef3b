package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.time.Instant;

/// A log that can be read: the one its writer has open, or a view of a log that someone else
/// writes. Any thread may call; each reader belongs to one thread at a time.
public interface ReadableLog extends AutoCloseable {
    LogId id();

    /// Id of the first entry there is; [#nextId()] where there is none.
    long firstId();

    /// The id after the last visible entry.
    long nextId();

    /// The first visible entry whose time is not before this one, without reading what lies before
    /// it. The time of an entry is that of its group; it never goes back from entry to entry,
    /// whatever the clock did.
    ///
    /// @return its id; [#nextId()] where there is none
    /// @throws WalException.Corrupt when an entry that was looked at fails its check
    long firstIdAtOrAfter(Instant time);

    /// Starts to read. The reader ends with the range, or stands at the end of what is visible,
    /// where more may follow. Close it to let go of the file it reads.
    ///
    /// @throws WalException.Trimmed when the range starts before [#firstId()]
    /// @throws WalException.PastEnd when it starts behind [#nextId()]
    LogReader read(ReadRange range);

    @Override
    void close();
}
