package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The files that are to become a log's next fragments: at most one that was allocated ahead, and
/// files of trimmed fragments as far as the settings allow. On background threads they are filled
/// with zeros where that is of use, a piece at a time and not faster than the settings say.
///
/// A file that was a fragment is of no use until it is filled: so free space is always zero, and
/// nothing of an earlier life is left that recovery would have to tell from a torn write.
///
/// Any thread may call.
final class Standbys {
    /// The most that is written between two pauses.
    private static final int PIECE_BYTES = 1 << 20;

    private final LogEnvironment environment;
    private final FragmentFiles files;
    private final long fileSizeBytes;
    private final StandbySettings settings;
    /// Where groups bring their own zeros, only files that were fragments are filled.
    private final boolean fillsNewFiles;
    private final List<StandbyFile> standbys = new ArrayList<>();
    private CompletableFuture<Void> preparing;
    private Future<?> pause;
    private boolean filling;
    private boolean closed;
    private int reserved;
    private long numbers;
    private WalException failure;

    Standbys(LogEnvironment environment, FragmentFiles files, LogSettings settings) {
        this.environment = environment;
        this.files = files;
        this.fileSizeBytes = settings.fragmentSizeBytes();
        this.settings = settings.ioMode() == IoMode.MAPPED ? StandbySettings.OFF
                : settings.standby();
        this.fillsNewFiles = settings.ioMode() == IoMode.BUFFERED;
    }

    /// Starts to allocate a file, unless one is ready or under way.
    synchronized void prepare() {
        if (preparing == null && !closed && standbys.stream().noneMatch(StandbyFile::isReady)) {
            preparing = CompletableFuture.runAsync(() -> add(new StandbyFile(allocate(), false)),
                    environment.background());
        }
    }

    private FragmentFiles.Standby allocate() {
        return files.prepare(nextNumber(), fileSizeBytes);
    }

    private synchronized long nextNumber() {
        return numbers++;
    }

    private void add(StandbyFile standby) {
        synchronized (this) {
            if (closed) {
                standby.standby().file().close(); // the next writer deletes it
                return;
            }
            standbys.add(standby);
            if (filling || !isToBeFilled(standby)) {
                return;
            }
            filling = true;
        }
        environment.background().execute(this::fillSome);
    }

    /// A file for the next fragment, filled where there is such a one. Waits for one that is being
    /// allocated, and allocates where there is none; never waits until one is filled.
    ///
    /// @throws WalException.Io when none can be allocated
    FragmentFiles.Standby take() {
        Optional<StandbyFile> ready = takeReady();
        if (ready.isEmpty()) {
            awaitPrepared();
            ready = takeReady();
        }
        forgetPrepared();
        return ready.map(StandbyFile::standby).orElseGet(this::allocateNow);
    }

    private Optional<StandbyFile> takeReady() {
        return takeFirst(StandbyFile::isFilled).or(() -> takeFirst(StandbyFile::isReady));
    }

    private synchronized Optional<StandbyFile> takeFirst(Predicate<StandbyFile> which) {
        Optional<StandbyFile> first =
                standbys.stream().filter(which).filter(StandbyFile::tryTake).findFirst();
        first.ifPresent(standbys::remove);
        return first;
    }

    /// There may be room now that there was not before; else one that is being filled just now is
    /// waited for, and room made by giving up what is not ready yet.
    private FragmentFiles.Standby allocateNow() {
        try {
            return allocate();
        } catch (WalException.Io noRoom) {
            StandbyFile any = takeAny().orElseThrow(() -> noRoom);
            if (any.isReady()) {
                return any.standby();
            }
            files.discard(any.standby());
            return allocateNow();
        }
    }

    private Optional<StandbyFile> takeAny() {
        for (StandbyFile standby : all()) {
            if (standby.take() && remove(standby)) {
                return Optional.of(standby);
            }
        }
        return Optional.empty();
    }

    private synchronized List<StandbyFile> all() {
        return List.copyOf(standbys);
    }

    private synchronized boolean remove(StandbyFile standby) {
        return standbys.remove(standby);
    }

    private void awaitPrepared() {
        CompletableFuture<Void> underWay;
        synchronized (this) {
            underWay = preparing;
        }
        if (underWay != null) {
            underWay.handle((_, _) -> null).join(); // where it failed, it is tried again at once
        }
    }

    private synchronized void forgetPrepared() {
        if (preparing != null && preparing.isDone()) {
            preparing = null;
        }
    }

    /// Takes over the file of a trimmed fragment.
    ///
    /// @return false where there are enough, it has another size, or the disk is too full for
    ///     another name; then nothing was done with it
    boolean reuse(Path fragment, long sizeBytes) {
        if (sizeBytes != fileSizeBytes || !reserve()) {
            return false;
        }
        try {
            files.reuse(fragment, nextNumber(), sizeBytes)
                    .ifPresent(standby -> add(new StandbyFile(standby, true)));
            return true;
        } catch (WalException.Io failure) {
            if (Rotation.isFull(failure) && environment.disk().exists(fragment)) {
                return false;
            }
            throw failure;
        } finally {
            release();
        }
    }

    private synchronized boolean reserve() {
        long reused = reserved + standbys.stream().filter(StandbyFile::isReused).count();
        if (closed || reused >= settings.reuseMax()) {
            return false;
        }
        reserved++;
        return true;
    }

    private synchronized void release() {
        reserved--;
    }

    /// Fills one piece of one file, and goes on after a pause.
    private void fillSome() {
        Optional<StandbyFile> next = beginFilling();
        if (next.isEmpty()) {
            return;
        }
        try {
            long piece = Math.min(PIECE_BYTES,
                    settings.preWriteBytesPerSecond() / 4096 * 4096);
            goOnAfter(next.get().fill(environment.scheduler(), piece));
        } catch (WalException broken) {
            giveUp(next.get(), broken);
            goOnAfter(0);
        }
    }

    private synchronized Optional<StandbyFile> beginFilling() {
        Optional<StandbyFile> next = closed ? Optional.empty()
                : standbys.stream().filter(this::isToBeFilled).findFirst();
        filling = next.isPresent();
        return next;
    }

    private boolean isToBeFilled(StandbyFile standby) {
        return settings.preWriteBytesPerSecond() > 0 && !standby.isFilled()
                && (fillsNewFiles || standby.isReused());
    }

    private synchronized void goOnAfter(long bytes) {
        if (!closed) {
            long nanos = bytes * TimeUnit.SECONDS.toNanos(1) / settings.preWriteBytesPerSecond();
            pause = environment.timer().schedule(
                    () -> environment.background().execute(this::fillSome), nanos,
                    TimeUnit.NANOSECONDS);
        }
    }

    /// What could not be filled is not used: after a failed sync nobody knows what it holds.
    private void giveUp(StandbyFile standby, WalException broken) {
        synchronized (this) {
            failure = broken instanceof WalException.Closed ? failure : broken;
            if (!standbys.remove(standby)) {
                return; // the log was closed
            }
        }
        try {
            files.discard(standby.standby());
        } catch (WalException second) {
            broken.addSuppressed(second);
        }
    }

    synchronized StandbyInfo info() {
        return new StandbyInfo(fillsNewFiles && settings.preWriteBytesPerSecond() > 0,
                standbys.size(),
                (int) standbys.stream().filter(StandbyFile::isReused).count(),
                standbys.stream().mapToLong(StandbyFile::filledBytes).sum(),
                Optional.ofNullable(failure));
    }

    /// Deletes the files that were made ready for nothing; waits for one that is being allocated.
    ///
    /// @throws WalException.Io where one of them cannot be deleted
    void close() {
        awaitPrepared();
        WalException unremoved = null;
        for (StandbyFile standby : stop()) {
            try {
                files.discard(standby.standby());
            } catch (WalException broken) {
                unremoved = unremoved == null ? broken : unremoved;
            }
        }
        if (unremoved != null) {
            throw unremoved;
        }
    }

    /// Lets go of the files and leaves them where they are, for the next writer to delete. Never
    /// waits.
    void abandon() {
        stop().forEach(standby -> standby.standby().file().close());
    }

    private synchronized List<StandbyFile> stop() {
        closed = true;
        if (pause != null) {
            pause.cancel(false);
        }
        List<StandbyFile> unused = List.copyOf(standbys);
        standbys.clear();
        return unused;
    }
}
