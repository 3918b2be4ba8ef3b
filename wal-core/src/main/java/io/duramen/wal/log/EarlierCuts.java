package io.duramen.wal.log;

import io.duramen.wal.format.FragmentName;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoScheduler;
import java.util.List;
import java.util.OptionalLong;

/// What earlier recoveries cut from the fragment that grows, as the copies beside the log tell.
///
/// A recovery that could not sync its zeros leaves a kernel that may show them and not write them
/// any more, as [UnprovenTail] says of entries; on the device an entry that was cut could still
/// lie, and turn up behind newer ones when the power fails. So recovery writes the zeros again
/// before it syncs, for as long as the fragment grows.
///
/// @param copies names, those of other fragments among them
record EarlierCuts(LogDirectory directory, List<String> copies) {
    static EarlierCuts of(LogDirectory directory) {
        return new EarlierCuts(directory, directory.listTorn());
    }

    /// @param endOfData nothing in front of it is touched
    void zeroAgain(IoScheduler io, IoFile file, long firstId, long endOfData) {
        for (String copy : copies) {
            OptionalLong cutAt = FragmentName.tornOffset(copy, firstId);
            if (cutAt.isPresent()) {
                long end = cutAt.getAsLong() + sizeOf(copy);
                TornTail.zero(io, file, Math.max(endOfData, cutAt.getAsLong()),
                        Math.min(end, file.sizeBytes()));
            }
        }
    }

    private long sizeOf(String copy) {
        try (IoFile kept = directory.disk().open(directory.path().resolve(copy),
                Disk.Access.READ_ONLY)) {
            return kept.sizeBytes();
        }
    }
}
