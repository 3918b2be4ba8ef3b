package io.duramen.wal.model;

import io.duramen.wal.model.Content.Header;
import io.duramen.wal.model.Content.Slot;
import io.duramen.wal.model.World.Stand;
import java.util.Set;

/// What a process does that drops the last entry of the log, one call to the disk after the other,
/// and who completes it after a crash. Changes the world it is given.
///
/// @param kept the protections that are not left out
record Truncating(Set<Protection> kept) {
    private boolean keeps(Protection protection) {
        return kept.contains(protection);
    }

    boolean mayTruncate(World world) {
        return world.stand == Stand.RUNNING && !world.poisoned && world.truncations > 0
                && world.nextId > world.head() && world.durableId == world.nextId - 1
                && world.disk.canCreate();
    }

    /// What stays of the fragment that is to be the last one goes to a file of its own.
    void writeNewEnd(World world) {
        int nextId = world.nextId - 1;
        int firstId = Math.max(world.head(), nextId - 1);
        while (world.disk.file(firstId) == Disk.NO_FILE) {
            firstId--;
        }
        int from = world.disk.file(firstId);
        int file = world.disk.create(Disk.NEW_END);
        Header old = world.header(from);
        world.disk.write(file, Disk.HEADER,
                new Header(++world.generations, firstId, old.lastValue()).pack());
        int at = 0;
        for (int id = firstId; id < nextId; id++) {
            Slot slot = Slot.of(world.disk.read(from, at));
            world.disk.write(file, at++, new Slot(world.generations, id, slot.value(), id - 1,
                    slot.large()).pack());
            if (slot.large()) {
                world.disk.write(file, at++, Content.FOREIGN);
            }
        }
        world.truncations--;
        world.stand = Stand.NEW_END_WRITTEN;
    }

    /// The point of no return.
    void nameEnd(World world) {
        if (keeps(Protection.SYNC_NEW_END_BEFORE_NAME)) {
            world.disk.sync(world.disk.file(Disk.NEW_END));
        }
        world.truncatingTo = world.nextId - 1;
        world.disk.rename(Disk.NEW_END, Disk.ENDS + world.truncatingTo);
        world.stand = Stand.END_NAMED;
    }

    /// Where the new end is already named; by the next process, too.
    void letFragmentsGo(World world) {
        if (keeps(Protection.SYNC_END_BEFORE_FRAGMENTS_GO)) {
            world.disk.syncNames();
        }
        int firstId = world.header(world.disk.file(world.end())).firstId();
        for (int id = World.IDS_MAX - 1; id >= firstId; id--) {
            if (world.disk.file(id) != Disk.NO_FILE) {
                world.disk.delete(id);
            }
        }
        world.stand = Stand.FRAGMENTS_GONE;
    }

    void renameEnd(World world) {
        if (keeps(Protection.SYNC_FRAGMENTS_GONE_BEFORE_RENAME)) {
            world.disk.syncNames();
        }
        int end = world.end();
        world.disk.rename(end, world.header(world.disk.file(end)).firstId());
        world.stand = Stand.END_RENAMED;
    }

    /// It is done, and the log is opened as after a crash.
    void syncEnd(World world) {
        world.disk.syncNames();
        world.truncated();
        world.endProcess();
    }
}
