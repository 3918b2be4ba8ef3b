package io.duramen.wal.fragment;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/// Makes, opens and finishes the fragment files of one log's directory.
///
/// Every call blocks until what it says is on the device. A new fragment appears whole or not at
/// all: it is allocated and its header synced under a standby name, then renamed, then the
/// directory is synced.
public final class FragmentFiles {
    private final Disk disk;
    private final IoScheduler io;
    private final Path directory;

    public FragmentFiles(Disk disk, IoScheduler io, Path directory) {
        this.disk = disk;
        this.io = io;
        this.directory = directory;
    }

    /// A file that is allocated and has no header yet.
    ///
    /// @param writtenBytes so many from its start are on the device as zeros that were written
    /// @param file open for writing; [#activate] and [#discard(Standby)] close it
    public record Standby(Path path, long sizeBytes, IoFile file, long writtenBytes) {}

    public Path path(FragmentHeader header) {
        return directory.resolve(FragmentName.fragment(header.firstId()));
    }

    /// Allocates a file for a fragment to come.
    ///
    /// @param number tells standbys apart; free in this directory
    /// @throws WalException.Io where the disk is full; nothing stays behind then
    public Standby prepare(long number, long fileSizeBytes) {
        Path path = directory.resolve(FragmentName.standby(number));
        IoFile file = disk.create(path); // where it fails, the name belongs to somebody else
        try {
            file.allocate(0, fileSizeBytes);
            io.execute(IoChain.of(new IoOperation.Fsync(file))).orThrow();
        } catch (WalException failure) {
            file.close();
            deleteQuietly(path, failure);
            throw failure;
        }
        return new Standby(path, fileSizeBytes, file, 0);
    }

    /// Makes a standby the fragment with this header, and opens it.
    public IoFile activate(Standby standby, FragmentHeader header) {
        assert standby.sizeBytes() == header.fileSizeBytes();
        try (IoFile file = standby.file()) {
            MemorySegment page = page();
            header.writeTo(page);
            io.execute(IoChain.durableWrite(file, page, 0)).orThrow();
        }
        Path path = path(header);
        disk.rename(standby.path(), path);
        disk.syncDirectory(directory);
        return disk.open(path, Disk.Access.READ_WRITE);
    }

    /// Makes the file of a trimmed fragment a standby again; whatever it holds has to be
    /// overwritten before it is activated.
    ///
    /// @param number as in [#prepare(long, long)]
    /// @return empty where somebody may still read it: it is deleted then, and its space comes back
    ///     when they have done
    public Optional<Standby> reuse(Path fragment, long number, long fileSizeBytes) {
        Path path = directory.resolve(FragmentName.standby(number));
        disk.rename(fragment, path);
        IoFile file = disk.open(path, Disk.Access.READ_WRITE);
        try {
            if (!file.mayBeShared()) {
                return Optional.of(new Standby(path, fileSizeBytes, file, 0));
            }
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
        file.close();
        disk.delete(path);
        return Optional.empty();
    }

    public void discard(Standby standby) {
        standby.file().close();
        disk.delete(standby.path());
    }

    /// Seals: index, sync, footer, sync, and the unused blocks given back.
    public FragmentFooter seal(IoFile file, FragmentWriter writer) {
        FragmentGeometry geometry = new FragmentGeometry(writer.header().fileSizeBytes());
        FragmentFooter footer =
                writer.footer(new IndexArea(io, file, geometry).write(writer.index()));
        io.execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
        MemorySegment page = page();
        footer.writeTo(page);
        io.execute(IoChain.durableWrite(file, page, geometry.footerStart())).orThrow();
        file.punchHole(footer.endOfData(),
                geometry.indexStart(footer.entryCount()) - footer.endOfData());
        return footer;
    }

    private static MemorySegment page() {
        return Arena.ofAuto().allocate(FragmentHeader.BYTES, Alignment.PAGE.bytes());
    }

    private void deleteQuietly(Path path, WalException failure) {
        try {
            if (disk.exists(path)) {
                disk.delete(path);
            }
        } catch (WalException second) {
            failure.addSuppressed(second);
        }
    }
}
