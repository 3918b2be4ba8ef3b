package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentLease;
import io.duramen.wal.fragment.FragmentPrefix;
import io.duramen.wal.fragment.FragmentRewriter;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentTail;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.stream.LongStream;

/// Drops entries from the end of a log that nobody writes to; the writer's lock is held.
///
/// What stays of the fragment that the log is to end in is first written anew beside it, whole and
/// on the device, under a new generation. To rename this file to [NewEnd#fileName()] is the point
/// of no return: before it nothing has changed, from it on the log ends there. What is left to do
/// then may be done as often as it takes, by the next writer too.
public final class LogTruncation {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final Disk disk;
    private final FragmentFiles files;
    private final WriterLock lock;

    LogTruncation(LogDirectory directory, LogEnvironment environment, WriterLock lock) {
        this.directory = directory;
        this.environment = environment;
        this.disk = environment.disk();
        this.files = new FragmentFiles(disk, environment.scheduler(), directory.path());
        this.lock = lock;
    }

    /// Truncates a log that is open, and to which nobody writes any more until it was recovered.
    /// Readers are told, and find the fragments as they were up to the new end.
    ///
    /// @param lastId the entry that is to be the last one
    /// @throws WalException.Trimmed when it is before the one in front of the first there is
    /// @throws WalException.PastEnd when it does not exist yet
    /// @throws WalException.OutcomeUnknown when it is not known whether the log was truncated; with
    ///     any other failure it was not
    public static TruncateOutcome run(LogDirectory directory, LogEnvironment environment,
            WriterLock lock, LogFragments fragments, long lastId) {
        TruncateOutcome outcome = TruncateOutcome.plan(fragments, lastId);
        if (outcome.entries() > 0) {
            new LogTruncation(directory, environment, lock).cut(fragments, outcome.nextId());
        }
        return outcome;
    }

    private void cut(LogFragments fragments, long nextId) {
        Fragment tail = fragments.endingBefore(nextId).orElseThrow();
        FragmentFiles.Standby standby = prepare(tail, fragments.firstId(), nextId);
        try (FragmentLease replaced = tail.lease()) {
            assert replaced.fragment() == tail : "readers have its file until it is replaced";
            commit(standby, new NewEnd(nextId, tail.firstId()));
            fragments.truncate(nextId);
            tail.truncated(nextId);
            complete();
        } catch (WalException.DiskFull refusal) {
            throw refusal;
        } catch (WalException failure) {
            throw WalException.OutcomeUnknown.truncating(failure);
        }
    }

    /// Writes the new end of the log to a file of its own. Nothing of the log has changed then, and
    /// a crash leaves only a standby.
    ///
    /// @param tail the fragment that is to be the last one
    /// @param headId the first entry of the log
    /// @param nextId the id that the log is to go on with, durable up to there
    /// @throws WalException.Corrupt where an entry that is to stay fails its check
    /// @throws WalException.DiskFull where there is no room; as with any failure, nothing stays
    FragmentFiles.Standby prepare(Fragment tail, long headId, long nextId) {
        FragmentHeader header = newLifeOf(tail.header());
        FragmentFiles.Standby standby = allocate(header.fileSizeBytes());
        try (FragmentLease lease = tail.lease(); Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = standby.file().map(IoFile.Mapping.READ_WRITE, 0,
                    header.fileSizeBytes(), arena);
            header.writeTo(bytes);
            FragmentRewriter rewriter = new FragmentRewriter(standby.path(), bytes, header);
            FragmentPrefix.write(tail.path(), lease.bytes(), headId, nextId, rewriter);
            rewriter.finish(true);
            environment.scheduler()
                    .execute(IoChain.of(new IoOperation.Fdatasync(standby.file()))).orThrow();
            check(FragmentScan.of(header, bytes), standby.file(), rewriter);
            return standby;
        } catch (InternalError fault) {
            throw discard(standby, new WalException.Io("read", tail.path(), 0,
                    fault.getMessage()));
        } catch (WalException failure) {
            throw discard(standby, failure);
        }
    }

    private FragmentHeader newLifeOf(FragmentHeader old) {
        return new FragmentHeader(old.logIdHash(), environment.generations().getAsLong(),
                old.firstId(), old.fileSizeBytes(), old.blockBytes(), old.writerEpoch(),
                old.createdNanos(), old.predecessorLastId(), old.predecessorLastCrc());
    }

    private FragmentFiles.Standby allocate(long sizeBytes) {
        long number = LongStream.iterate(0, it -> it + 1).filter(it -> !disk
                .exists(directory.path().resolve(FragmentName.standby(it)))).findFirst().orElse(0);
        try {
            return files.prepare(number, sizeBytes);
        } catch (WalException.Io failure) {
            throw Rotation.isFull(failure)
                    ? new WalException.DiskFull(directory.path(), sizeBytes, failure) : failure;
        }
    }

    private void check(FragmentScan written, IoFile file, FragmentRewriter rewriter) {
        if (written.nextId() != rewriter.nextId() || written.cutsBatch()
                || written.endOfData() != rewriter.endOfData()
                || FragmentTail.endOfBytes(environment.scheduler(), file,
                        written.endOfData()) != written.endOfData()) {
            throw new WalException.Defect(new IllegalStateException(
                    "a new end was written up to entry " + (rewriter.nextId() - 1) + " and reads"
                            + " up to entry " + (written.nextId() - 1)));
        }
    }

    private WalException discard(FragmentFiles.Standby standby, WalException failure) {
        try {
            files.discard(standby);
        } catch (WalException second) {
            failure.addSuppressed(second);
        }
        return failure;
    }

    /// The point of no return.
    ///
    /// @throws WalException.DiskFull where the disk is too full for the name: nothing has changed,
    ///     and the new end's file is gone
    /// @throws WalException.Io where it is not known whether it was reached
    void commit(FragmentFiles.Standby standby, NewEnd end) {
        standby.file().close();
        try {
            disk.rename(standby.path(), directory.end(end));
        } catch (WalException.Io failure) {
            if (!Rotation.isFull(failure) || disk.exists(directory.end(end))) {
                throw failure;
            }
            disk.delete(standby.path());
            throw new WalException.DiskFull(directory.path(), failure);
        }
        disk.syncDirectory(directory.path());
    }

    /// Completes what was begun; does nothing where there is no new end.
    ///
    /// @throws WalException.Corrupt where the new end's file is damaged; nothing was changed
    void complete() {
        LogDirectory.Listing listing = directory.list();
        if (listing.end().isEmpty()) {
            return;
        }
        NewEnd end = listing.end().get();
        Path file = directory.end(end);
        ChainReader.ofWriter(directory, environment.scheduler()).read(file, end.firstId());
        disk.syncDirectory(directory.path()); // who began it may have ended before it did
        lowerStatus(end);
        listing.floors().stream().filter(it -> !end.lower(it).equals(it))
                .forEach(it -> rename(it, end.lower(it)));
        listing.dropped().reversed().forEach(it -> disk.delete(directory.fragment(it)));
        Path fragment = directory.fragment(end.firstId());
        if (disk.exists(fragment)) {
            disk.delete(fragment);
        }
        disk.syncDirectory(directory.path()); // no dropped file comes back behind the new end
        disk.rename(file, fragment);
        disk.syncDirectory(directory.path());
    }

    /// The page is on the device before the new end's name goes: one that promised more, and came
    /// back when the power fails, would make damage of the truncation.
    private void lowerStatus(NewEnd end) {
        long lastId = end.nextId() - 1;
        lock.change(environment.scheduler(), status -> {
            status.truncated(end.nextId());
            if (status.durable() > lastId) {
                status.durable(lastId);
            }
            if (status.written() > lastId) {
                status.written(lastId);
            }
        });
    }

    private void rename(Floor floor, Floor lower) {
        Path to = directory.path().resolve(lower.fileName());
        Path from = directory.path().resolve(floor.fileName());
        if (disk.exists(to)) {
            disk.delete(from);
        } else {
            disk.rename(from, to);
        }
    }
}
