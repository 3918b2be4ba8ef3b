package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.sim.SimFaults.Step;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntUnaryOperator;

/// A disk in memory. A name is durable when its directory was synced. Of the changes since, each by
/// itself may be lost: a file created, renamed (which happens whole) or deleted, a directory made.
/// What lies in a directory that is lost is lost with it.
///
/// Several threads may use it: [SimFaults#beforeEachStep(Runnable)] is where they take turns.
final class SimDisk implements Disk {
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int ENOTDIR = 20;
    private static final DirectAlignment DIRECT = new DirectAlignment(512, SimFile.SECTOR);

    /// What a name stands for: a file, or a directory where that is null.
    private record Inode(SimFile file) {
        static final Inode DIRECTORY = new Inode(null);
    }

    /// A name that was given, taken or moved, and whether the device knows.
    private record NameChange(Path from, Path to, Inode inode) {
        boolean isIn(Path directory) {
            return directory.equals(from == null ? to.getParent() : from.getParent());
        }

        void applyTo(Map<Path, Inode> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, inode);
            }
        }
    }

    private final Arena memory;
    private final SimFaults faults;
    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Path, Inode> durableNames = new TreeMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final Set<SimFile> locked = new HashSet<>();
    private final Map<SimFile, Integer> shares = new HashMap<>();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesMapped = new LongAdder();

    /// @param memory holds the page cache
    SimDisk(Arena memory, SimFaults faults) {
        this.memory = memory;
        this.faults = faults;
    }

    SimFaults faults() {
        return faults;
    }

    /// A directory that has always been there, and those above it.
    void addOldDirectory(Path directory) {
        for (Path path = directory; path != null; path = path.getParent()) {
            names.put(path, Inode.DIRECTORY);
            durableNames.put(path, Inode.DIRECTORY);
        }
    }

    /// A disk that holds these files, all of them durable.
    static SimDisk holding(Map<Path, byte[]> files, Arena memory) {
        SimDisk disk = new SimDisk(memory, new SimFaults(Dice.FIRST));
        disk.addOldDirectory(Path.of("/"));
        files.forEach((path, content) -> {
            disk.addOldDirectory(path.getParent());
            disk.names.put(path, new Inode(SimFile.onDevice(content, memory)));
        });
        disk.durableNames.putAll(disk.names);
        return disk;
    }

    /// The files as programs see them now.
    Map<Path, byte[]> files() {
        Map<Path, byte[]> files = new TreeMap<>();
        names.forEach((path, inode) -> {
            if (inode != Inode.DIRECTORY) {
                files.put(path, inode.file().content());
            }
        });
        return files;
    }

    /// The disk as the next system finds it when the power comes back.
    ///
    /// @param image as [#imageAfterPowerFailure] tells it
    static SimDisk holding(SimImage image, Arena memory, SimFaults faults) {
        SimDisk disk = new SimDisk(memory, faults);
        image.contents().forEach((path, content) -> disk.names.put(path, content == null
                ? Inode.DIRECTORY : new Inode(SimFile.onDevice(content, memory))));
        disk.durableNames.putAll(disk.names);
        return disk;
    }

    /// What is left on the device when the power fails.
    ///
    /// @param choose is told in how many states something may be, and says in which it is: 0 as it
    ///     was synced, the highest as the system showed it
    SimImage imageAfterPowerFailure(IntUnaryOperator choose) {
        Map<Path, Inode> left = new TreeMap<>(durableNames);
        for (NameChange change : unsynced) {
            if (choose.applyAsInt(2) == 1) {
                change.applyTo(left);
            }
        }
        Map<SimFile, byte[]> contents = new HashMap<>();
        for (SimFile file : filesOnDevice()) {
            contents.put(file, file.afterPowerFailure(choose));
        }
        Map<Path, byte[]> image = new TreeMap<>();
        left.forEach((path, inode) -> {
            if (path.getParent() == null || image.containsKey(path.getParent())) {
                image.put(path, contents.get(inode.file()));
            }
        });
        return new SimImage(image);
    }

    /// What may or may not be on the device when the power fails: of each part, in the order in
    /// which [#imageAfterPowerFailure] asks for them, in how many states it may be.
    List<Integer> unsyncedParts() {
        List<Integer> parts = new ArrayList<>();
        unsynced.forEach(_ -> parts.add(2));
        filesOnDevice().forEach(file -> file.addUnsyncedParts(parts));
        return parts;
    }

    /// Every file that has a name or may have one when the power comes back.
    private List<SimFile> filesOnDevice() {
        List<Inode> inodes = new ArrayList<>(durableNames.values());
        unsynced.forEach(change -> inodes.add(change.inode()));
        return inodes.stream().map(Inode::file).filter(file -> file != null).distinct().toList();
    }

    /// The disk as the next process finds it when only the process ended.
    SimDisk afterProcessEnd(SimFaults nextFaults) {
        SimDisk next = new SimDisk(memory, nextFaults);
        next.names.putAll(names);
        next.durableNames.putAll(durableNames);
        next.unsynced.addAll(unsynced);
        return next;
    }

    private static WalException.Io failure(String call, Path path, int errno) {
        String why = switch (errno) {
            case ENOENT -> "no such file or directory";
            case EEXIST -> "the file exists";
            default -> "not a directory";
        };
        return new WalException.Io(call, path, errno, why);
    }

    private synchronized SimFile file(String call, Path path) {
        Inode inode = names.get(path);
        if (inode == null) {
            throw failure(call, path, ENOENT);
        }
        return inode.file();
    }

    private synchronized void requireDirectory(String call, Path directory) {
        if (!names.containsKey(directory)) {
            throw failure(call, directory, ENOENT);
        }
        if (names.get(directory) != Inode.DIRECTORY) {
            throw failure(call, directory, ENOTDIR);
        }
    }

    private synchronized void requireFree(String call, Path path, Path named) {
        if (names.containsKey(path)) {
            throw failure(call, named, EEXIST);
        }
    }

    private void change(Step step, NameChange change) {
        Path path = change.to() == null ? change.from() : change.to();
        if (faults.step(step, path) != SimFaults.Fate.DONE) {
            throw faults.failure(path);
        }
        synchronized (this) {
            change.applyTo(names);
            unsynced.add(change);
        }
    }

    @Override
    public IoFile open(Path path, Access access) {
        return new SimOpenFile(path, file("open", path), this, DirectAlignment.NONE,
                WriteSync.ON_REQUEST);
    }

    @Override
    public IoFile openDirect(Path path, WriteSync sync) {
        return new SimOpenFile(path, file("open", path), this, DIRECT, sync);
    }

    @Override
    public IoFile create(Path path) {
        requireFree("open", path, path);
        Inode inode = new Inode(new SimFile(memory));
        change(Step.ALLOCATE, new NameChange(null, path, inode));
        return new SimOpenFile(path, inode.file(), this, DirectAlignment.NONE,
                WriteSync.ON_REQUEST);
    }

    @Override
    public void createDirectory(Path directory) {
        if (exists(directory) && names.get(directory) == Inode.DIRECTORY) {
            return;
        }
        requireFree("mkdir", directory, directory);
        if (!exists(directory.getParent())) {
            throw failure("mkdir", directory, ENOENT);
        }
        change(Step.ALLOCATE, new NameChange(null, directory, Inode.DIRECTORY));
    }

    @Override
    public synchronized boolean exists(Path path) {
        return names.containsKey(path);
    }

    @Override
    public synchronized List<String> list(Path directory) {
        requireDirectory("opendir", directory);
        return names.keySet().stream().filter(path -> directory.equals(path.getParent()))
                .map(path -> path.getFileName().toString()).toList();
    }

    @Override
    public void rename(Path from, Path to) {
        SimFile file = file("rename", from);
        try {
            requireFree("rename", to, from);
        } catch (WalException.Io taken) {
            throw new WalException.Io("rename", from, EEXIST, "the new name being " + to);
        }
        boolean needsBlock = faults.isFull() && faults.dice().once(2);
        change(needsBlock ? Step.ALLOCATE : Step.NAMES, new NameChange(from, to, new Inode(file)));
    }

    @Override
    public void delete(Path path) {
        change(Step.NAMES, new NameChange(path, null, new Inode(file("unlink", path))));
    }

    @Override
    public void syncDirectory(Path directory) {
        requireDirectory("fsync", directory);
        if (faults.step(Step.SYNC, directory) != SimFaults.Fate.DONE) {
            throw faults.failure(directory);
        }
        synchronized (this) {
            for (NameChange change : List.copyOf(unsynced)) {
                if (change.isIn(directory)) {
                    change.applyTo(durableNames);
                    unsynced.remove(change);
                }
            }
        }
    }

    @Override
    public long usableBytes(Path directory) {
        requireDirectory("statvfs", directory);
        return faults.isFull() ? 0 : Long.MAX_VALUE;
    }

    @Override
    public synchronized Optional<FileLock> tryLock(Path path) {
        SimFile file = file("open", path);
        return locked.add(file) ? Optional.of(() -> locked.remove(file)) : Optional.empty();
    }

    @Override
    public synchronized boolean isLocked(Path path) {
        return locked.contains(file("open", path));
    }

    /// By calls that read.
    LongAdder bytesRead() {
        return bytesRead;
    }

    /// Of files that were mapped, as often as they were.
    LongAdder bytesMapped() {
        return bytesMapped;
    }

    synchronized void share(SimFile file, int change) {
        shares.merge(file, change, Integer::sum);
    }

    /// How many openings share a file.
    synchronized int shares(SimFile file) {
        return shares.getOrDefault(file, 0);
    }

    /// Looks what was stored through mappings of any file.
    synchronized void noteStores() {
        for (Inode inode : names.values()) {
            if (inode.file() != null) {
                inode.file().noteStores();
            }
        }
    }

    /// Any file, for a write that goes to the wrong one.
    synchronized SimFile anyFile(Dice dice) {
        List<SimFile> files = names.values().stream().map(Inode::file)
                .filter(file -> file != null).toList();
        return files.get(dice.below(files.size()));
    }
}
