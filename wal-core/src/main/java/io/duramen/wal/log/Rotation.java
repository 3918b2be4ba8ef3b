package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.IoFile;
import java.util.concurrent.CompletableFuture;

/// Takes a log from one fragment to the next: prepares the next file ahead, makes it current, seals
/// the one before in the background. At most two fragments of a log have no footer at any time.
///
/// One thread at a time calls; it may block on the disk, but not in [#plan(LogEnd)] and
/// [#prepareSuccessor()]. Preparing and sealing run on the environment's background threads.
public final class Rotation {
    private static final int ENOSPC = 28;
    private static final int EDQUOT = 122;

    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final long writerEpoch;
    private final FragmentFiles files;
    private final Standbys standbys;
    private final Listener listener;
    private CompletableFuture<Void> sealing = CompletableFuture.completedFuture(null);

    /// Is told how sealing in the background went, on the thread that did it.
    public interface Listener {
        /// Nobody seals through this rotation.
        Listener NONE = new Listener() {
            @Override
            public void sealed() {}

            @Override
            public void sealFailed(WalException cause) {}
        };

        void sealed();

        void sealFailed(WalException cause);
    }

    public Rotation(LogDirectory directory, LogEnvironment environment, LogSettings settings,
            long writerEpoch, Listener listener) {
        this.directory = directory;
        this.environment = environment;
        this.settings = settings;
        this.writerEpoch = writerEpoch;
        this.files =
                new FragmentFiles(environment.disk(), environment.scheduler(), directory.path());
        this.standbys = new Standbys(environment, files, settings);
        this.listener = listener;
    }

    Standbys standbys() {
        return standbys;
    }

    /// A fragment that has no file yet, to follow what ends here.
    public WritableFragment plan(LogEnd end) {
        long createdNanos =
                Math.max(EpochNanos.now(environment.clock()), end.lastTimestampNanos());
        FragmentHeader header =
                new FragmentHeader(FragmentHeader.hashOf(directory.logId().value()),
                        environment.generations().getAsLong(), end.nextId(),
                        settings.fragmentSizeBytes(), FragmentGeometry.BLOCK_BYTES, writerEpoch,
                        createdNanos, end.nextId() - 1, end.lastEntryCrc());
        return new WritableFragment(FragmentWriter.create(header), settings.ioMode());
    }

    /// Starts to prepare the next file, unless there is one.
    public void prepareSuccessor() {
        standbys.prepare();
    }

    /// Gives the planned fragment its file. All of the fragment before is on the device.
    ///
    /// @throws WalException.DiskFull when there is no room for it; nothing has changed then
    public void activate(WritableFragment next) {
        FragmentFiles.Standby file = takeStandby();
        sealing.join();
        FragmentHeader header = next.writer().header();
        IoFile opened = activate(file, header);
        next.attach(
                Fragment.growing(environment.disk(), files.path(header), header,
                        next.writer().index()),
                opened, FragmentGeometry.DATA_START, file.writtenBytes(), environment);
    }

    /// A disk may be too full even for a name: as long as the fragment has none, nothing has
    /// changed.
    private IoFile activate(FragmentFiles.Standby file, FragmentHeader header) {
        try {
            return files.activate(file, header);
        } catch (WalException.Io failure) {
            if (!isFull(failure) || environment.disk().exists(files.path(header))) {
                throw failure;
            }
            files.discard(file);
            throw refusal(failure);
        }
    }

    private FragmentFiles.Standby takeStandby() {
        try {
            return standbys.take();
        } catch (WalException.Io failure) {
            throw refusal(failure);
        }
    }

    private WalException refusal(WalException.Io failure) {
        return isFull(failure)
                ? new WalException.DiskFull(directory.path(), settings.fragmentSizeBytes(), failure)
                : failure;
    }

    static boolean isFull(WalException.Io failure) {
        return failure.errno() == ENOSPC || failure.errno() == EDQUOT;
    }

    /// Seals a fragment that is complete, in the background, and closes its file.
    void sealBehind(WritableFragment complete) {
        sealing = CompletableFuture.runAsync(() -> seal(complete), environment.background());
    }

    private void seal(WritableFragment complete) {
        try {
            complete.fragment().sealed(files.seal(complete.file(), complete.writer()));
        } catch (RuntimeException | Error failure) {
            listener.sealFailed(WalException.Defect.orCause(failure));
            return;
        } finally {
            complete.close();
        }
        listener.sealed();
    }

    /// Waits for what runs in the background, and removes the files that were prepared for nothing.
    ///
    /// @throws WalException.Io where one of them cannot be removed; the next writer does it then
    public void close() {
        sealing.join();
        standbys.close();
    }

    /// Lets go of the files that were prepared, for the next writer to delete. Never waits.
    public void abandon() {
        standbys.abandon();
    }
}
