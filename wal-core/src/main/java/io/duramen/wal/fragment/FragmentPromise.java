package io.duramen.wal.fragment;

import io.duramen.wal.format.ClosedEnd;
import java.util.Optional;

/// What is known about a fragment from elsewhere.
///
/// @param lastId entries up to this one were promised, and must be there
/// @param complete the log goes on in a later fragment
/// @param live a writer has the log open: what lies beyond `lastId` may change at any time
/// @param headId the log starts with this entry: those before it are trimmed, and where they were
///     may be a hole
/// @param closed where the log ends, if its last writer closed it
public record FragmentPromise(long lastId, boolean complete, boolean live, long headId,
        Optional<ClosedEnd> closed) {
    /// Nothing is known: a fragment looked at alone.
    public static final FragmentPromise NONE = new FragmentPromise(-1, false, false, 0,
            Optional.empty());
}
