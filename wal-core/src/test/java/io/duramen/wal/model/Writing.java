package io.duramen.wal.model;

import io.duramen.wal.model.Content.Header;
import io.duramen.wal.model.Content.Slot;
import io.duramen.wal.model.World.Stand;
import java.util.Set;

/// What a process does that has the log open, one call to the disk after the other: commit, rotate,
/// trim, and use a file again. Changes the world it is given.
///
/// @param kept the protections that are not left out
record Writing(Set<Protection> kept) {
    private boolean keeps(Protection protection) {
        return kept.contains(protection);
    }

    boolean mayAppend(World world, boolean large) {
        return world.stand == Stand.RUNNING && !world.poisoned && world.appends > 0
                && world.slotsUsed + (large ? 2 : 1) <= Disk.SLOTS && world.nextId < World.IDS_MAX;
    }

    /// @param large over two slots, the second of which looks like a group of another log
    void append(World world, boolean large) {
        int value = ++world.values;
        world.disk.write(world.tip, world.slotsUsed++, new Slot(world.header(world.tip)
                .generation(), world.nextId, value, world.durableId, large).pack());
        if (large) {
            world.disk.write(world.tip, world.slotsUsed++, Content.FOREIGN);
        }
        world.appends--;
        world.possible |= 1 << value;
        world.written[world.nextId++] = value;
        world.lastValue = value;
        if (!keeps(Protection.SYNC_BEFORE_ACKNOWLEDGEMENT)) {
            acknowledge(world);
        }
    }

    boolean maySync(World world) {
        return world.stand == Stand.RUNNING && !world.poisoned
                && world.durableId < world.nextId - 1;
    }

    void sync(World world) {
        world.disk.sync(world.tip);
        world.durableId = world.nextId - 1;
        acknowledge(world);
    }

    void failSync(World world) {
        world.disk.failSync(world.tip);
        world.syncFailures--;
        world.poisoned = keeps(Protection.POISON);
    }

    private static void acknowledge(World world) {
        for (int id = 0; id < World.IDS_MAX; id++) {
            if (world.written[id] != 0) {
                world.synced[id] = world.written[id];
            }
        }
    }

    boolean mayRotate(World world) {
        return world.stand == Stand.RUNNING && !world.poisoned && world.slotsUsed > 0
                && world.nextId < World.IDS_MAX
                && (world.ready != World.NONE || world.disk.canCreate());
    }

    /// The header goes to a standby.
    void rotate(World world) {
        if (keeps(Protection.SYNC_BEFORE_ROTATING)) {
            sync(world);
        }
        world.next = world.ready == World.NONE ? world.disk.create(Disk.STANDBY) : world.ready;
        world.ready = World.NONE;
        world.disk.write(world.next, Disk.HEADER,
                new Header(++world.generations, world.nextId, world.lastValue).pack());
        world.stand = Stand.ROTATING;
    }

    void name(World world) {
        if (keeps(Protection.SYNC_HEADER_BEFORE_NAME)) {
            world.disk.sync(world.next);
        }
        world.disk.rename(Disk.STANDBY, world.nextId);
        world.stand = Stand.NAMED;
    }

    void activate(World world) {
        if (keeps(Protection.SYNC_DIRECTORY_AFTER_NAME)) {
            world.disk.syncNames();
        }
        world.tip = world.next;
        world.next = World.NONE;
        world.slotsUsed = 0;
        world.cutFrom[world.tip] = 0;
        world.cutTo[world.tip] = 0;
        world.stand = Stand.RUNNING;
    }

    boolean mayTrim(World world) {
        return world.stand == Stand.RUNNING && !world.poisoned && world.trims > 0
                && world.head() < world.header(world.tip).firstId();
    }

    void moveHead(World world) {
        int to = world.header(world.tip).firstId();
        world.trims--;
        world.trimmedAtMostTo = to;
        world.disk.rename(Disk.HEADS + world.head(), Disk.HEADS + to);
        world.stand = Stand.HEAD_MOVED;
    }

    /// All files before the head go, the newest of them to be used again.
    void letFileGo(World world) {
        if (keeps(Protection.SYNC_HEAD_BEFORE_FILES_GO)) {
            world.disk.syncNames();
            world.trimmedTo = world.head();
        }
        int head = world.head();
        boolean reused = world.disk.file(Disk.STANDBY) != Disk.NO_FILE;
        for (int id = head - 1; id >= 0; id--) {
            if (world.disk.file(id) != Disk.NO_FILE && reused) {
                world.disk.delete(id);
            } else if (world.disk.file(id) != Disk.NO_FILE) {
                world.disk.rename(id, Disk.STANDBY);
                reused = true;
            }
        }
        world.stand = Stand.FILE_GONE;
    }

    void zeroFile(World world) {
        if (keeps(Protection.SYNC_HEAD_BEFORE_FILES_GO)) {
            world.disk.syncNames();
        }
        world.ready = world.disk.file(Disk.STANDBY);
        if (keeps(Protection.ZERO_BEFORE_REUSE)) {
            for (int place = 0; place <= Disk.HEADER; place++) {
                world.disk.write(world.ready, place, Disk.FREE);
            }
        }
        world.stand = Stand.ZEROED_FILE;
    }

    void syncFile(World world) {
        world.disk.sync(world.ready);
        world.stand = Stand.RUNNING;
    }
}
