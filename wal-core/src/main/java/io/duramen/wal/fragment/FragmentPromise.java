package io.duramen.wal.fragment;

/// What is known about a fragment from elsewhere.
///
/// @param lastId entries up to this one were promised, and must be there
/// @param complete the log goes on in a later fragment
/// @param live a writer has the log open: what lies beyond `lastId` may change at any time
/// @param headId the log starts with this entry: those before it are trimmed, and where they were
///     may be a hole
public record FragmentPromise(long lastId, boolean complete, boolean live, long headId) {
    /// Nothing is known: a fragment looked at alone.
    public static final FragmentPromise NONE = new FragmentPromise(-1, false, false, 0);
}
