package io.duramen.wal.log;

import io.duramen.wal.fragment.Fragment;
import java.util.List;
import java.util.Optional;

/// A log that was recovered and is ready for its writer: everything in it is on the device.
///
/// @param sealed the sealed fragments, in order
/// @param tip where appends go on; empty where the log has no fragment that grows
/// @param end where the log ends
/// @param writerEpoch this writer's: higher than any before
public record RecoveredLog(List<Fragment> sealed, Optional<WritableFragment> tip, LogEnd end,
        long writerEpoch, RecoveryReport report) {}
