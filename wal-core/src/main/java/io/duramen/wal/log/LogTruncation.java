package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentPromise;
import io.duramen.wal.fragment.FragmentRewriter;
import io.duramen.wal.fragment.FragmentSalvage;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Takes entries off the end of a log.
///
/// What stays of the fragment that is cut is written to a file of its own, a *rest*, in a new
/// generation, and is on the device before anything is decided. The name of an empty file, the
/// *end*, decides, once it is on the device too. After that the fragments behind it go and the rest
/// takes the cut one's name; a crash leaves that to the next writer. No file that a reader may have
/// open is changed, and none of the bytes that were cut is left in a file that the log writes to.
///
/// Works on a log whose tail is settled and that nobody writes to; the caller has the writer's lock.
final class LogTruncation {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final WriterLock lock;
    private final Disk disk;
    private final FragmentFiles files;

    LogTruncation(LogDirectory directory, LogEnvironment environment, WriterLock lock) {
        this.directory = directory;
        this.environment = environment;
        this.lock = lock;
        this.disk = directory.disk();
        this.files = new FragmentFiles(disk, environment.scheduler(), directory.path());
    }

    /// Lets the log end in front of an id that it has, or had: from the first on that is there.
    ///
    /// @throws WalException.InsideBatch when that is in the middle of an atomic batch
    /// @throws WalException.DiskFull when there is no room for what stays; nothing has changed then
    void run(long nextId) {
        LogDirectory.Listing listing = directory.list();
        List<FragmentChain.Link> links = FragmentChain.read(directory, files, listing).links();
        int cut = links.size() - 1;
        while (links.get(cut).header().firstId() > nextId) {
            cut--;
        }
        FragmentChain.Link link = links.get(cut);
        if (link.header().firstId() < nextId || cut == 0) {
            prepareRest(link, nextId);
        }
        decide(nextId);
        complete();
    }

    private void prepareRest(FragmentChain.Link link, long nextId) {
        FragmentHeader header = newLife(link.header());
        try {
            FragmentFiles.Standby rest = files.prepare(0, header.fileSizeBytes());
            try (IoFile file = rest.file()) {
                write(link, header, file, nextId);
                disk.rename(rest.path(), directory.rest(header.firstId()));
            } catch (WalException failure) {
                files.discard(rest);
                throw failure;
            }
            disk.syncDirectory(directory.path());
        } catch (WalException.Io failure) {
            throw Rotation.isFull(failure)
                    ? new WalException.DiskFull(directory.path(), header.fileSizeBytes(), failure)
                    : failure;
        }
    }

    private FragmentHeader newLife(FragmentHeader old) {
        return new FragmentHeader(old.logIdHash(), environment.generations().getAsLong(),
                old.firstId(), old.fileSizeBytes(), old.blockBytes(), old.writerEpoch(),
                old.createdNanos(), old.predecessorLastId(), old.predecessorLastCrc());
    }

    private void write(FragmentChain.Link link, FragmentHeader header, IoFile file, long nextId) {
        try (Arena arena = Arena.ofConfined();
                IoFile source = disk.open(link.path(), Disk.Access.READ_ONLY)) {
            MemorySegment bytes =
                    file.map(IoFile.Mapping.READ_WRITE, 0, header.fileSizeBytes(), arena);
            header.writeTo(bytes);
            FragmentRewriter rewriter = new FragmentRewriter(link.path(), bytes, header);
            FragmentSalvage.write(link.path(),
                    source.map(IoFile.Mapping.READ_ONLY, 0, source.sizeBytes(), arena),
                    header.firstId(), new FragmentPromise(nextId - 1, false, false), nextId,
                    rewriter);
            rewriter.finish(true);
            environment.scheduler().execute(IoChain.of(new IoOperation.Fdatasync(file)))
                    .orThrow();
            FragmentScan scan = FragmentChain.scan(file, header, arena);
            if (scan.nextId() < nextId) {
                throw new WalException.InsideBatch(nextId - 1, scan.nextId());
            }
        } catch (InternalError fault) {
            throw new WalException.Io("read", link.path(), 0, fault.getMessage());
        }
    }

    private void decide(long nextId) {
        try {
            disk.create(directory.end(nextId)).close();
        } catch (WalException.Io failure) {
            directory.list().rests().forEach(rest -> disk.delete(directory.rest(rest)));
            throw Rotation.isFull(failure)
                    ? new WalException.DiskFull(directory.path(), failure) : failure;
        }
        disk.syncDirectory(directory.path());
    }

    /// Completes what was decided, and forgets what was not. Does nothing where there is neither.
    void complete() {
        LogDirectory.Listing listing = directory.list();
        if (listing.isBeingTruncated()) {
            disk.syncDirectory(directory.path()); // who decided may have ended before it did
            long nextId = listing.ends().getFirst();
            lock.status().truncated(nextId);
            listing.leftovers().reversed().stream().filter(id -> id >= listing.limitId())
                    .forEach(id -> disk.delete(directory.fragment(id)));
            disk.syncDirectory(directory.path());
            listing.rests().forEach(
                    id -> disk.rename(directory.rest(id), directory.fragment(id)));
            lowerFloors(listing.floors(), nextId);
            disk.syncDirectory(directory.path());
            lock.sync(environment.scheduler());
            listing.ends().forEach(id -> disk.delete(directory.end(id)));
            disk.syncDirectory(directory.path());
        } else if (!listing.rests().isEmpty()) {
            listing.rests().forEach(id -> disk.delete(directory.rest(id)));
            disk.syncDirectory(directory.path());
        }
    }

    /// A consumer that has read what is gone has to read what comes in its place.
    private void lowerFloors(List<Floor> floors, long nextId) {
        for (Floor floor : floors) {
            if (floor.id() > nextId) {
                Floor lower = floor.withId(nextId);
                if (floors.contains(lower)) {
                    disk.delete(directory.path().resolve(floor.fileName()));
                } else {
                    disk.rename(directory.path().resolve(floor.fileName()),
                            directory.path().resolve(lower.fileName()));
                }
            }
        }
    }
}
