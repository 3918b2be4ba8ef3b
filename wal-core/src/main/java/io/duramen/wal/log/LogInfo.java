package io.duramen.wal.log;

import java.util.Optional;

/// The state of a log at one moment.
///
/// @param firstId the first entry there is; `nextId` where there is none
/// @param nextId the id the next append gets
/// @param writtenId highest id the operating system has, one less than `firstId` for none
/// @param durableId highest id on the device, likewise
/// @param fragments fragment files
/// @param ioMode how entries reach the file, as settings spell it
/// @param ioDriver the driver in use, as settings spell it
/// @param poisonedBy the failure that made the log refuse appends
public record LogInfo(LogId logId, long firstId, long nextId, long writtenId, long durableId,
        int fragments,
        String ioMode, String ioDriver, Optional<Throwable> poisonedBy) {
    /// The log is only read.
    public static final String READ_ONLY = "read-only";
}
