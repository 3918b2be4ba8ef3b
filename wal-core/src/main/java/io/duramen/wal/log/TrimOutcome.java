package io.duramen.wal.log;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a trim did, or would do.
///
/// @param wantedId the first id that had to stay by the rule
/// @param firstId the first entry there is afterwards; `wantedId` lies in its fragment unless
///     `limit` says otherwise
/// @param fragments dropped
/// @param bytes that the dropped fragments held, and that were given back of the first one left
/// @param limit what kept it from dropping more
/// @param heldBy the consumer whose floor it was, where it was one
/// @param ended consumers whose floors would have held it back and have ended
public record TrimOutcome(long wantedId, long firstId, int fragments, long bytes, Limit limit,
        Optional<String> heldBy, List<String> ended) {
    /// What a trim may stop at.
    public enum Limit {
        /// Nothing but the edge of a fragment.
        NONE,
        /// A consumer's floor.
        FLOOR,
        /// What is left is where the log ends, or is not sealed yet.
        GROWING
    }

    /// What several rules drop together: as much as the one that drops most.
    ///
    /// @param inside whether the log may start inside a fragment
    /// @param extents the log's fragments in order
    /// @param firstId the first entry there is now
    static TrimOutcome plan(List<TrimRule> rules, boolean inside, List<FragmentExtent> extents,
            long firstId, long nextId, List<Floor> floors, Instant now) {
        long nowNanos = EpochNanos.of(now);
        long wantedId = extents.isEmpty() ? firstId : rules.stream()
                .mapToLong(rule -> rule.firstToKeep(extents, nextId, nowNanos)).max()
                .orElse(firstId);
        Optional<Floor> lowest = lowest(floors, now);
        long heldId = lowest.map(Floor::id).orElse(Long.MAX_VALUE);
        long left = firstId;
        int dropped = 0;
        long bytes = 0;
        while (dropped < extents.size() - 1 && extents.get(dropped).sealed()
                && extents.get(dropped).lastId() < Math.min(wantedId, heldId)) {
            bytes += extents.get(dropped).bytes();
            dropped++;
            left = extents.get(dropped).firstId();
        }
        Limit limit = extents.isEmpty() ? Limit.NONE
                : limit(wantedId, heldId, nextId, inside, extents.get(dropped));
        long end = left;
        return new TrimOutcome(wantedId, left, dropped, bytes, limit,
                lowest.filter(_ -> limit == Limit.FLOOR).map(Floor::consumer),
                floors.stream().filter(floor -> floor.hasEnded(now) && floor.id() < end)
                        .map(Floor::consumer).toList());
    }

    private static Optional<Floor> lowest(List<Floor> floors, Instant now) {
        return floors.stream().filter(floor -> !floor.hasEnded(now))
                .min(Comparator.comparing(Floor::id));
    }

    /// The first entry that has to stay, by the rule and by the floors.
    long keepId(List<Floor> floors, Instant now) {
        return Math.min(wantedId, lowest(floors, now).map(Floor::id).orElse(Long.MAX_VALUE));
    }

    /// This one, where the log starts inside a fragment.
    TrimOutcome with(HeadHole hole, long holeBytes) {
        return new TrimOutcome(wantedId, hole.headId(), fragments, bytes + holeBytes, limit, heldBy,
                ended);
    }

    /// Why the first fragment that is left was not dropped as well, or not as far.
    private static Limit limit(long wantedId, long heldId, long nextId, boolean inside,
            FragmentExtent left) {
        long lastId = Math.min(left.lastId(), nextId - 1);
        if (inside && left.sealed() && heldId < wantedId && heldId <= lastId) {
            return Limit.FLOOR;
        }
        if (lastId >= wantedId || lastId < left.firstId()) {
            return Limit.NONE;
        }
        return lastId >= heldId ? Limit.FLOOR : Limit.GROWING;
    }
}
