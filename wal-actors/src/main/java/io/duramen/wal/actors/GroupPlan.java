package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RotationPolicy;
import io.duramen.wal.log.WritableFragment;
import java.util.Optional;

/// What a log writes next, and when it goes on in another fragment: the queue of appends, and how
/// full the fragment is that grows. Plain state of a [LogActor].
final class GroupPlan {
    private final LogSettings settings;
    private final WalResources resources;
    private final RotationPolicy policy;
    private final Admission admission;
    private final CommitQueue queue;
    private final LogMeter meter;
    private final DrainRate rate = new DrainRate();
    private FragmentSpace space;
    private long groupBytes;
    private long groupBegunNanos;

    GroupPlan(LogSettings settings, Admission admission, WalResources resources,
            LogMeter meter) {
        this.meter = meter;
        this.settings = settings;
        this.admission = admission;
        this.queue = new CommitQueue(resources.pending());
        this.resources = resources;
        this.policy = new RotationPolicy(settings);
    }

    CommitQueue queue() {
        return queue;
    }

    /// Takes an append in, or gives the refusal.
    Optional<LogRequest.AppendAnswer> offer(LogRequest.Append append) {
        return offer(append, CommitQueue.ANY_ID);
    }

    /// @param expectedId where the first entry must get this id, or [CommitQueue#ANY_ID]
    Optional<LogRequest.AppendAnswer> offer(LogRequest.Append append, long expectedId) {
        Optional<LogRequest.AppendAnswer> refusal = tryOffer(append, expectedId);
        if (refusal.orElse(null) instanceof LogRequest.Overloaded) {
            meter.overloaded();
        }
        return refusal;
    }

    private Optional<LogRequest.AppendAnswer> tryOffer(LogRequest.Append append,
            long expectedId) {
        PendingBytes all = resources.pending();
        Optional<LogRequest.AppendAnswer> refusal =
                admission.refusalOf(append, queue.pendingBytes(), rate);
        if (refusal.isEmpty() && !all.tryTake(append.weightBytes())) {
            return Optional.of(new LogRequest.Overloaded(all.whole().pending(), all.max(),
                    rate.timeFor(append.weightBytes())));
        }
        if (refusal.isEmpty()) {
            queue.add(append, expectedId);
        }
        return refusal;
    }

    /// The answer where there was no memory for a group.
    LogRequest.Overloaded overloaded() {
        return new LogRequest.Overloaded(queue.pendingBytes(), settings.pendingBytesMax(),
                rate.timeFor(queue.pendingBytes()));
    }

    /// The log goes on in this fragment.
    void grow(WritableFragment tip) {
        if (space != null) {
            meter.rotated(tip.writer().header().firstId());
        }
        space = FragmentSpace.of(tip.writer().header(), tip.writer().endOfData(),
                tip.writer().entryCount());
    }

    /// An empty fragment is never rotated; one of a writer with other settings may be too small.
    void refuseWhatNeverFits() {
        while (space != null && space.entryCount() == 0 && !queue.isEmpty()
                && !space.holds(queue.next().entriesBytes(), queue.next().entries())) {
            WalException cause =
                    queue.next().tooLarge(space.geometry().largestPayloadBytes());
            queue.refuseFirst(Refusals.unknown(cause), new LogRequest.NotWritten(cause));
        }
    }

    /// The fragment that grows holds something.
    boolean mayRotate() {
        return space != null && space.entryCount() > 0;
    }

    /// Something waits, and goes into another fragment.
    boolean isFragmentWanted() {
        if (queue.isEmpty()) {
            return false;
        }
        CommitQueue.Unit next = queue.next();
        return space == null
                || policy.isDue(space.holds(next.entriesBytes(), next.entries()),
                        space.entryCount(), next.entries(), space.createdNanos(),
                        resources.clock());
    }

    /// Takes the next group; something waits, and the fragment takes it.
    CommitQueue.Group take(long nextId) {
        long entriesLeft = Math.max(1, settings.fragmentEntriesMax() - space.entryCount());
        groupBegunNanos = EpochNanos.now(resources.clock());
        return queue.take(space, nextId,
                settings.ioMode().groupBytesMax(resources.pool().slotBytes()), entriesLeft);
    }

    /// The group under way is written.
    void written(long entries, long endOfData) {
        groupBytes = endOfData - space.endOfData();
        space = space.grownTo(endOfData, space.entryCount() + entries);
        queue.written();
    }

    /// The group under way is as durable as it was to be; after a sync of its own nothing ends.
    void ended() {
        rate.measured(groupBytes, EpochNanos.now(resources.clock()) - groupBegunNanos);
        groupBytes = 0;
    }

    /// The fragment that grows is so full that the next one should be made ready.
    boolean isSuccessorWanted() {
        return policy.isSuccessorWanted(space.endOfData(), space.entryCount());
    }
}
