package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What a trim that ends inside a sealed fragment can give back of it: the whole blocks in front of
/// the group that the log then starts with.
///
/// @param fragment that is the first one then
/// @param headId the first entry then
/// @param startOffset blocks in front of it were given back before
/// @param endOffset where the hole ends
record HeadHole(Fragment fragment, long headId, long startOffset, long endOffset) {
    private static final int PIECE_BYTES = 1 << 20;

    /// @param firstId the log's first entry, had it to stay at the edge of a fragment
    /// @param keepId the first entry that has to stay
    /// @return empty where the log starts with the same entry all the same, or what is there cannot
    ///     be read or fails its check: then whole fragments are dropped, and whoever reads there is
    ///     told
    static Optional<HeadHole> of(LogFragments fragments, long firstId, long keepId) {
        Optional<Fragment> first = fragments.endingBefore(firstId + 1);
        long keptId = Math.min(keepId, first.map(Fragment::lastId).orElse(firstId));
        if (keptId <= firstId || first.get().footer().isEmpty()) {
            return Optional.empty();
        }
        try (FragmentLease lease = fragments.leaseOn(keptId)) {
            Optional<FragmentLease.Group> group = lease.groupOf(keptId)
                    .filter(it -> it.firstId() > firstId);
            return group.map(it -> new HeadHole(first.get(), it.firstId(),
                    startOf(lease, firstId), wholeBlocks(it.offset())));
        } catch (WalException.Corrupt | WalException.Io | InternalError _) {
            return Optional.empty();
        }
    }

    /// Up to where an earlier trim got.
    private static long startOf(FragmentLease lease, long firstId) {
        return lease.groupOf(firstId).map(it -> wholeBlocks(it.offset()))
                .orElse(FragmentGeometry.DATA_START);
    }

    private static long wholeBlocks(long offset) {
        return Math.max(FragmentGeometry.DATA_START,
                offset / FragmentGeometry.BLOCK_BYTES * FragmentGeometry.BLOCK_BYTES);
    }

    long sizeBytes() {
        return endOffset - startOffset;
    }

    /// Makes sure that the index and the footer are on the device, without which nobody finds the
    /// way around a hole. Recovery may have trusted what a writer that was killed had only written,
    /// or what the kernel takes for clean after a sync that failed: so they are written again.
    ///
    /// @return false where the index fails its check, so that the hole may be in the wrong place
    boolean secure(LogEnvironment environment) {
        FragmentFooter footer = fragment.footer().orElseThrow();
        long sizeBytes = fragment.header().fileSizeBytes();
        FragmentGeometry geometry = new FragmentGeometry(sizeBytes);
        long indexStart = geometry.indexStart(footer.entryCount());
        long start = Alignment.PAGE.down(indexStart);
        CRC32C crc = new CRC32C();
        try (IoFile file = environment.disk().open(fragment.path(), Disk.Access.READ_WRITE);
                AlignedBuffer buffer = AlignedBuffer.allocate(
                        Math.min(PIECE_BYTES, sizeBytes - start), Alignment.PAGE)) {
            for (long at = start; at < sizeBytes; at += PIECE_BYTES) {
                MemorySegment piece =
                        buffer.memory().asSlice(0, Math.min(PIECE_BYTES, sizeBytes - at));
                environment.scheduler().execute(IoChain.of(new IoOperation.Read(file, piece, at),
                        new IoOperation.Write(file, piece, at))).orThrow();
                long from = Math.max(0, indexStart - at);
                long to = Math.min(piece.byteSize(), geometry.footerStart() - at);
                if (from < to) {
                    crc.update(piece.asSlice(from, to - from).asByteBuffer());
                }
            }
            environment.scheduler().execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
        }
        return (int) crc.getValue() == footer.indexCrc();
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
