package io.duramen.wal.log;

import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentTail;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import java.lang.foreign.Arena;
import java.util.List;

/// Notes in the status page where a log ends whose last fragment was made just now and without a
/// writer, as one that closes a log does. The writer's lock is held, and [WriterLock#begin] was
/// called.
record ClosingNote(LogDirectory directory, WriterLock lock, IoScheduler io) {
    /// On the device; nothing where the last fragment is sealed, or holds what a writer would cut.
    void write() {
        LogDirectory.Listing listing = directory.list();
        List<Long> firstIds = listing.fragments();
        if (firstIds.isEmpty()) {
            return;
        }
        FragmentChain.Link last = ChainReader.ofWriter(directory, io)
                .read(directory.fragment(listing.end(), firstIds.getLast()), firstIds.getLast());
        if (last.isSealed()) {
            return;
        }
        try (IoFile file = directory.disk().open(last.path(), Disk.Access.READ_WRITE);
                Arena arena = Arena.ofShared()) {
            FragmentScan scan = FragmentChain.scan(file, last.header(), arena);
            long end = scan.endOfData();
            if (!scan.cutsBatch() && FragmentTail.endOfBytes(io, file, end) == end) {
                io.execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
                lock.change(io, status -> status.closed(status.writerEpoch(),
                        new ClosedEnd(last.header().generation(), end)));
            }
        }
    }
}
