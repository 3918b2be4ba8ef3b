package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// The floors of a log, in memory and as names of files. A floor on the device is never higher than
/// the one in memory: what a crash leaves holds back too much rather than too little.
///
/// One thread at a time changes them; any thread may ask for all.
final class Floors {
    private static final int COUNT_MAX = 1000;

    private final LogDirectory directory;
    private final Disk disk;
    private final Map<String, Floor> floors = new ConcurrentSkipListMap<>();
    private final Map<String, Floor> onDisk = new TreeMap<>();

    /// @param found in the directory; where a consumer has several, the first counts
    Floors(LogDirectory directory, List<Floor> found) {
        this.directory = directory;
        this.disk = directory.disk();
        for (Floor floor : found) {
            if (onDisk.putIfAbsent(floor.consumer(), floor) == null) {
                floors.put(floor.consumer(), floor);
            } else {
                disk.delete(path(floor));
            }
        }
    }

    private Path path(Floor floor) {
        return directory.path().resolve(floor.fileName());
    }

    List<Floor> all() {
        return List.copyOf(floors.values());
    }

    /// @throws WalException.Overloaded when there are too many
    void set(Floor floor) {
        if (!floors.containsKey(floor.consumer()) && floors.size() >= COUNT_MAX) {
            throw new WalException.Overloaded("log " + directory.logId() + " has " + COUNT_MAX
                    + " floors, which is the most: remove one that nobody needs");
        }
        save(floor);
        disk.syncDirectory(directory.path());
        floors.put(floor.consumer(), floor);
    }

    /// @throws WalException.UnknownFloor when the consumer has none
    void raise(String consumer, long id) {
        Floor floor = known(consumer);
        if (id > floor.id()) {
            floors.put(consumer, floor.withId(id));
        }
    }

    /// @throws WalException.UnknownFloor when the consumer has none
    void remove(String consumer) {
        known(consumer);
        disk.delete(path(onDisk.remove(consumer)));
        disk.syncDirectory(directory.path());
        floors.remove(consumer);
    }

    private Floor known(String consumer) {
        Floor floor = floors.get(consumer);
        if (floor == null) {
            throw new WalException.UnknownFloor(directory.logId().value(), consumer);
        }
        return floor;
    }

    /// Writes down what was raised; who calls syncs the directory.
    void save() {
        floors.values().forEach(this::save);
    }

    private void save(Floor floor) {
        Floor before = onDisk.get(floor.consumer());
        if (before == null) {
            disk.create(path(floor)).close();
        } else if (!before.equals(floor)) {
            disk.rename(path(before), path(floor));
        }
        onDisk.put(floor.consumer(), floor);
    }
}
