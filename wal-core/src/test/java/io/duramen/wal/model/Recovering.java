package io.duramen.wal.model;

import io.duramen.wal.model.Content.Header;
import io.duramen.wal.model.Content.Slot;
import io.duramen.wal.model.World.Stand;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a process does that opens the log after a crash, and what it must find. No bytes of the
/// model are ever damaged, so that a log that is refused is a promise broken.
///
/// @param kept the protections that are not left out
record Recovering(Set<Protection> kept) {
    /// A fragment's entries.
    private record Scan(List<Integer> values, int end) {}

    private boolean keeps(Protection protection) {
        return kept.contains(protection);
    }

    /// Looks at everything, then zeroes what it does not keep.
    void open(World world) {
        int last = check(world);
        if (last != Disk.NO_FILE) {
            world.tip = last;
            cut(world);
        }
    }

    /// Looks at everything, as far as the new end.
    void openTruncated(World world) {
        check(world);
    }

    /// @return the last fragment, or none where the log was refused
    private int check(World world) {
        List<Integer> fragments = fragments(world);
        int head = world.head();
        if (fragments.isEmpty() || fragments.getFirst() > head) {
            return refuse(world, "the first fragment is missing");
        }
        int lastValue = 0;
        int nextId = fragments.getFirst();
        for (int firstId : fragments) {
            Header header = world.header(file(world, firstId));
            if (header.generation() == 0 || header.firstId() != firstId) {
                return refuse(world, "fragment " + firstId + " has no header of its own");
            }
            boolean follows = firstId == nextId
                    && (firstId == fragments.getFirst() || header.lastValue() == lastValue);
            if (!follows) {
                return refuse(world,
                        "fragment " + firstId + " does not follow what is before it");
            }
            Scan scan = scan(world, file(world, firstId));
            nextId = firstId + scan.values().size();
            lastValue = scan.values().isEmpty() ? header.lastValue() : scan.values().getLast();
        }
        world.nextId = nextId;
        world.lastValue = lastValue;
        return file(world, fragments.getLast());
    }

    /// A fragment's file; that of the new end where it is the one.
    private static int file(World world, int firstId) {
        int end = world.end();
        boolean isEnd =
                end != World.NONE && world.header(world.disk.file(end)).firstId() == firstId;
        return world.disk.file(isEnd ? end : firstId);
    }

    private static List<Integer> fragments(World world) {
        int end = world.end();
        int last = end == World.NONE ? World.IDS_MAX - 1
                : world.header(world.disk.file(end)).firstId();
        List<Integer> fragments = new ArrayList<>();
        for (int id = world.head(); id <= last; id++) {
            if (file(world, id) != Disk.NO_FILE) {
                fragments.add(id);
            }
        }
        return fragments;
    }

    private static int refuse(World world, String reason) {
        world.violation = "refused: " + reason;
        return Disk.NO_FILE;
    }

    private Scan scan(World world, int file) {
        Header header = world.header(file);
        List<Integer> values = new ArrayList<>();
        int at = 0;
        while (at < Disk.SLOTS) {
            int content = world.disk.read(file, at);
            Slot slot = Slot.of(content);
            boolean whole = content != Disk.FREE && (!slot.large()
                    || at + 1 < Disk.SLOTS
                            && world.disk.read(file, at + 1) == Content.FOREIGN);
            if (!whole || !counts(slot, header, header.firstId() + values.size())) {
                break;
            }
            values.add(slot.value());
            at += slot.large() ? 2 : 1;
        }
        return new Scan(values, at);
    }

    private boolean counts(Slot slot, Header header, int id) {
        return !keeps(Protection.CHECK_GENERATION_AND_ID)
                || slot.generation() == header.generation() && slot.id() == id;
    }

    private void cut(World world) {
        int generation = world.header(world.tip).generation();
        int end = scan(world, world.tip).end();
        int torn = 0;
        for (int at = end; at < Disk.SLOTS; at++) {
            int content = world.disk.read(world.tip, at);
            if (content == Disk.FREE) {
                continue;
            }
            Slot slot = Slot.of(content);
            boolean isOurs = slot.generation() == generation;
            if (!isOurs && content != Content.FOREIGN) {
                world.violation = "free space holds what an earlier life of the file wrote";
                return;
            }
            if ((isOurs || !keeps(Protection.CHECK_GENERATION_AND_ID))
                    && slot.durableId() >= world.nextId) {
                refuse(world, "a group record proves that more was durable");
                return;
            }
            torn = at + 1;
        }
        world.slotsUsed = end;
        world.earlierCutFrom = world.cutFrom[world.tip];
        world.earlierCutTo = world.cutTo[world.tip];
        world.stand = Stand.KEPT;
        if (torn > 0) {
            world.cutFrom[world.tip] = world.cutTo[world.tip] == 0 ? end
                    : Math.min(world.cutFrom[world.tip], end);
            world.cutTo[world.tip] = Math.max(world.cutTo[world.tip], torn);
            zero(world, Protection.ZERO_TORN_TAIL, end, torn);
            world.stand = Stand.CUT;
        }
    }

    private void zero(World world, Protection protection, int from, int to) {
        for (int at = from; at < to && keeps(protection); at++) {
            world.disk.write(world.tip, at, Disk.FREE);
        }
    }

    void syncCut(World world) {
        world.disk.sync(world.tip);
        world.stand = Stand.KEPT;
    }

    /// Recovery fails, and the process ends.
    void failSync(World world) {
        world.disk.failSync(world.tip);
        world.syncFailures--;
        world.endProcess();
    }

    /// Writes again what a failed sync may have kept from the device.
    void writeAgain(World world) {
        zero(world, Protection.ZERO_EARLIER_CUTS,
                Math.max(world.slotsUsed, world.earlierCutFrom), world.earlierCutTo);
        world.earlierCutFrom = 0;
        world.earlierCutTo = 0;
        for (int at = 0; at < world.slotsUsed && keeps(Protection.REWRITE_UNPROVEN); at++) {
            world.disk.write(world.tip, at, world.disk.read(world.tip, at));
        }
        world.stand = Stand.SYNCED;
    }

    /// Syncs, finishes a trim that was interrupted, and takes the log for open.
    void settle(World world) {
        if (keeps(Protection.SYNC_AFTER_RECOVERY)) {
            world.disk.sync(world.tip);
        }
        int head = world.head();
        if (keeps(Protection.SYNC_HEAD_BEFORE_LEFTOVERS_GO)) {
            world.disk.syncNames();
        }
        for (int id = 0; id < head; id++) {
            if (world.disk.file(id) != Disk.NO_FILE) {
                world.disk.delete(id);
            }
        }
        if (world.disk.file(Disk.STANDBY) != Disk.NO_FILE) {
            world.disk.delete(Disk.STANDBY);
        }
        if (world.disk.file(Disk.NEW_END) != Disk.NO_FILE) {
            world.disk.delete(Disk.NEW_END);
        }
        world.stand = Stand.SETTLED;
    }

    void begin(World world) {
        world.disk.syncNames();
        world.durableId = world.nextId - 1;
        world.stand = Stand.RUNNING;
        promise(world);
    }

    /// All that is promised is there, nothing came back; what is there is promised from now on.
    private void promise(World world) {
        int head = world.head();
        if (head < world.trimmedTo || head > world.trimmedAtMostTo) {
            world.violation = "the log starts with " + head;
            return;
        }
        int[] found = new int[World.IDS_MAX];
        for (int firstId : fragments(world)) {
            List<Integer> values = scan(world, world.disk.file(firstId)).values();
            for (int i = 0; i < values.size(); i++) {
                found[firstId + i] = values.get(i);
            }
        }
        if (world.truncatingTo != World.NONE && found[world.truncatingTo] == 0) {
            world.truncated();
        }
        world.truncatingTo = World.NONE;
        int kept = 0;
        for (int id = head; id < World.IDS_MAX; id++) {
            if (world.synced[id] != 0 && world.synced[id] != found[id]) {
                world.violation = "entry " + id + " is gone or another";
            } else if (found[id] != 0 && (world.possible >> found[id] & 1) == 0) {
                world.violation = "entry " + id + " was gone and came back";
            }
            kept |= found[id] == 0 ? 0 : 1 << found[id];
        }
        world.possible = kept;
        world.synced = found;
        world.trimmedTo = head;
        world.trimmedAtMostTo = head;
    }
}
