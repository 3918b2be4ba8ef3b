package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Drops old fragments from the head of a log, and where the settings say so the blocks of one that
/// it ends in: when asked, and by the settings' rules after each seal. Floors hold it back.
///
/// First the new head is on the device, then readers are refused what lies before it, then the
/// files go, the oldest first: at once, or when the last lease on them is given back. Whatever a
/// crash leaves of them the next writer deletes.
///
/// Any thread may call; calls block on the disk, one at a time. After the first call to the disk
/// that fails it changes nothing any more.
public final class Retention implements AutoCloseable {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final LogFragments fragments;
    private final Standbys standbys;
    private final List<TrimRule> rules;
    private final boolean punchHoles;
    private final Floors floors;
    private final Consumer<WalException> onFailure;
    private final Queue<Fragment> unused = new ArrayDeque<>();
    private final AtomicInteger inUse = new AtomicInteger();
    private volatile boolean closed;
    private boolean busy;
    private Throwable failure;

    /// @param rotation whose standbys take files that may be used again
    /// @param onFailure told, once, when a call to the disk failed: the log must take no more
    public Retention(LogDirectory directory, LogEnvironment environment, LogSettings settings,
            RecoveredLog recovered, LogFragments fragments, Rotation rotation,
            Consumer<WalException> onFailure) {
        this.directory = directory;
        this.environment = environment;
        this.fragments = fragments;
        this.standbys = rotation.standbys();
        this.rules = settings.retention().rules();
        this.punchHoles = settings.retention().punchHoles();
        this.floors = new Floors(directory, recovered.floors());
        this.onFailure = onFailure;
    }

    public LogId logId() {
        return directory.logId();
    }

    /// Drops what a rule says, as far as floors let it.
    ///
    /// @throws WalException.PastEnd when it names an entry that does not exist yet
    /// @throws WalException.DiskFull when the disk is too full for a name; nothing has changed
    public TrimOutcome trim(TrimRule rule) {
        return changing(() -> drop(checked(rule)));
    }

    /// What [#trim(TrimRule)] would do now.
    ///
    /// @throws WalException.PastEnd when it names an entry that does not exist yet
    public TrimOutcome plan(TrimRule rule) {
        begin();
        try {
            TrimOutcome outcome = plan(checked(rule));
            return hole(outcome).map(hole -> outcome.with(hole, hole.sizeBytes()))
                    .orElse(outcome);
        } finally {
            end();
        }
    }

    /// Drops what the settings say.
    ///
    /// @return what was dropped; empty where there is no rule, the log is closed, or it failed,
    ///     which is told as any failure is
    public Optional<TrimOutcome> applyRules() {
        if (rules.isEmpty() || closed) {
            return Optional.empty();
        }
        try {
            return Optional.of(changing(() -> drop(rules)));
        } catch (WalException _) {
            return Optional.empty();
        }
    }

    /// Changes a consumer's floor.
    ///
    /// @throws WalException.UnknownFloor when it is to be raised or removed, and there is none
    /// @throws WalException.Trimmed when it is to be set lower than the first entry there is
    /// @throws WalException.PastEnd when it is to be higher than the next entry
    /// @throws WalException.DiskFull when the disk is too full for a name; nothing has changed
    public void change(FloorChange change) {
        changing(() -> {
            apply(change);
            return change;
        });
    }

    /// Writes down floors that were raised.
    ///
    /// @throws WalException.DiskFull when the disk is too full for a name
    public void saveFloors() {
        if (floors.all().isEmpty()) {
            return;
        }
        changing(() -> {
            refusedWhereFull(floors::save);
            directory.disk().syncDirectory(directory.path());
            return floors;
        });
    }

    private void apply(FloorChange change) {
        switch (change) {
            case FloorChange.Set(Floor floor) -> {
                fragments.check(ReadRange.from(floor.id()));
                refusedWhereFull(() -> floors.set(floor));
            }
            case FloorChange.Raise(String consumer, long id) -> {
                checkExists(id);
                floors.raise(consumer, id);
            }
            case FloorChange.Remove(String consumer) -> floors.remove(consumer);
        }
    }

    /// Where the disk is too full for a name the name stays as it was, and so does the log; a sync
    /// that fails for that reason is another matter.
    private void refusedWhereFull(Runnable naming) {
        try {
            naming.run();
        } catch (WalException.Io failure) {
            if (Rotation.isFull(failure) && !failure.call().equals("fsync")) {
                throw new WalException.DiskFull(directory.path(), failure);
            }
            throw failure;
        }
    }

    private List<TrimRule> checked(TrimRule rule) {
        if (rule instanceof TrimRule.Before(long id)) {
            checkExists(id);
        }
        return List.of(rule);
    }

    private void checkExists(long id) {
        if (id > fragments.visibleId() + 1) {
            throw new WalException.PastEnd(id, fragments.visibleId() + 1);
        }
    }

    private TrimOutcome plan(List<TrimRule> by) {
        return TrimOutcome.plan(by, punchHoles, fragments.extents(), fragments.firstId(),
                fragments.visibleId() + 1, floors.all(), environment.clock().instant());
    }

    private Optional<HeadHole> hole(TrimOutcome outcome) {
        return punchHoles ? HeadHole.of(fragments, outcome.firstId(),
                outcome.keepId(floors.all(), environment.clock().instant())) : Optional.empty();
    }

    private TrimOutcome drop(List<TrimRule> by) {
        TrimOutcome outcome = plan(by);
        Optional<HeadHole> hole = hole(outcome);
        if (hole.isPresent() && hole.get().secure(environment)) {
            moveHead(hole.get().fragment().firstId(), hole.get().headId());
            return outcome.with(hole.get(), hole.get().punch(directory.disk()));
        }
        if (outcome.fragments() > 0) {
            moveHead(outcome.firstId(), outcome.firstId());
        }
        return outcome;
    }

    /// The first fragment may hold nothing behind the head, where the log was truncated to it.
    private void moveHead(long fragmentId, long firstId) {
        refusedWhereFull(() -> {
            floors.save();
            if (firstId != fragments.firstId()) {
                directory.moveHead(OptionalLong.of(fragments.firstId()), firstId);
            }
        });
        fragments.trimTo(fragmentId, firstId).forEach(this::retire);
        removeUnused();
    }

    private void retire(Fragment fragment) {
        if (fragment.retire(fragments.firstId(), () -> onUnused(fragment))) {
            unused.add(fragment);
        } else {
            inUse.incrementAndGet();
        }
    }

    /// The last lease on a trimmed fragment was given back, by whatever thread.
    private void onUnused(Fragment fragment) {
        if (closed) {
            return;
        }
        try {
            environment.background().execute(() -> remove(fragment));
        } catch (RejectedExecutionException _) {
            // closed just now: the next writer deletes the file
        }
    }

    private void remove(Fragment fragment) {
        try {
            changing(() -> {
                inUse.decrementAndGet();
                unused.add(fragment);
                removeUnused();
                return fragment;
            });
        } catch (WalException _) {
            // told already, or the log is closed
        }
    }

    private void removeUnused() {
        while (!unused.isEmpty()) {
            Fragment fragment = unused.remove();
            if (!standbys.reuse(fragment.path(), fragment.header().fileSizeBytes())) {
                directory.disk().delete(fragment.path());
            }
        }
        directory.disk().syncDirectory(directory.path());
    }

    /// Does one thing at a time; what fails at the disk is the last thing that was done.
    private <T> T changing(Supplier<T> work) {
        begin();
        try {
            if (failure != null) {
                throw new WalException.Poisoned(failure);
            }
            if (closed) {
                throw new WalException.Closed("log " + directory.logId());
            }
            return work.get();
        } catch (WalException.Io broken) {
            failure = broken;
            onFailure.accept(broken);
            throw broken;
        } finally {
            end();
        }
    }

    /// Waits for who is changing something. No lock is held while the disk works.
    private synchronized void begin() {
        boolean interrupted = false;
        while (busy) {
            try {
                wait();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        busy = true;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        busy = false;
        notifyAll();
    }

    /// Never waits for the disk.
    public StorageInfo info() {
        List<FragmentExtent> extents = fragments.extents();
        return new StorageInfo(extents.stream().mapToLong(FragmentExtent::bytes).sum(),
                inUse.get(), floors.all().stream().map(floor -> stateOf(floor, extents)).toList(),
                standbys.info());
    }

    private StorageInfo.FloorState stateOf(Floor floor, List<FragmentExtent> extents) {
        return new StorageInfo.FloorState(floor, floor.hasEnded(environment.clock().instant()),
                extents.stream().filter(extent -> extent.sealed() && extent.lastId() >= floor.id())
                        .mapToLong(FragmentExtent::bytes).sum());
    }

    /// Waits for what is under way; changes nothing afterwards. What readers have on lease stays
    /// until the next writer deletes it.
    @Override
    public void close() {
        begin();
        closed = true;
        end();
    }

    /// As [#close()], without waiting for what is under way.
    public void abandon() {
        closed = true;
    }
}
