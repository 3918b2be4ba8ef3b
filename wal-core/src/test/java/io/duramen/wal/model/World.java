package io.duramen.wal.model;

import io.duramen.wal.model.Content.Header;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/// A state of the model: the disk, a process that may have the log open, what was promised, and how
/// much may still happen.
final class World {
    static final int NONE = -1;
    static final int IDS_MAX = 5;

    /// Where the process stands.
    enum Stand {
        DOWN, RUNNING, ROTATING, NAMED, HEAD_MOVED, FILE_GONE, ZEROED_FILE, NEW_END_WRITTEN,
        END_NAMED, FRAGMENTS_GONE, END_RENAMED, CUT, KEPT, SYNCED, SETTLED
    }

    Disk disk = new Disk();
    /// By file, up to which slot and from which on a recovery cut it, as its copy tells; 0 for not.
    int[] cutTo = new int[Disk.FILES_MAX];
    int[] cutFrom = new int[Disk.FILES_MAX];

    Stand stand = Stand.RUNNING;
    int tip;
    int next = NONE;
    int slotsUsed;
    int nextId;
    int lastValue;
    int durableId = NONE;
    boolean poisoned;
    /// A file that was zeroed and may be the next fragment's.
    int ready = NONE;
    /// The cut of the tip that recovery found there, of those before it.
    int earlierCutFrom;
    int earlierCutTo;

    /// By id, what was promised to survive the power; 0 for nothing.
    int[] synced = new int[IDS_MAX];
    /// By id, what was written since the log was opened.
    int[] written = new int[IDS_MAX];
    /// Bits of values that may be in the log.
    int possible;
    int values;
    int generations = 1;
    int trimmedTo;
    int trimmedAtMostTo;
    /// Nothing from this id on need be there any more, and then none of it; [#NONE] where all that
    /// is promised must be.
    int truncatingTo = NONE;
    String violation;

    int appends = 3;
    int powerFailures = 2;
    int kills = 1;
    int syncFailures = 1;
    int trims = 1;
    int truncations;

    /// As [#first()], where the log is truncated once, and not trimmed.
    static World firstOfTruncation() {
        World first = first();
        first.trims = 0;
        first.truncations = 1;
        return first;
    }

    /// A new log, open, with a fragment that is empty.
    static World first() {
        World first = new World();
        first.tip = first.disk.create(0);
        int head = first.disk.create(Disk.HEADS);
        assert head != first.tip;
        first.disk.write(first.tip, Disk.HEADER, new Header(1, 0, 0).pack());
        first.disk.sync(first.tip);
        first.disk.syncNames();
        return first;
    }

    World copy() {
        World copy = new World();
        copy.disk = disk.copy();
        copy.cutTo = cutTo.clone();
        copy.cutFrom = cutFrom.clone();
        copy.stand = stand;
        copy.tip = tip;
        copy.next = next;
        copy.slotsUsed = slotsUsed;
        copy.nextId = nextId;
        copy.lastValue = lastValue;
        copy.durableId = durableId;
        copy.poisoned = poisoned;
        copy.ready = ready;
        copy.earlierCutFrom = earlierCutFrom;
        copy.earlierCutTo = earlierCutTo;
        copy.synced = synced.clone();
        copy.written = written.clone();
        copy.possible = possible;
        copy.values = values;
        copy.generations = generations;
        copy.trimmedTo = trimmedTo;
        copy.trimmedAtMostTo = trimmedAtMostTo;
        copy.truncatingTo = truncatingTo;
        copy.violation = violation;
        copy.appends = appends;
        copy.powerFailures = powerFailures;
        copy.kills = kills;
        copy.syncFailures = syncFailures;
        copy.trims = trims;
        copy.truncations = truncations;
        return copy;
    }

    /// The process is gone, and what it knew.
    void endProcess() {
        stand = Stand.DOWN;
        tip = NONE;
        next = NONE;
        slotsUsed = 0;
        nextId = 0;
        lastValue = 0;
        durableId = NONE;
        poisoned = false;
        ready = NONE;
        earlierCutFrom = 0;
        earlierCutTo = 0;
        Arrays.fill(written, 0);
    }

    int head() {
        for (int id = IDS_MAX - 1; id >= 0; id--) {
            if (disk.file(Disk.HEADS + id) != Disk.NO_FILE) {
                return id;
            }
        }
        throw new AssertionError("a log has a head");
    }

    /// The name of a new end, [#NONE] where there is none.
    int end() {
        for (int id = 0; id < IDS_MAX; id++) {
            if (disk.file(Disk.ENDS + id) != Disk.NO_FILE) {
                return Disk.ENDS + id;
            }
        }
        return NONE;
    }

    /// The log ends where it was to end, and nothing behind may come back.
    void truncated() {
        for (int id = truncatingTo; id < IDS_MAX; id++) {
            possible &= ~(1 << synced[id]);
            synced[id] = 0;
            written[id] = 0;
        }
        truncatingTo = NONE;
    }

    Header header(int file) {
        return Header.of(disk.read(file, Disk.HEADER));
    }

    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    private int[] numbers() {
        return new int[] {tip, next, slotsUsed, nextId, lastValue, durableId, ready, possible,
            earlierCutFrom, earlierCutTo,
            values, generations, trimmedTo, trimmedAtMostTo, appends, powerFailures, kills,
            syncFailures, trims, truncations, truncatingTo, poisoned ? 1 : 0};
    }

    private int[][] rows() {
        return new int[][] {cutFrom, cutTo, synced, written, numbers()};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof World world && stand == world.stand && disk.equals(world.disk)
                && Objects.equals(violation, world.violation)
                && Arrays.deepEquals(rows(), world.rows());
    }

    @Override
    public int hashCode() {
        return 31 * (31 * disk.hashCode() + stand.ordinal()) + Arrays.deepHashCode(rows());
    }
}
