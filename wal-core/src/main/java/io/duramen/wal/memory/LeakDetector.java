package io.duramen.wal.memory;

import java.lang.System.Logger.Level;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Finds leases that nobody can give back any more because nobody has them, and tells who had asked
/// for them. The slot stays lost: the kernel may still be using its memory.
///
/// Any thread may call. It has no thread: what was collected is noticed at the next call.
final class LeakDetector {
    private static final System.Logger LOG = System.getLogger(LeakDetector.class.getName());

    /// A lease under observation; the set below keeps it until the lease is given back.
    static final class Trace extends PhantomReference<BufferLease> {
        private final String lease;
        private final Throwable site;

        private Trace(BufferLease lease, Throwable site, ReferenceQueue<BufferLease> collected) {
            super(lease, collected);
            this.lease = lease.toString();
            this.site = site;
        }
    }

    private final int sampleEvery;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong leaks = new AtomicLong();
    private final ReferenceQueue<BufferLease> collected = new ReferenceQueue<>();
    private final Set<Trace> traces = ConcurrentHashMap.newKeySet();

    /// @param sampleEvery one in so many requests is observed, 0 for none
    LeakDetector(int sampleEvery) {
        this.sampleEvery = sampleEvery;
    }

    /// Who is asking for a lease now, or null where this request is not observed.
    Throwable site() {
        if (sampleEvery == 0) {
            return null;
        }
        reportCollected();
        return requests.getAndIncrement() % sampleEvery == 0
                ? new Throwable("the buffer was asked for here") : null;
    }

    /// Observes a lease.
    ///
    /// @param site from [#site()]; null for not
    Trace observe(BufferLease lease, Throwable site) {
        if (site == null) {
            return null;
        }
        Trace trace = new Trace(lease, site, collected);
        traces.add(trace);
        return trace;
    }

    void onGivenBack(Trace trace) {
        if (trace != null) {
            traces.remove(trace);
        }
    }

    /// Leases found lost so far.
    long leaks() {
        reportCollected();
        return leaks.get();
    }

    private void reportCollected() {
        Object found = collected.poll();
        while (found != null) {
            Trace trace = (Trace) found;
            if (traces.remove(trace)) {
                leaks.incrementAndGet();
                LOG.log(Level.WARNING, trace.lease + " was never given back and cannot be any more:"
                        + " its holder lost it", trace.site);
            }
            found = collected.poll();
        }
    }
}
