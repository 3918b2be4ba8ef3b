package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoResult;

/// Writes groups, one at a time, and makes them durable: the part of a log that talks to the disk.
///
/// One thread at a time commits; what others see of it (written, durable and visible id) moves in
/// order.
final class GroupCommit implements AutoCloseable {
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final LogFragments fragments;
    private final WriterStatus status;
    private final WriterFence fence;
    private final Rotation rotation;
    private final LogMeter meter;
    private WritableFragment current;
    private volatile long writtenId;
    private volatile long durableId;
    private long unsyncedBytes;
    private boolean appended;

    /// @param tip the fragment that grows, null where there is none yet
    GroupCommit(LogEnvironment environment, LogSettings settings, LogFragments fragments,
            WriterStatus status, WriterFence fence, Rotation rotation, LogMeter meter,
            WritableFragment tip, long lastId) {
        this.environment = environment;
        this.settings = settings;
        this.fragments = fragments;
        this.status = status;
        this.fence = fence;
        this.rotation = rotation;
        this.meter = meter;
        this.current = tip;
        this.writtenId = lastId;
        this.durableId = lastId;
    }

    /// The fragment written last, null where there is none.
    WritableFragment current() {
        return current;
    }

    long writtenId() {
        return writtenId;
    }

    long durableId() {
        return durableId;
    }

    boolean hasUnsynced() {
        return unsyncedBytes > 0;
    }

    LogMeter meter() {
        return meter;
    }

    LogFragments fragments() {
        return fragments;
    }

    /// @throws WalException.Fenced when a writer of a higher epoch has taken the log over
    void checkNotFenced() {
        fence.check();
    }

    /// As [#checkNotFenced()], where what is added to a group is in the file at once.
    void checkMayFill() {
        if (settings.ioMode() == IoMode.MAPPED) {
            fence.check();
        }
    }

    /// What was just written or synced may have met what the next writer does.
    private void checkStillOurs() {
        try {
            fence.check();
        } catch (WalException.Fenced fenced) {
            throw new Broken(fenced);
        }
    }

    /// Makes a planned fragment the current one.
    ///
    /// @throws WalException.DiskFull when there is no room for its file: nothing has changed, it
    ///     may be tried again
    /// @throws Broken when the disk failed under it
    void activate(WritableFragment next) {
        WritableFragment complete = current;
        sync();
        try {
            rotation.activate(next);
        } catch (WalException.DiskFull refusal) {
            throw refusal;
        } catch (WalException failure) {
            throw new Broken(failure);
        }
        if (complete != null) {
            complete.fragment().completed(next.writer().header().firstId() - 1);
        }
        fragments.add(next.fragment());
        current = next;
        if (complete != null) {
            meter.rotated(next.writer().header().firstId());
            rotation.sealBehind(complete);
        }
    }

    /// Hands a closed group's bytes to the operating system.
    ///
    /// @param syncFollows [#sync()] comes next
    /// @throws Broken when the disk failed under it
    void write(OpenGroup group, boolean syncFollows) {
        long begun = System.nanoTime();
        current.put(group, syncFollows).ifPresent(this::execute);
        checkStillOurs();
        appended = true;
        unsyncedBytes += group.sizeBytes();
        writtenId = group.lastId();
        status.written(writtenId);
        meter.groupWritten(group.entryCount(), writtenId, group.sizeBytes(),
                System.nanoTime() - begun);
        if (settings.durability() == Durability.WRITTEN) {
            fragments.makeVisible(writtenId);
        }
    }

    boolean isSyncDue() {
        return unsyncedBytes >= settings.unsyncedBytesMax();
    }

    /// Makes all that is written durable; does nothing where it is.
    ///
    /// @throws Broken when the sync failed; it is never tried again
    void sync() {
        if (!hasUnsynced()) {
            return;
        }
        long begun = System.nanoTime();
        execute(IoChain.of(new IoOperation.Fdatasync(current.file())));
        checkStillOurs();
        unsyncedBytes = 0;
        durableId = writtenId;
        status.durable(durableId);
        meter.synced(durableId, System.nanoTime() - begun);
        fragments.makeVisible(durableId);
    }

    private void execute(IoChain chain) {
        if (environment.scheduler().execute(chain) instanceof IoResult.Failed failed) {
            throw new Broken(failed.cause());
        }
    }

    /// Syncs all there is, and leaves behind it what tells the end of the log from a torn one.
    void finish() {
        if (appended) {
            sync();
        }
        if (fence.isFenced() || current == null || !current.hasFile()) {
            return; // the end of the log is the next writer's, or told by the fragment before
        }
        if (appended && current.writer().entryCount() > 0) {
            writeClosingRecord();
        }
        // also of a group that was refused, and in mapped mode was taken back in the file
        execute(IoChain.of(new IoOperation.Fdatasync(current.file())));
        current.noteClosed(fence);
    }

    /// A group record that says that everything before it is durable; none where there is no memory
    /// for it just now.
    private void writeClosingRecord() {
        long bytes = OpenGroup.bytesFor(0);
        GroupMemory memory;
        try {
            memory = current.ownMemory(bytes).orElseGet(() -> current.memoryIn(
                    environment.pool().unpooled(settings.ioMode().bufferBytesFor(bytes))));
        } catch (WalException.Overloaded _) {
            return;
        }
        OpenGroup record = current.writer().beginGroup(memory);
        try {
            record.close(durableId, EpochNanos.now(environment.clock()));
            current.put(record, false).ifPresent(this::execute);
        } finally {
            record.release();
        }
    }

    /// Lets go of the files.
    @Override
    public void close() {
        try {
            rotation.close();
        } finally {
            if (current != null) {
                current.close();
            }
        }
    }

    /// A write or sync failed: the log must not be written to any more.
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient WalException failure;

        Broken(WalException failure) {
            super(failure);
            this.failure = failure;
        }

        WalException failure() {
            return failure;
        }
    }
}
