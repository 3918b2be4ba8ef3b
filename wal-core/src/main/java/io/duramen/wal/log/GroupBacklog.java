package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// The groups of a log that are encoded and not on their way yet: one that is being filled, and
/// those in front of it that are full. Entries get their ids here.
///
/// Plain state, without threads; belongs to whoever holds the queue's lock.
final class GroupBacklog {
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final RotationPolicy policy;
    private final Rotation rotation;
    private final LogEnd recoveredEnd;
    private final ArrayDeque<PendingGroup> closedGroups = new ArrayDeque<>();
    private PendingGroup filling;
    private WritableFragment target;
    private long pendingBytes;

    /// @param target the fragment that grows, null where there is none
    GroupBacklog(LogEnvironment environment, LogSettings settings, Rotation rotation,
            WritableFragment target, LogEnd recoveredEnd) {
        this.environment = environment;
        this.settings = settings;
        this.policy = new RotationPolicy(settings);
        this.rotation = rotation;
        this.target = target;
        this.recoveredEnd = recoveredEnd;
    }

    private LogEnd end() {
        return target == null ? recoveredEnd : LogEnd.of(target.writer());
    }

    long nextId() {
        return end().nextId();
    }

    /// Bytes of all entries that are not written, those on their way included.
    long pendingBytes() {
        return pendingBytes;
    }

    boolean isEmpty() {
        return filling == null && closedGroups.isEmpty();
    }

    boolean hasRoomFor(long entriesBytes) {
        return pendingBytes == 0 || pendingBytes + entriesBytes <= settings.pendingBytesMax();
    }

    /// Makes sure that the group being filled, if there is one, takes a submission.
    ///
    /// @return false where there is none
    /// @throws WalException.TooLarge when it does not fit the fragment that grows, empty as it is
    boolean fitFilling(Submission next, long durableId) {
        long bytes = next.entriesBytes();
        int entries = next.entryCount();
        if (target == null
                || policy.isDue(target.writer(), bytes, entries, environment.clock())) {
            closeFilling(durableId);
            target = rotation.plan(end());
        } else if (filling != null && !filling.group().fits(bytes)) {
            closeFilling(durableId);
        }
        if (!target.writer().holds(bytes, entries)) { // empty: too large, or made with smaller ones
            throw next.tooLarge(new FragmentGeometry(target.writer().header().fileSizeBytes())
                    .largestPayloadBytes());
        }
        return filling != null;
    }

    /// The fragment that the next group goes to.
    WritableFragment target() {
        return target;
    }

    /// Starts to fill a group in this memory; none is being filled.
    void beginGroup(GroupMemory memory) {
        filling = new PendingGroup(target, target.writer().beginGroup(memory));
    }

    PendingGroup filling() {
        return filling;
    }

    /// Adds a submission to the group being filled.
    ///
    /// @return its first id
    long add(Submission submission) {
        OpenGroup group = filling.group();
        long before = group.sizeBytes();
        try {
            long firstId = submission.addTo(group);
            pendingBytes += group.sizeBytes() - before;
            return firstId;
        } catch (RuntimeException | Error unreadable) {
            if (group.entryCount() == 0) {
                group.abandon();
                filling = null;
            }
            throw unreadable;
        }
    }

    /// True where the group that is being filled, or will be, is the next one to be written.
    boolean isNextFilling() {
        return closedGroups.isEmpty();
    }

    /// Callers that wait for the group that is being filled.
    int callers() {
        return filling == null ? 0 : filling.callers();
    }

    /// What carries a sync of everything appended so far: the group being filled, or one of its
    /// own.
    PendingGroup toSync() {
        PendingGroup last = filling;
        if (last == null) {
            last = PendingGroup.syncOnly();
            closedGroups.add(last);
        }
        return last;
    }

    /// Goes on in another fragment with what comes next; what was added so far stays in this one.
    ///
    /// @return what begins it; empty where the fragment that grows is empty, or there is none
    Optional<PendingGroup> rotate(long durableId) {
        if (target == null || target.writer().entryCount() == 0) {
            return Optional.empty();
        }
        closeFilling(durableId);
        target = rotation.plan(end());
        closedGroups.add(PendingGroup.beginning(target));
        return Optional.of(closedGroups.getLast());
    }

    private void closeFilling(long durableId) {
        if (filling != null) {
            closedGroups.add(filling);
            filling.encode(durableId, EpochNanos.now(environment.clock()));
            filling = null;
        }
    }

    /// Takes the group that is written next.
    Optional<PendingGroup> next(long durableId) {
        if (closedGroups.isEmpty()) {
            closeFilling(durableId);
        }
        return Optional.ofNullable(closedGroups.poll());
    }

    /// Takes all groups; none of them will be written.
    List<PendingGroup> drop(long durableId) {
        closeFilling(durableId);
        List<PendingGroup> dropped = List.copyOf(closedGroups);
        closedGroups.clear();
        dropped.forEach(this::release);
        return dropped;
    }

    /// A group that was taken is written, or never will be.
    void release(PendingGroup group) {
        if (group.hasEntries()) {
            pendingBytes -= group.entryBytes();
            group.group().release();
        }
    }

    /// Goes on behind the last entry that was written; nothing is waiting.
    ///
    /// @param written the fragment it is in, null where there is none
    void rewindTo(WritableFragment written) {
        assert isEmpty();
        target = written;
    }

    /// True where the fragment that grows is so full that the next one should be made ready.
    boolean isSuccessorWanted() {
        return target != null && policy.isSuccessorWanted(target.writer().endOfData(),
                target.writer().entryCount());
    }
}
