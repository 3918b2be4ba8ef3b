package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import java.util.Optional;

/// What a trim that ends inside a sealed fragment can give back of it: the whole blocks in front of
/// the group that the log then starts with.
///
/// @param fragment that is the first one then
/// @param headId the first entry then
/// @param startOffset blocks in front of it were given back before
/// @param endOffset where the hole ends
record HeadHole(Fragment fragment, long headId, long startOffset, long endOffset) {
    /// @param firstId the log's first entry, had it to stay at the edge of a fragment
    /// @param keepId the first entry that has to stay
    /// @return empty where the log starts with the same entry all the same, or it cannot be told:
    ///     then whole fragments are dropped, and whoever reads there is told of the damage
    static Optional<HeadHole> of(LogFragments fragments, long firstId, long keepId) {
        Optional<Fragment> first = fragments.endingBefore(firstId + 1);
        long keptId = Math.min(keepId, first.map(Fragment::lastId).orElse(firstId));
        if (keptId <= firstId || first.get().footer().isEmpty()) {
            return Optional.empty();
        }
        try (FragmentLease lease = fragments.leaseOn(keptId)) {
            long headId = lease.startBefore(keptId);
            return headId <= firstId ? Optional.empty()
                    : Optional.of(new HeadHole(first.get(), headId,
                            wholeBlocks(lease, firstId), wholeBlocks(lease, headId)));
        } catch (WalException.Corrupt _) {
            return Optional.empty();
        }
    }

    private static long wholeBlocks(FragmentLease lease, long headId) {
        return headId == lease.fragment().firstId() ? FragmentGeometry.DATA_START
                : lease.groupOffset(headId) / FragmentGeometry.BLOCK_BYTES
                        * FragmentGeometry.BLOCK_BYTES;
    }

    long sizeBytes() {
        return endOffset - startOffset;
    }

    /// Makes sure that the index and the footer are on the device, without which nobody finds the
    /// way around a hole: recovery may have trusted what a writer that was killed had only written.
    void sync(LogEnvironment environment) {
        try (IoFile file = environment.disk().open(fragment.path(), Disk.Access.READ_WRITE)) {
            environment.scheduler().execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
        }
    }

    /// Gives the blocks back, also those that an earlier trim did not. The log's new head is on the
    /// device, and who takes a lease from now on looks at it.
    ///
    /// @return bytes given back; 0 where somebody still reads there, or it cannot be told
    long punch(Disk disk) {
        try (IoFile file = disk.open(fragment.path(), Disk.Access.READ_WRITE)) {
            return file.mayBeShared() ? 0
                    : file.punchHole(FragmentGeometry.DATA_START,
                            endOffset - FragmentGeometry.DATA_START);
        }
    }
}
