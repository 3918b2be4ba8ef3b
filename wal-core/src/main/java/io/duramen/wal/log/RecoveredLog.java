package io.duramen.wal.log;

import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.io.IoScheduler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A log that was recovered and is ready for its writer: everything in it is on the device.
///
/// @param sealed the sealed fragments, in order
/// @param tip where appends go on; empty where the log has no fragment that grows
/// @param end where the log ends
/// @param settings those it was opened with, with an I/O mode that its file system has
/// @param writerEpoch this writer's: higher than any before
/// @param floors what holds back trimming
public record RecoveredLog(List<Fragment> sealed, Optional<WritableFragment> tip, LogEnd end,
        LogSettings settings, long writerEpoch, List<Floor> floors, RecoveryReport report) {
    /// Has the writer begin: on the device, before it appends. Where that fails, the files that
    /// were open for it are closed.
    ///
    /// @param io what will write
    public void begin(WriterLock lock, IoScheduler io) {
        try {
            lock.begin(report.logId(), writerEpoch, end.nextId() - 1, settings.ioMode(), io);
        } catch (RuntimeException | Error failure) {
            tip.ifPresent(WritableFragment::close);
            throw failure;
        }
    }

    /// All fragments, in order.
    public List<Fragment> fragments() {
        return Stream.concat(sealed.stream(), tip.map(WritableFragment::fragment).stream())
                .toList();
    }
}
