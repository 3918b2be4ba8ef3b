package io.duramen.wal.actors;

import io.duramen.wal.fragment.FragmentLease;

/// Where a lease is put for someone who may be gone by then. Whichever comes last, the lease or the
/// end of its asker, the lease is given back.
public final class LeaseSlot implements AutoCloseable {
    private FragmentLease lease;
    private boolean closed;

    /// Puts the lease in, or gives it back at once where nobody waits any more.
    synchronized void put(FragmentLease lent) {
        if (closed) {
            lent.close();
        } else {
            lease = lent;
        }
    }

    /// Gives back what is or will be in the slot. Closing twice does nothing.
    @Override
    public synchronized void close() {
        closed = true;
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }
}
