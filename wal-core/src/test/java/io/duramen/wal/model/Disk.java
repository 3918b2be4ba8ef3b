package io.duramen.wal.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The files of one log as the system shows them and as they are on the device. A file has two
/// slots for entries and a header; each is one place that is written whole.
///
/// A place is *dirty* where the system will write it some time; one that is not, and yet differs,
/// was forgotten by a failed sync. Names that were changed reach the device with a sync of the
/// directory at the latest, and each for itself.
final class Disk {
    static final int FREE = 0;
    static final int NO_FILE = -1;
    static final int SLOTS = 2;
    static final int HEADER = SLOTS;
    static final int FILES_MAX = 4;
    /// A fragment's name is its first id; a head's is this plus the id that the log starts with.
    static final int HEADS = World.IDS_MAX;
    static final int STANDBY = HEADS + World.IDS_MAX;
    private static final int PLACES = SLOTS + 1;
    static final int NEW_END = STANDBY + 1;
    /// The name of a new end is this plus the id that the log goes on with.
    static final int ENDS = NEW_END + 1;
    private static final int NAMES = ENDS + World.IDS_MAX;
    private static final int NO_NAME = -1;

    /// A name given, moved or taken that the device may not know.
    private record NameChange(int from, int to, int file) {
        void applyTo(int[] names) {
            if (from != NO_NAME) {
                names[from] = NO_FILE;
            }
            if (to != NO_NAME) {
                names[to] = file;
            }
        }
    }

    private record Place(int file, int at) {}

    private final int[][] shown = new int[FILES_MAX][PLACES];
    private final int[][] device = new int[FILES_MAX][PLACES];
    private final boolean[][] dirty = new boolean[FILES_MAX][PLACES];
    private final int[] names = new int[NAMES];
    private final int[] deviceNames = new int[NAMES];
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private int files;

    Disk() {
        Arrays.fill(names, NO_FILE);
        Arrays.fill(deviceNames, NO_FILE);
    }

    Disk copy() {
        Disk copy = new Disk();
        for (int file = 0; file < FILES_MAX; file++) {
            copy.shown[file] = shown[file].clone();
            copy.device[file] = device[file].clone();
            copy.dirty[file] = dirty[file].clone();
        }
        System.arraycopy(names, 0, copy.names, 0, NAMES);
        System.arraycopy(deviceNames, 0, copy.deviceNames, 0, NAMES);
        copy.unsyncedNames.addAll(unsyncedNames);
        copy.files = files;
        return copy;
    }

    int file(int name) {
        return names[name];
    }

    boolean canCreate() {
        return files < FILES_MAX;
    }

    int create(int name) {
        change(new NameChange(NO_NAME, name, files));
        return files++;
    }

    void rename(int from, int to) {
        change(new NameChange(from, to, names[from]));
    }

    void delete(int name) {
        change(new NameChange(name, NO_NAME, names[name]));
    }

    private void change(NameChange change) {
        change.applyTo(names);
        unsyncedNames.add(change);
    }

    void syncNames() {
        unsyncedNames.forEach(change -> change.applyTo(deviceNames));
        unsyncedNames.clear();
    }

    int read(int file, int place) {
        return shown[file][place];
    }

    void write(int file, int place, int content) {
        shown[file][place] = content;
        dirty[file][place] = true;
    }

    void sync(int file) {
        for (int place = 0; place < PLACES; place++) {
            if (dirty[file][place]) {
                device[file][place] = shown[file][place];
                dirty[file][place] = false;
            }
        }
    }

    /// The sync fails, and what it was to bring to the device is taken for clean.
    void failSync(int file) {
        Arrays.fill(dirty[file], false);
    }

    /// Everything the power may leave when it fails now.
    List<Disk> afterPowerFailure() {
        List<Place> unsynced = new ArrayList<>();
        for (int file = 0; file < files; file++) {
            for (int at = 0; at < PLACES; at++) {
                if (dirty[file][at] && shown[file][at] != device[file][at]) {
                    unsynced.add(new Place(file, at));
                }
            }
        }
        List<Disk> left = new ArrayList<>();
        for (int chosen = 0; chosen < 1 << unsynced.size() + unsyncedNames.size(); chosen++) {
            left.add(left(unsynced, chosen));
        }
        return left;
    }

    private Disk left(List<Place> unsynced, int chosen) {
        Disk left = copy();
        int part = 0;
        for (Place place : unsynced) {
            if ((chosen >> part++ & 1) == 1) {
                left.device[place.file()][place.at()] = shown[place.file()][place.at()];
            }
        }
        for (NameChange change : unsyncedNames) {
            if ((chosen >> part++ & 1) == 1) {
                change.applyTo(left.deviceNames);
            }
        }
        left.unsyncedNames.clear();
        System.arraycopy(left.deviceNames, 0, left.names, 0, NAMES);
        for (int file = 0; file < FILES_MAX; file++) {
            left.shown[file] = left.device[file].clone();
            Arrays.fill(left.dirty[file], false);
        }
        return left;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Disk disk && Arrays.deepEquals(shown, disk.shown)
                && Arrays.deepEquals(device, disk.device)
                && Arrays.deepEquals(dirty, disk.dirty) && Arrays.equals(names, disk.names)
                && Arrays.equals(deviceNames, disk.deviceNames)
                && unsyncedNames.equals(disk.unsyncedNames) && files == disk.files;
    }

    @Override
    public int hashCode() {
        int hash = Arrays.deepHashCode(shown);
        hash = 31 * hash + Arrays.deepHashCode(device);
        hash = 31 * hash + Arrays.deepHashCode(dirty);
        hash = 31 * hash + Arrays.hashCode(names);
        hash = 31 * hash + Arrays.hashCode(deviceNames);
        return 31 * hash + unsyncedNames.hashCode();
    }
}
