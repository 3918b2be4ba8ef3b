package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.WriterStatus;
import java.nio.file.Path;

/// Tells a writer that a later one has taken its log over, which the lock should prevent, and does
/// not where the file system gives it to two at once. A look at one word of the status page.
///
/// Any thread may ask, as long as the writer's lock is open.
///
/// @param status the page that every writer of the log fills
/// @param directory the log's
/// @param epoch the writer's own
public record WriterFence(WriterStatus status, Path directory, long epoch) {
    public boolean isFenced() {
        return status.writerEpoch() > epoch;
    }

    /// @throws WalException.Fenced when a writer of a higher epoch has taken the log over
    public void check() {
        long current = status.writerEpoch();
        if (current > epoch) {
            throw new WalException.Fenced(directory, epoch, current);
        }
    }
}
