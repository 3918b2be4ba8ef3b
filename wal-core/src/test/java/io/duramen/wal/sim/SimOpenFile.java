package io.duramen.wal.sim;

import io.duramen.wal.WalException;
import io.duramen.wal.io.AccessAdvice;
import io.duramen.wal.io.CopyResult;
import io.duramen.wal.io.DirectAlignment;
import io.duramen.wal.io.Disk.WriteSync;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.MappingAdvice;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Step;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// An open file of a [SimDisk]: where calls go wrong.
final class SimOpenFile implements IoFile {
    private static final long BLOCK = 4096;

    private final Path path;
    private final SimFile file;
    private final SimDisk disk;
    private final SimFaults faults;
    private final DirectAlignment alignment;
    private final WriteSync writeSync;
    private volatile boolean closed;
    private boolean shared;

    SimOpenFile(Path path, SimFile file, SimDisk disk, DirectAlignment alignment,
            WriteSync writeSync) {
        this.path = path;
        this.file = file;
        this.disk = disk;
        this.faults = disk.faults();
        this.alignment = alignment;
        this.writeSync = writeSync;
    }

    /// @throws WalException.Io where it fails; a part may be written then
    void write(MemorySegment bytes, long offset) {
        requireAligned(bytes, offset);
        Fate fate = step(Step.WRITE);
        faults.used(file, Step.WRITE, path);
        switch (fate) {
            case DONE -> {
                file.write(bytes, offset);
                if (writeSync == WriteSync.EACH_WRITE) {
                    sync();
                }
            }
            case FAILS -> {
                faults.failedOn(file);
                long part = faults.dice().below((int) bytes.byteSize() + 1);
                file.write(bytes.asSlice(0, part), offset);
                throw faults.failure(path);
            }
            case LOST -> file.writeLost(bytes, offset);
            case MISDIRECTED -> {
                file.writeLost(bytes, offset);
                long elsewhere = (long) SimFile.SECTOR
                        * faults.dice().below(SimFile.BYTES_MAX / SimFile.SECTOR);
                disk.anyFile(faults.dice()).hit(bytes, elsewhere);
            }
        }
    }

    long read(MemorySegment into, long offset) {
        requireAligned(into, offset);
        if (step(Step.READ) != Fate.DONE) {
            throw faults.failure(path);
        }
        long bytes = file.read(into, offset);
        disk.bytesRead().add(bytes);
        return bytes;
    }

    void sync() {
        Fate fate = step(Step.SYNC);
        faults.used(file, Step.SYNC, path);
        if (fate != Fate.DONE) {
            faults.failedOn(file);
            file.failSync(faults.fired().unsynced());
            throw faults.failure(path);
        }
        file.sync();
    }

    private Fate step(Step step) {
        requireOpen();
        return faults.step(step, path);
    }

    private void requireOpen() {
        if (closed) {
            throw new WalException.Closed(path.toString());
        }
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public long sizeBytes() {
        requireOpen();
        return file.sizeBytes();
    }

    @Override
    public void allocate(long offset, long lengthBytes) {
        if (step(Step.ALLOCATE) != Fate.DONE) {
            throw faults.failure(path);
        }
        file.resize(Math.max(file.sizeBytes(), offset + lengthBytes));
    }

    @Override
    public void reserve(long offset, long lengthBytes) {
        if (step(Step.ALLOCATE) != Fate.DONE) {
            throw faults.failure(path);
        }
    }

    @Override
    public void zero(long offset, long lengthBytes) {
        if (step(Step.WRITE) != Fate.DONE) {
            throw faults.failure(path);
        }
        file.zero(offset, lengthBytes);
    }

    @Override
    public void resize(long sizeBytes) {
        if (step(Step.ALLOCATE) != Fate.DONE) {
            throw faults.failure(path);
        }
        file.resize(sizeBytes);
    }

    @Override
    public long dataFrom(long offset) {
        requireOpen();
        return file.dataFrom(offset);
    }

    @Override
    public long punchHole(long offset, long lengthBytes) {
        requireOpen();
        long start = Math.ceilDiv(offset, BLOCK) * BLOCK;
        long end = (offset + lengthBytes) / BLOCK * BLOCK;
        if (end <= start || faults.isFull()) {
            return 0;
        }
        if (step(Step.NAMES) != Fate.DONE) {
            throw faults.failure(path);
        }
        file.zero(start, end - start);
        return end - start;
    }

    @Override
    public CopyResult copyTo(long offset, long lengthBytes, IoFile target, long targetOffset) {
        long there = Math.max(0, Math.min(lengthBytes, file.sizeBytes() - offset));
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) there]);
        long copied = read(bytes, offset);
        ((SimOpenFile) target).write(bytes.asSlice(0, copied), targetOffset);
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
    public boolean advise(MemorySegment mapping, long offset, long lengthBytes,
            MappingAdvice advice) {
        return false; // it is in memory already
    }

    @Override
    public DirectAlignment directAlignment() {
        return alignment;
    }

    @Override
    public MemorySegment map(Mapping mode, long offset, long sizeBytes, Arena arena) {
        requireOpen();
        disk.bytesMapped().add(sizeBytes);
        return file.map(mode == Mapping.READ_WRITE, offset, sizeBytes);
    }

    @Override
    public synchronized void share() {
        requireOpen();
        if (!shared) {
            shared = true;
            disk.share(file, 1);
        }
    }

    @Override
    public synchronized boolean mayBeShared() {
        requireOpen();
        return disk.shares(file) > (shared ? 1 : 0);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (shared) {
            shared = false;
            disk.share(file, -1);
        }
    }
}
