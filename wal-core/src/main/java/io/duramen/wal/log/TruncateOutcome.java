package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentLease;

/// What a truncation did, or would do.
///
/// @param nextId the id that the log goes on with
/// @param entries dropped
/// @param bytes that they took in the files, group records between them included; of damaged ones
///     what their headers say
public record TruncateOutcome(long nextId, long entries, long bytes) {
    /// @param lastId the entry that is to be the last one
    /// @throws WalException.Trimmed when it is before the one in front of the first there is
    /// @throws WalException.PastEnd when it does not exist yet
    static TruncateOutcome plan(LogFragments fragments, long lastId) {
        long nextId = fragments.visibleId() + 1;
        check(lastId, fragments.firstId(), nextId);
        long bytes = 0;
        for (Fragment fragment : fragments.all()) {
            long from = Math.max(fragment.firstId(), lastId + 1);
            long to = Math.min(fragment.lastId(), nextId - 1);
            if (from <= to) {
                bytes += bytesOf(fragments, from, to);
            }
        }
        return new TruncateOutcome(lastId + 1, nextId - 1 - lastId, bytes);
    }

    static void check(long lastId, long firstId, long nextId) {
        if (lastId < -1) {
            throw new IllegalArgumentException("no entry id: " + lastId);
        }
        if (lastId < firstId - 1) {
            throw new WalException.Trimmed(lastId, firstId);
        }
        if (lastId >= nextId) {
            throw new WalException.PastEnd(lastId, nextId);
        }
    }

    private static long bytesOf(LogFragments fragments, long from, long to) {
        try (FragmentLease lease = fragments.leaseOn(from)) {
            return lease.bytesOf(from, to);
        }
    }
}
