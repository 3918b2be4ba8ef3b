package io.duramen.wal.log;

/// What writes to a log, from its opening, or from a truncation, to the next truncation or the end.
record LogWriting(Retention retention, GroupCommit commit, AppendQueue queue) {
    /// @param listener told of seals, and of calls to the disk that failed
    static LogWriting begin(LogDirectory directory, LogSettings settings,
            LogEnvironment environment, WriterLock lock, RecoveredLog recovered,
            LogFragments fragments, Rotation.Listener listener) {
        long lastId = recovered.end().nextId() - 1;
        lock.begin(directory.logId(), recovered.writerEpoch(), lastId, settings.ioMode(),
                environment.scheduler().driverName());
        Rotation rotation = new Rotation(directory, environment, settings,
                recovered.writerEpoch(), listener);
        Retention retention = new Retention(directory, environment, settings, recovered, fragments,
                rotation, listener::sealFailed);
        WritableFragment tip = recovered.tip().orElse(null);
        GroupCommit commit = new GroupCommit(environment, settings, fragments, lock.status(),
                rotation, tip, lastId);
        return new LogWriting(retention, commit, new AppendQueue(environment, settings, rotation,
                commit, new GroupBacklog(environment, settings, rotation, tip, recovered.end())));
    }

    /// Leaves the log in order and lets go of its files. The queue is closed.
    ///
    /// @throws GroupCommit.Broken when the disk failed under it
    void end() {
        try (GroupCommit closing = commit; Retention _ = retention) {
            if (queue.failure().isEmpty()) {
                closing.writeClosingRecord();
            }
        }
    }
}
