package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// What the first and the last page of a fragment file say.
///
/// @param footer empty where the fragment is not sealed
public record FragmentEnds(FragmentHeader header, Optional<FragmentFooter> footer) {
    /// Reads one file after the other, with the same memory: opening a log does it for all of its
    /// fragments, mostly in a JVM that has just started, where little things take long.
    ///
    /// For one thread at a time.
    public static final class Reader {
        private final IoScheduler io;
        private final MemorySegment pages = Arena.ofAuto().allocate(
                FragmentHeader.BYTES + FragmentFooter.BYTES, Alignment.PAGE.bytes());
        private final MemorySegment first = pages.asSlice(0, FragmentHeader.BYTES);
        private final MemorySegment last =
                pages.asSlice(FragmentHeader.BYTES, FragmentFooter.BYTES);

        public Reader(IoScheduler io) {
            this.io = io;
        }

        /// @throws WalException.Corrupt where it has no header, or a damaged one
        /// @throws WalException.Incompatible where a newer version wrote it
        public FragmentEnds read(IoFile file) {
            long sizeBytes = file.sizeBytes();
            if (sizeBytes < FragmentHeader.BYTES) {
                throw endsEarly(file, sizeBytes);
            }
            long read = io.execute(IoChain.of(new IoOperation.Read(file, first, 0),
                    new IoOperation.Read(file, last, sizeBytes - FragmentFooter.BYTES))).orThrow();
            if (read < pages.byteSize()) { // it was cut meanwhile
                throw endsEarly(file, file.sizeBytes());
            }
            FragmentHeader header = FragmentHeader.readFrom(first, file.path());
            if (sizeBytes != header.fileSizeBytes()) {
                throw new WalException.Corrupt(file.path(), sizeBytes, -1,
                        "its header says it has " + header.fileSizeBytes() + " bytes");
            }
            return new FragmentEnds(header, FragmentFooter.readFrom(last, header));
        }

        private static WalException endsEarly(IoFile file, long sizeBytes) {
            return new WalException.Corrupt(file.path(), sizeBytes, -1,
                    "it ends inside its header");
        }
    }
}
