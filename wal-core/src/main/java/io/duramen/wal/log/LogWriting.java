package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.util.Optional;
import java.util.function.Supplier;

/// What a log needs to be written, from a recovery on: a new one takes its place when the log is
/// truncated. The lock, and what readers share, outlive it.
final class LogWriting {
    private final LogEnvironment environment;
    private final Retention retention;
    private final GroupCommit commit;
    private final AppendQueue queue;

    LogWriting(LogDirectory directory, LogEnvironment environment, RecoveredLog recovered,
            LogFragments fragments, WriterLock lock,
            LogMeter meter) {
        this.environment = environment;
        LogSettings settings = recovered.settings();
        long nextId = recovered.end().nextId();
        recovered.begin(lock, environment.scheduler());
        Rotation rotation = new Rotation(directory, environment, settings,
                recovered.writerEpoch(), new SealListener());
        retention = new Retention(directory, environment, settings, recovered, fragments,
                rotation, this::poison);
        WritableFragment tip = recovered.tip().orElse(null);
        commit = new GroupCommit(environment, settings, fragments, lock.status(),
                new WriterFence(lock.status(), directory.path(), recovered.writerEpoch()), rotation,
                meter, tip, nextId - 1);
        meter.recovered(recovered.report());
        queue = new AppendQueue(environment, settings, rotation, commit,
                new GroupBacklog(environment, settings, rotation, tip, recovered.end()));
        meter.pendingFrom(queue::pendingBytes);
    }

    private final class SealListener implements Rotation.Listener {
        /// Not in the rotation's way, which waits for the seal before.
        @Override
        public void sealed() {
            environment.background().execute(() -> {
                if (queue.failure().isEmpty()) {
                    retention.applyRules();
                }
            });
        }

        @Override
        public void sealFailed(WalException cause) {
            poison(cause);
        }
    }

    AppendQueue queue() {
        return queue;
    }

    GroupCommit commit() {
        return commit;
    }

    Retention retention() {
        return retention;
    }

    LogInfo info(LogSettings settings) {
        LogFragments fragments = commit.fragments();
        return new LogInfo(retention.logId(), fragments.firstId(), queue.nextId(),
                commit.writtenId(), commit.durableId(), fragments.all().size(),
                settings.ioMode().toString(), environment.scheduler().driverName(),
                retention.info(), queue.failure());
    }

    TrimOutcome trim(TrimRule rule) {
        checkNotPoisoned();
        return retention.trim(rule);
    }

    void change(FloorChange floors) {
        checkNotPoisoned();
        retention.change(floors);
    }

    void poison(Throwable cause) {
        queue.poison(Optional.empty(), cause);
    }

    void checkNotPoisoned() {
        queue.failure().ifPresent(failure -> {
            throw WalException.Poisoned.by(failure);
        });
    }

    /// Refuses new appends, completes those under way, syncs, and lets go of the files.
    ///
    /// @param refusal what whoever appends from now on is told
    /// @return false where it was closed already
    /// @throws WalException.OutcomeUnknown when the last sync failed
    boolean close(Supplier<WalException> refusal) {
        if (!queue.close(refusal)) {
            return false;
        }
        try (commit; retention) {
            if (queue.failure().isEmpty()) {
                commit.finish();
            }
        } catch (GroupCommit.Broken broken) {
            throw new WalException.OutcomeUnknown(broken.failure());
        }
        return true;
    }
}
