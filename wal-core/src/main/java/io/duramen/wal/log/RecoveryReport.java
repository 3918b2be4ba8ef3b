package io.duramen.wal.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What opening a log found and did.
///
/// @param fragments fragment files
/// @param resealed fragments, other than the last, that had no valid footer and got one: all their
///     entries were there
/// @param scannedBytes bytes of fragments without footer that were checked entry by entry
/// @param tail what was done about the end
/// @param cutBytes bytes cut from the end, 0 unless `tail` is `CUT`
/// @param evidence the copy of the bytes cut
/// @param leftovers trimmed fragments that were still there and are deleted now
/// @param completedTruncation the id that the log goes on with after a truncation that its writer
///     did not live to complete; empty where there was none
/// @param firstId the first entry there is, or the next id where there is none
/// @param nextId the id the next append gets
/// @param foreignNames files in the directory that are not the log's; left alone
public record RecoveryReport(LogId logId, int fragments, int resealed, long scannedBytes,
        TailVerdict tail,
        long cutBytes, Optional<Path> evidence, int leftovers,
        OptionalLong completedTruncation, long firstId, long nextId, List<String> foreignNames,
        Duration took) {
    /// One line for a log of events.
    public String summary() {
        StringBuilder line = new StringBuilder(
                "log " + logId + ": " + (nextId - firstId) + " entries from id " + firstId
                        + " in " + fragments + " fragments, recovered in " + took.toMillis()
                        + " ms, " + scannedBytes
                        + " bytes scanned");
        if (resealed > 0) {
            line.append(", ").append(resealed).append(" fragments sealed");
        }
        if (leftovers > 0) {
            line.append(", ").append(leftovers).append(" trimmed fragments deleted");
        }
        completedTruncation.ifPresent(id -> line.append(", a truncation to id ").append(id)
                .append(" completed"));
        if (tail == TailVerdict.CUT) {
            line.append(", torn tail of ").append(cutBytes).append(" bytes cut");
            evidence.ifPresent(copy -> line.append(" (copy in ").append(copy).append(')'));
        }
        if (!foreignNames.isEmpty()) {
            line.append(", files that are not the log's: ").append(foreignNames);
        }
        return line.toString();
    }
}
