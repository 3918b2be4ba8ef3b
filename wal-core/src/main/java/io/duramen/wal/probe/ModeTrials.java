package io.duramen.wal.probe;

import io.duramen.wal.WalException;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogEnvironment;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Writes a small log in each I/O mode, syncs it, closes it, opens it again and reads it.
///
/// @param directory a base path for them
record ModeTrials(LogEnvironment environment, Path directory) {
    private static final int ENTRIES = 10;
    private static final int PAYLOAD_BYTES = 1000;
    private static final long FRAGMENT_BYTES = 256 << 10;

    List<Trial> run() {
        return Stream.of(IoMode.values()).map(this::trial).toList();
    }

    private Trial trial(IoMode mode) {
        try {
            LogId id = LogId.of("trial-" + mode);
            LogSettings settings = LogSettings.defaults().withIoMode(mode)
                    .withFragmentSizeBytes(FRAGMENT_BYTES);
            String effective = write(id, settings);
            return read(id, settings) == ENTRIES
                    ? new Trial(mode.toString(), true, "a log was written, synced and read back"
                            + (effective.equals(mode.toString()) ? "" : ", as " + effective))
                    : new Trial(mode.toString(), false, "not all that was written was read back");
        } catch (WalException failed) {
            return new Trial(mode.toString(), false, failed.getMessage());
        }
    }

    /// @return the mode that the log got
    private String write(LogId id, LogSettings settings) {
        try (DiskLog log = DiskLog.open(directory, id, settings, environment)) {
            for (int i = 0; i < ENTRIES; i++) {
                log.append(Payload.of(payload(i)), Durability.SYNCED);
            }
            return log.info().ioMode();
        }
    }

    private int read(LogId id, LogSettings settings) {
        int good = 0;
        try (DiskLog log = DiskLog.open(directory, id, settings, environment);
                LogReader entries = log.read(ReadRange.from(0))) {
            for (Entry entry : entries) {
                good += Arrays.equals(entry.toByteArray(), payload((int) entry.id())) ? 1 : 0;
            }
        }
        return good;
    }

    private static byte[] payload(int number) {
        byte[] bytes = new byte[PAYLOAD_BYTES];
        Arrays.fill(bytes, (byte) (number + 1));
        return bytes;
    }
}
