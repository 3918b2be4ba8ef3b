package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoScheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// Copies a log to another folder as it is at one moment, also while a writer, here or in another
/// process, goes on with it. The copy is a log of the same id: every entry up to the durable id of
/// the moment, checked, in fragments that share no file with the original.
///
/// It is made under another name, synced, and renamed last: what bears the log's name is complete.
/// A snapshot that was interrupted leaves a folder `snapshot_<id>`, which the next one of the same
/// log to the same place uses.
///
/// Where the file system can let two files share blocks it does; nothing written to either is seen
/// in the other. Files are not linked: the writer may use a file again once it has trimmed it.
public final class LogSnapshot {
    private static final String TEMPORARY_PREFIX = "snapshot_";
    private static final int ATTEMPTS_MAX = 10;

    private final LogView view;
    private final LogDirectory target;
    private final LogDirectory temporary;
    private final IoScheduler io;
    private final Listener listener;
    private final List<Path> copied = new ArrayList<>();
    private long firstId;
    private long copiedBytes;

    /// Is told how far it is, on the calling thread.
    public interface Listener {
        /// Called again where the log is trimmed so that the snapshot begins anew.
        ///
        /// @param sizeBytes of all fragment files
        default void begins(long sizeBytes) {}

        /// @param sizeBytes of fragment files copied since the last call
        default void copied(long sizeBytes) {}
    }

    /// What was made.
    ///
    /// @param directory the copy
    /// @param firstId the first entry in it, `nextId` where there is none
    /// @param nextId the id after the last entry in it
    /// @param copiedBytes that were copied or shared; unused space is not
    /// @param live a writer had the log open meanwhile
    public record Result(LogId logId, Path directory, long firstId, long nextId, int fragments,
            long copiedBytes, boolean live) {}

    private LogSnapshot(LogView view, LogDirectory target, IoScheduler io, Listener listener) {
        this.view = view;
        this.target = target;
        this.io = io;
        this.listener = listener;
        this.temporary = new LogDirectory(target.disk(), target.logId(), target.basePath(),
                target.basePath().resolve(TEMPORARY_PREFIX + target.logId()));
    }

    /// @param destination the base path to copy the log to; made where it is missing
    /// @throws WalException.NoSuchLog when there is no such log
    /// @throws WalException.UnusablePath when the destination holds a log of this id, or cannot
    /// @throws WalException.Locked when a snapshot of the log to this place is under way
    /// @throws WalException.Truncated when the log is truncated meanwhile: no copy is made
    /// @throws WalException.Corrupt when the log is damaged: no copy is made
    /// @throws WalException.Io when the disk is full or fails: no copy is made
    public static Result take(Path basePath, LogId logId, Path destination,
            LogEnvironment environment, Listener listener) {
        Disk disk = environment.disk();
        LogDirectory target = LogDirectory.of(disk, destination, logId);
        for (int attempt = 1;; attempt++) {
            requireFree(target);
            try (LogView view = LogView.open(basePath, logId, disk, environment.scheduler())) {
                return new LogSnapshot(view, target, environment.scheduler(), listener).take();
            } catch (WalException.Trimmed overtaken) {
                if (attempt == ATTEMPTS_MAX) {
                    throw overtaken;
                } // else it begins anew with what is left
            }
        }
    }

    private static void requireFree(LogDirectory target) {
        if (target.disk().exists(target.path())) {
            throw new WalException.UnusablePath(target.path(),
                    "it is there already, and a snapshot replaces nothing");
        }
    }

    private Result take() {
        boolean live = view.hasWriter();
        long nextId = view.nextId();
        temporary.create();
        try (WriterLock lock = WriterLock.acquire(temporary)) {
            clear();
            try {
                copyUpTo(nextId - 1);
                view.truncation().ifPresent(truncated -> {
                    throw truncated;
                });
                writeHead(nextId);
                long writerEpoch = view.fragments().all().stream().map(Fragment::header)
                        .mapToLong(FragmentHeader::writerEpoch).max().orElse(0);
                lock.begin(target.logId(), writerEpoch, nextId - 1, IoMode.BUFFERED,
                        io);
                new ClosingNote(temporary, lock, io).write(_ -> true);
                publish();
            } catch (WalException failure) {
                clearAfter(failure);
                throw view.truncation().orElse(failure);
            }
        }
        return new Result(target.logId(), target.path(), firstId, nextId, copied.size(),
                copiedBytes, live);
    }

    /// Removes what an interrupted snapshot has left.
    private void clear() {
        LogDirectory.Listing left = temporary.list();
        left.fragments().forEach(it -> temporary.disk().delete(temporary.fragment(it)));
        left.heads().forEach(temporary::deleteHead);
        left.standbys().forEach(
                name -> temporary.disk().delete(temporary.path().resolve(name)));
    }

    private void clearAfter(WalException failure) {
        try {
            if (temporary.disk().exists(temporary.path())) {
                clear();
            }
        } catch (WalException second) {
            failure.addSuppressed(second);
        }
    }

    /// From the last fragment to the first: should the writer trim the log meanwhile, what is there
    /// has no gap, and only starts later.
    private void copyUpTo(long lastId) {
        List<Fragment> fragments = new ArrayList<>(view.fragments().all());
        firstId = lastId + 1;
        listener.begins(fragments.stream().mapToLong(it -> it.header().fileSizeBytes()).sum());
        for (Fragment fragment : fragments.reversed()) {
            boolean isEmpty = fragment.firstId() > lastId;
            if (!isEmpty || fragments.size() == 1) {
                Optional<FragmentCopy> copy = copy(fragment, lastId);
                if (copy.isEmpty()) {
                    return;
                }
                copied.add(copy.get().target());
                copiedBytes += copy.get().copiedBytes();
                firstId = copy.get().firstId();
            }
        }
    }

    /// @throws WalException.Trimmed where the writer has trimmed all that was to be copied
    private void writeHead(long nextId) {
        if (copied.isEmpty() && nextId > 0) {
            view.refresh();
            throw new WalException.Trimmed(nextId - 1, view.firstId());
        }
        temporary.moveHead(OptionalLong.empty(), firstId);
    }

    /// Empty where the writer has trimmed the fragment.
    private Optional<FragmentCopy> copy(Fragment fragment, long lastId) {
        long fragmentLastId = Math.min(fragment.lastId(), lastId);
        FragmentCopy copy = new FragmentCopy(temporary, io, fragment, view.fragments()::head,
                fragmentLastId, fragmentLastId == lastId, listener::copied);
        return copy.run() ? Optional.of(copy) : Optional.empty();
    }

    private void publish() {
        Disk disk = target.disk();
        disk.syncDirectory(temporary.path());
        requireFree(target);
        disk.rename(temporary.path(), target.path());
        disk.syncDirectory(target.basePath());
    }
}
