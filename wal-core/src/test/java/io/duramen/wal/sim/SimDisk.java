package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.sim.SimFaults.Step;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// A disk in memory. Names are durable when their directory was synced; of those changed since, any
/// may be lost, but a rename happens whole.
final class SimDisk implements Disk {
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final DirectAlignment DIRECT = new DirectAlignment(512, SimFile.SECTOR);

    /// A name that was given, taken or moved, and whether the device knows.
    private record NameChange(Path from, Path to, SimFile file) {
        boolean isIn(Path directory) {
            return directory.equals(from == null ? to.getParent() : from.getParent());
        }

        void applyTo(Map<Path, SimFile> names) {
            if (from != null) {
                names.remove(from);
            }
            if (to != null) {
                names.put(to, file);
            }
        }
    }

    private final Arena memory;
    private final SimFaults faults;
    private final Map<Path, SimFile> names = new HashMap<>();
    private final Map<Path, SimFile> durableNames = new HashMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final Set<Path> directories = new HashSet<>();
    private final Set<SimFile> locked = new HashSet<>();

    /// @param memory holds the page cache
    SimDisk(Arena memory, SimFaults faults) {
        this.memory = memory;
        this.faults = faults;
    }

    SimFaults faults() {
        return faults;
    }

    /// A disk that holds these files, all of them durable.
    static SimDisk holding(Map<Path, byte[]> files, Arena memory) {
        SimDisk disk = new SimDisk(memory, new SimFaults());
        files.forEach((path, content) -> {
            disk.directories.add(path.getParent());
            disk.names.put(path, SimFile.onDevice(content, memory));
        });
        disk.durableNames.putAll(disk.names);
        return disk;
    }

    /// The files as programs see them now.
    Map<Path, byte[]> files() {
        Map<Path, byte[]> files = new TreeMap<>();
        names.forEach((path, file) -> files.put(path, file.content()));
        return files;
    }

    /// The disk as the next system finds it when the power comes back.
    SimDisk afterPowerFailure(Random random, SimFaults nextFaults) {
        Map<Path, SimFile> left = new HashMap<>(durableNames);
        for (NameChange change : unsynced) {
            if (random.nextBoolean()
                    && (change.from() == null || left.containsKey(change.from()))) {
                change.applyTo(left);
            }
        }
        SimDisk next = new SimDisk(memory, nextFaults);
        left.forEach((path, file) -> next.names.put(path,
                SimFile.onDevice(file.afterPowerFailure(random), memory)));
        next.durableNames.putAll(next.names);
        next.directories.addAll(directories);
        return next;
    }

    /// The disk as the next process finds it when only the process ended.
    SimDisk afterProcessEnd(SimFaults nextFaults) {
        SimDisk next = new SimDisk(memory, nextFaults);
        next.names.putAll(names);
        next.durableNames.putAll(durableNames);
        next.unsynced.addAll(unsynced);
        next.directories.addAll(directories);
        return next;
    }

    private SimFile file(Path path) {
        SimFile file = names.get(path);
        if (file == null) {
            throw new WalException.Io("open", path, ENOENT, "there is no such file");
        }
        return file;
    }

    private void change(NameChange change) {
        faults.step(Step.NAMES, change.to() == null ? change.from() : change.to());
        change.applyTo(names);
        unsynced.add(change);
    }

    @Override
    public IoFile open(Path path, Access access) {
        return new OpenFile(path, file(path), DirectAlignment.NONE, WriteSync.ON_REQUEST);
    }

    @Override
    public IoFile openDirect(Path path, WriteSync sync) {
        return new OpenFile(path, file(path), DIRECT, sync);
    }

    @Override
    public IoFile create(Path path) {
        if (names.containsKey(path)) {
            throw new WalException.Io("open", path, EEXIST, "the file exists");
        }
        SimFile file = new SimFile(memory);
        change(new NameChange(null, path, file));
        return new OpenFile(path, file, DirectAlignment.NONE, WriteSync.ON_REQUEST);
    }

    @Override
    public void createDirectory(Path directory) {
        directories.add(directory); // directories of logs are old in these tests
    }

    @Override
    public boolean exists(Path path) {
        return names.containsKey(path) || directories.contains(path)
                || directories.stream().anyMatch(directory -> directory.startsWith(path));
    }

    @Override
    public List<String> list(Path directory) {
        return names.keySet().stream().filter(path -> path.getParent().equals(directory))
                .map(path -> path.getFileName().toString()).toList();
    }

    @Override
    public void rename(Path from, Path to) {
        if (names.containsKey(to)) {
            throw new WalException.Io("rename", to, EEXIST, "the file exists");
        }
        change(new NameChange(from, to, file(from)));
    }

    @Override
    public void delete(Path path) {
        change(new NameChange(path, null, file(path)));
    }

    @Override
    public void syncDirectory(Path directory) {
        faults.step(Step.SYNC, directory);
        for (NameChange change : List.copyOf(unsynced)) {
            if (change.isIn(directory)) {
                change.applyTo(durableNames);
                unsynced.remove(change);
            }
        }
    }

    @Override
    public long usableBytes(Path directory) {
        return Long.MAX_VALUE;
    }

    @Override
    public Optional<FileLock> tryLock(Path path) {
        SimFile file = file(path);
        return locked.add(file) ? Optional.of(() -> locked.remove(file)) : Optional.empty();
    }

    @Override
    public boolean isLocked(Path path) {
        return locked.contains(file(path));
    }

    /// A descriptor.
    final class OpenFile implements IoFile {
        private final Path path;
        private final SimFile file;
        private final DirectAlignment alignment;
        private final WriteSync writeSync;

        OpenFile(Path path, SimFile file, DirectAlignment alignment, WriteSync writeSync) {
            this.path = path;
            this.file = file;
            this.alignment = alignment;
            this.writeSync = writeSync;
        }

        void write(MemorySegment bytes, long offset) {
            requireAligned(bytes, offset);
            faults.step(Step.WRITE, path);
            file.write(bytes, offset);
            if (writeSync == WriteSync.EACH_WRITE) {
                sync();
            }
        }

        long read(MemorySegment into, long offset) {
            requireAligned(into, offset);
            faults.step(Step.READ, path);
            return file.read(into, offset);
        }

        void sync() {
            faults.step(Step.SYNC, path);
            file.sync();
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public long sizeBytes() {
            return file.sizeBytes();
        }

        @Override
        public void allocate(long offset, long lengthBytes) {
            faults.step(Step.ALLOCATE, path);
            file.resize(Math.max(file.sizeBytes(), offset + lengthBytes));
        }

        @Override
        public void reserve(long offset, long lengthBytes) {
            faults.step(Step.ALLOCATE, path);
        }

        @Override
        public void zero(long offset, long lengthBytes) {
            faults.step(Step.WRITE, path);
            file.zero(offset, lengthBytes);
        }

        @Override
        public void resize(long sizeBytes) {
            faults.step(Step.ALLOCATE, path);
            file.resize(sizeBytes);
        }

        @Override
        public long punchHole(long offset, long lengthBytes) {
            faults.step(Step.WRITE, path);
            long start = (offset + 4095) / 4096 * 4096;
            long end = (offset + lengthBytes) / 4096 * 4096;
            if (end > start) {
                file.zero(start, end - start);
            }
            return Math.max(0, end - start);
        }

        @Override
        public CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset) {
            MemorySegment bytes = MemorySegment.ofArray(new byte[(int) lengthBytes]);
            long copied = read(bytes, offset);
            ((OpenFile) target).write(bytes.asSlice(0, copied), targetOffset);
            return new CopyResult(0, copied);
        }

        @Override
        public boolean advise(long offset, long lengthBytes, AccessAdvice advice) {
            return false; // it is in memory already
        }

        @Override
        public boolean startWriteback(long offset, long lengthBytes) {
            return false; // it happens at a sync or at a power failure
        }

        @Override
        public MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
            return file.map(mode == Mapping.READ_WRITE, offset, sizeBytes);
        }

        @Override
        public boolean advise(MemorySegment mapping, long offset, long lengthBytes,
                MappingAdvice advice) {
            return false; // it is in memory already
        }

        @Override
        public DirectAlignment directAlignment() {
            return alignment;
        }

        @Override
        public void close() {
            // nothing is kept for it
        }
    }
}
