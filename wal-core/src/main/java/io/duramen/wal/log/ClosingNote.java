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
import java.util.function.LongPredicate;

/// Notes in the status page where a log ends that was made without a writer, as one that closes a
/// log does. The writer's lock is held, and [WriterLock#begin] was called.
record ClosingNote(LogDirectory directory, WriterLock lock, IoScheduler io) {
    /// On the device; nothing where the last fragment is sealed, or holds what a writer would cut.
    ///
    /// @param isNew whether the fragment with this first id was made just now: of others it is not
    ///     known that all of them is on the device
    void write(LongPredicate isNew) {
        LogDirectory.Listing listing = directory.list();
        List<Long> firstIds = listing.fragments();
        if (firstIds.isEmpty() || !isNew.test(firstIds.getLast())) {
            return;
        }
        FragmentChain.Link last = ChainReader.ofWriter(directory, io)
                .read(directory.fragment(listing.end(), firstIds.getLast()), firstIds.getLast());
        if (last.isSealed()) {
            return;
        }
        try (IoFile file = directory.disk().open(last.path(), Disk.Access.READ_WRITE);
                Arena arena = Arena.ofConfined()) {
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
