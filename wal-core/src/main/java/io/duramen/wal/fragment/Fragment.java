package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/// One fragment as readers see it: where its entries start, and its bytes, mapped read-only for as
/// long as someone holds a lease on them.
///
/// Any thread may call. While the fragment grows, its index is in memory; from
/// [#sealed(FragmentFooter)] on it is read from the file and the memory is free.
public final class Fragment {
    private final Disk disk;
    private final Path path;
    private final FragmentHeader header;
    private final FragmentGeometry geometry;
    private volatile EntryIndex growingIndex;
    private volatile FragmentFooter footer;
    private volatile long lastId;
    private IoFile file;
    private Arena arena;
    private MemorySegment bytes;
    private volatile int leases;
    /// Why nobody is lent the fragment any more, null while it is there.
    private Supplier<WalException> gone;
    private Runnable whenUnused;

    /// A fragment that grows; `index` is its writer's.
    public static Fragment growing(Disk disk, Path path, FragmentHeader header, EntryIndex index) {
        return new Fragment(disk, path, header, index, null);
    }

    public static Fragment sealed(Disk disk, Path path, FragmentHeader header,
            FragmentFooter footer) {
        return new Fragment(disk, path, header, null, footer);
    }

    private Fragment(Disk disk, Path path, FragmentHeader header, EntryIndex index,
            FragmentFooter footer) {
        this.disk = disk;
        this.path = path;
        this.header = header;
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.growingIndex = index;
        this.footer = footer;
        this.lastId = footer == null ? Long.MAX_VALUE : footer.lastId();
    }

    /// From now on the fragment is complete: the log goes on in another one.
    public void completed(long withLastId) {
        lastId = withLastId;
    }

    /// From now on the index is in the file.
    public void sealed(FragmentFooter with) {
        lastId = with.lastId();
        footer = with;
        growingIndex = null;
    }

    public Path path() {
        return path;
    }

    public FragmentHeader header() {
        return header;
    }

    public long firstId() {
        return header.firstId();
    }

    /// What the fragment was sealed with; empty while it is not.
    public Optional<FragmentFooter> footer() {
        return Optional.ofNullable(footer);
    }

    /// The last id of a complete fragment; `Long.MAX_VALUE` while it grows.
    public long lastId() {
        return lastId;
    }

    /// Lends the mapping, and makes it where nobody holds it yet.
    ///
    /// @throws WalException.Trimmed where the fragment was trimmed
    /// @throws WalException.Truncated where the log was truncated before its end
    public synchronized FragmentLease lease() {
        if (gone != null) {
            throw gone.get();
        }
        if (leases == 0) {
            open();
        }
        leases++;
        return new FragmentLease(this, bytes);
    }

    private void open() {
        IoFile opened = FragmentSharing.open(disk, path);
        Arena mapping = Arena.ofShared();
        try {
            if (opened.sizeBytes() < header.fileSizeBytes()) {
                throw new WalException.Corrupt(path, opened.sizeBytes(), -1,
                        "it was cut, it had " + header.fileSizeBytes() + " bytes");
            }
            bytes = opened.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), mapping);
            requireSameLife();
        } catch (RuntimeException failure) {
            mapping.close();
            opened.close();
            throw failure;
        }
        file = opened;
        arena = mapping;
    }

    /// Who truncates a log gives its last fragment's name to another file.
    private void requireSameLife() {
        try {
            if (FragmentHeader.generationOf(bytes) != header.generation()) {
                throw new WalException.Corrupt(path, FragmentHeader.GENERATION_AT, -1,
                        "its generation is not the one it had");
            }
        } catch (InternalError fault) {
            throw new WalException.Io("read", path, 0, fault.getMessage());
        }
    }

    /// From now on nobody is lent the fragment: the log was truncated, and it is not a part of it,
    /// or in another file. Leases that are held go on, up to [#lastId()].
    ///
    /// @param nextId the id that the log goes on with
    public synchronized void truncated(long nextId) {
        gone = () -> new WalException.Truncated(firstId(), nextId);
    }

    /// From now on nobody is lent the fragment: it is trimmed. Its file stays as long as a lease is
    /// held.
    ///
    /// @param firstIdLeft the first entry that is still there
    /// @param whenLastReturns run by who gives back the last lease, where there is one
    /// @return true where nobody holds a lease
    public synchronized boolean retire(long firstIdLeft, Runnable whenLastReturns) {
        gone = () -> new WalException.Trimmed(firstId(), firstIdLeft);
        if (leases > 0) {
            whenUnused = whenLastReturns;
        }
        return leases == 0;
    }

    /// True while somebody has it on lease; by the time this is known it may have changed.
    public boolean isLeased() {
        return leases > 0;
    }

    void returned() {
        Runnable unused = giveBack();
        if (unused != null) {
            unused.run();
        }
    }

    private synchronized Runnable giveBack() {
        leases--;
        if (leases > 0) {
            return null;
        }
        arena.close();
        file.close();
        bytes = null;
        return whenUnused;
    }

    /// Where an entry starts. The caller knows that it is in this fragment and visible.
    long offsetOf(long entryId, MemorySegment mapped) {
        long number = entryId - header.firstId();
        EntryIndex index = growingIndex;
        if (index != null) {
            return index.offset(number);
        }
        return EntryIndex.readOffset(mapped, geometry.indexStart(number + 1));
    }

    /// Where the data area ends at the latest.
    long dataLimit() {
        FragmentFooter seal = footer;
        return seal == null ? geometry.footerStart() : seal.endOfData();
    }

    /// Checks the index area of a sealed fragment against its footer.
    ///
    /// @return true where it is as it was written
    boolean indexHolds(FragmentFooter seal, MemorySegment mapped) {
        return IndexArea.checksumOf(mapped, geometry, seal.entryCount()) == seal.indexCrc();
    }
}
