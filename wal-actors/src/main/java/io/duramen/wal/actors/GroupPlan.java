package io.duramen.wal.actors;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.log.EpochNanos;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogMeter;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RotationPolicy;
import io.duramen.wal.log.WritableFragment;
import java.util.Optional;

/// What a log writes next, and when it goes on in another fragment: the queue of appends, and how
/// full the fragment is that grows, with the groups that are taken. One of them is under way, and
/// where as much waits as makes a group worth its while, another is encoded meanwhile. Plain state
/// of a [LogActor].
final class GroupPlan {
    private final LogSettings settings;
    private final WalResources resources;
    private final RotationPolicy policy;
    private final Admission admission;
    private final CommitQueue queue;
    private final LogMeter meter;
    private final DrainRate rate = new DrainRate();
    private FragmentSpace space;
    private FragmentSpace spaceBefore;
    /// The newest group is in a buffer, with ids of its own.
    private boolean encoded;
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
    private LogRequest.Overloaded overloaded() {
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
    ///
    /// @return true where something was refused
    boolean refuseWhatNeverFits() {
        boolean refused = false;
        while (space != null && space.entryCount() == 0 && !queue.isEmpty()
                && !space.holds(queue.next().entriesBytes(), queue.next().entries())) {
            WalException cause =
                    queue.next().tooLarge(space.geometry().largestPayloadBytes());
            queue.refuseFirst(Refusals.unknown(cause), new LogRequest.NotWritten(cause));
            refused = true;
        }
        return refused;
    }

    /// Refuses those that were to get another id than they would now.
    ///
    /// @param nextId the id of the next entry that is not written
    void refuseMisplaced(long nextId) {
        queue.refuseMisplaced(nextId + queue.unwrittenInGroups());
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
    ///
    /// @param nextId the id of the next entry that is not written
    /// @param syncWanted it is to be synced whatever ends in it
    FragmentActor.WriteGroup take(long nextId, boolean syncWanted, long durableId) {
        long entriesLeft = Math.max(1, settings.fragmentEntriesMax() - space.entryCount());
        if (queue.groups() == 0) {
            groupBegunNanos = EpochNanos.now(resources.clock());
        }
        CommitQueue.Group group = queue.take(space, nextId + queue.unwrittenInGroups(),
                groupBytesMax(), entriesLeft);
        if (syncWanted) {
            group.wantSync();
        }
        spaceBefore = space;
        space = space.behind(group.entriesBytes(), group.payloads().size());
        encoded = false;
        return new FragmentActor.WriteGroup(group.payloads(), group.continues(), group.sync(),
                group.writtenMatters(), isWorthEncoding(), durableId);
    }

    private long groupBytesMax() {
        return settings.ioMode().groupBytesMax(resources.pool().slotBytes());
    }

    /// Enough waits to be encoded while a group is at the disk. What is encoded in the file itself
    /// waits for its turn.
    private boolean isWorthEncoding() {
        return settings.ioMode() != IoMode.MAPPED && queue.waitingBytes() >= groupBytesMax() / 2;
    }

    /// The newest group is encoded.
    void encoded() {
        encoded = true;
    }

    /// Another group may be taken while one is under way: it goes into a buffer of the pool, and
    /// into the same fragment. What needs memory of its own waits until that of the one before is
    /// given back.
    boolean mayGoAhead() {
        return encoded && queue.groups() == 1 && isWorthEncoding()
                && OpenGroup.bytesFor(queue.next().entriesBytes()) <= groupBytesMax()
                && !isFragmentWanted();
    }

    /// The newest group was refused before it was encoded, and so are the appends in it.
    ///
    /// @return true where it was the one under way
    boolean refused(WalException cause) {
        if (queue.groups() == 0) {
            return false;
        }
        space = spaceBefore;
        queue.refuseGroup(Refusals.unknown(cause), cause instanceof WalException.Overloaded
                ? overloaded()
                : new LogRequest.NotWritten(cause));
        return queue.groups() == 0;
    }

    /// The group under way, if there is one, is as durable as it was to be.
    ///
    /// @return true where none is under way now
    boolean ended() {
        long now = EpochNanos.now(resources.clock());
        if (queue.groups() > 0) {
            rate.measured(OpenGroup.bytesFor(queue.underWay().entriesBytes()),
                    now - groupBegunNanos);
            queue.ended();
        }
        groupBegunNanos = now;
        return queue.groups() == 0;
    }

    /// The fragment that grows is so full that the next one should be made ready.
    boolean isSuccessorWanted() {
        return policy.isSuccessorWanted(space.endOfData(), space.entryCount());
    }
}
