package io.duramen.wal.log;

/// The truncations that readers of a log are told of, the newest last. It outlives the log's being
/// closed and opened again, where readers do.
///
/// One thread at a time adds; any thread makes a watch.
public final class Truncations {
    private volatile TruncationWatch.Link latest = new TruncationWatch.Link(Long.MAX_VALUE);
    private volatile boolean any;

    /// None so far.
    public Truncations() {
    }

    /// For a reader that is about to start.
    public TruncationWatch watch() {
        return new TruncationWatch(latest);
    }

    /// Tells all readers; what takes the ids behind the new end becomes visible only later.
    ///
    /// @param nextId the id that the log went on with
    public void add(long nextId) {
        any = true;
        latest = latest.followedBy(nextId);
    }

    /// True where there was one.
    public boolean hasAny() {
        return any;
    }
}
