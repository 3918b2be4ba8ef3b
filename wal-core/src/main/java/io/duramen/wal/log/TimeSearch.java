package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentCursor;
import io.duramen.wal.fragment.FragmentLease;
import java.util.List;

/// Finds entries by time. The time of an entry is that of its group, and never goes back from one
/// entry to the next; so footers and then group records are searched by halving.
final class TimeSearch {
    private final LogFragments fragments;
    private final long nanos;
    private final long visibleId;

    private TimeSearch(LogFragments fragments, long nanos) {
        this.fragments = fragments;
        this.nanos = nanos;
        this.visibleId = fragments.visibleId();
    }

    /// The first visible entry of this time or later.
    ///
    /// @param nanos since 1970
    /// @return its id; the id after the last visible entry where there is none
    /// @throws WalException.Trimmed when a view that is behind looks where nothing is any more
    /// @throws WalException.Corrupt when an entry that was looked at fails its check
    static long firstIdAtOrAfter(LogFragments fragments, long nanos) {
        while (true) {
            try {
                return new TimeSearch(fragments, nanos).run();
            } catch (WalException.Truncated _) {
                // the log has another end now
            } catch (WalException.Trimmed gone) {
                if (fragments.firstId() < gone.firstId()) {
                    throw gone; // a view that has not looked again since
                }
            }
        }
    }

    private long run() {
        List<Fragment> all = List.copyOf(fragments.all());
        int low = 0;
        for (int high = all.size(); low < high;) {
            int middle = (low + high) >>> 1;
            if (endsBefore(all.get(middle))) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == all.size() ? visibleId + 1 : searchIn(all.get(low));
    }

    private boolean endsBefore(Fragment fragment) {
        return fragment.footer().map(FragmentFooter::lastTimestampNanos)
                .map(last -> last < nanos).orElse(false);
    }

    private long searchIn(Fragment fragment) {
        long low = Math.max(fragment.firstId(), fragments.firstId());
        long end = Math.min(fragment.lastId(), visibleId) + 1;
        if (low >= end) {
            return end;
        }
        try (FragmentLease lease = fragments.leaseOn(low)) {
            if (lease.fragment() != fragment) {
                throw new WalException.Truncated(low, fragments.visibleId() + 1);
            }
            for (long high = end; low < high;) {
                long middle = (low + high) >>> 1;
                if (timeOf(middle, lease) < nanos) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
        }
        return low;
    }

    private static long timeOf(long entryId, FragmentLease lease) {
        FragmentCursor cursor = lease.cursorBefore(entryId);
        try {
            cursor.advance(entryId);
        } catch (WalException.LostEntries _) {
            // what a repair left in its place has the time of its group too
        }
        return cursor.timestampNanos();
    }
}
