package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentRewriter;
import io.duramen.wal.fragment.FragmentSalvage;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentTail;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.LogDiagnosis.Piece;
import io.duramen.wal.log.RepairWork.Rebuild;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Writes the new fragments of a repair to standby files, whole and on the device, beside what is
/// there. Until they are renamed nothing of the log has changed, and a crash leaves only standbys,
/// which count for nothing.
final class RepairBuild {
    private final LogDirectory directory;
    private final LogEnvironment environment;
    private final FragmentFiles files;
    private final LogDiagnosis diagnosis;
    private final RepairWork work;
    private final long writerEpoch;
    private final List<Built> built = new ArrayList<>();

    /// A new fragment, ready to be renamed.
    ///
    /// @param endId the id after its last entry
    record Built(long firstId, long endId, FragmentFiles.Standby standby, int lastEntryCrc,
            long lastTimestampNanos) {}

    /// @param writerEpoch the highest there was
    RepairBuild(LogDirectory directory, LogEnvironment environment, LogDiagnosis diagnosis,
            RepairWork work, long writerEpoch) {
        this.directory = directory;
        this.environment = environment;
        this.files = new FragmentFiles(environment.disk(), environment.scheduler(),
                directory.path());
        this.diagnosis = diagnosis;
        this.work = work;
        this.writerEpoch = writerEpoch;
    }

    /// @throws WalException.Io where the disk is full, or fails; nothing stays behind then
    List<Built> run() {
        try {
            work.rebuilds().forEach(this::build);
            environment.disk().syncDirectory(directory.path());
            return List.copyOf(built);
        } catch (WalException failure) {
            discard(failure);
            throw failure;
        }
    }

    private void discard(WalException failure) {
        for (Built each : built) {
            try {
                files.discard(each.standby());
            } catch (WalException second) {
                failure.addSuppressed(second);
            }
        }
    }

    private void build(Rebuild rebuild) {
        FragmentHeader header = header(rebuild);
        FragmentFiles.Standby standby = files.prepare(built.size(), header.fileSizeBytes());
        int number = built.size();
        built.add(new Built(header.firstId(), rebuild.endId(), standby, 0, 0));
        try (IoFile file = environment.disk().open(standby.path(), Disk.Access.READ_WRITE);
                Arena arena = Arena.ofConfined()) {
            FragmentScan scan = write(rebuild, header, file, arena);
            built.set(number, new Built(header.firstId(), rebuild.endId(), standby,
                    scan.lastEntryCrc(), scan.lastTimestampNanos()));
        }
    }

    private FragmentScan write(Rebuild rebuild, FragmentHeader header, IoFile file, Arena arena) {
        MemorySegment bytes = file.map(IoFile.Mapping.READ_WRITE, 0, header.fileSizeBytes(), arena);
        header.writeTo(bytes);
        FragmentRewriter rewriter = new FragmentRewriter(file.path(), bytes, header);
        rebuild.piece().file().ifPresent(from -> copy(rebuild, from, rewriter));
        boolean isLast = rebuild.endId() == work.nextId();
        if (rewriter.nextId() < rebuild.endId()) {
            rewriter.markUpTo(rebuild.endId() - 1);
        }
        rewriter.finish(isLast);
        environment.scheduler().execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
        FragmentScan scan = FragmentChain.scan(file, header, arena);
        if (scan.nextId() != rebuild.endId() || scan.cutsBatch()
                || FragmentTail.endOfBytes(environment.scheduler(), file,
                        scan.endOfData()) != scan.endOfData()
                || scan.endOfData() != rewriter.endOfData()) {
            throw new WalException.Defect(new IllegalStateException("what was written for "
                    + files.path(header) + " ends with entry " + (scan.nextId() - 1) + " at "
                    + scan.endOfData() + " and not with " + (rebuild.endId() - 1) + " at "
                    + rewriter.endOfData()));
        }
        if (!isLast) {
            files.seal(file, FragmentWriter.resume(header, scan));
        }
        return scan;
    }

    private void copy(Rebuild rebuild, Path from, FragmentRewriter rewriter) {
        Piece piece = rebuild.piece();
        try (IoFile source = environment.disk().open(from, Disk.Access.READ_ONLY);
                Arena arena = Arena.ofConfined()) {
            FragmentSalvage.write(from,
                    source.map(IoFile.Mapping.READ_ONLY, 0, source.sizeBytes(), arena),
                    piece.firstId(), piece.promise(), rebuild.endId(), rewriter);
        } catch (InternalError fault) {
            throw new WalException.Io("read", from, 0, fault.getMessage());
        }
    }

    private FragmentHeader header(Rebuild rebuild) {
        Piece piece = rebuild.piece();
        long firstId = piece.firstId();
        OptionalInt crcBefore = crcBefore(firstId);
        if (piece.headerHolds()) {
            FragmentHeader own = piece.header().orElseThrow();
            return new FragmentHeader(own.logIdHash(), own.generation(), firstId,
                    own.fileSizeBytes(), own.blockBytes(), own.writerEpoch(), own.createdNanos(),
                    firstId - 1, crcBefore.orElse(own.predecessorLastCrc()));
        }
        long generation = piece.header().map(FragmentHeader::generation)
                .orElseGet(environment.generations()::getAsLong);
        return new FragmentHeader(FragmentHeader.hashOf(directory.logId().value()), generation,
                firstId, rebuild.sizeBytes(), FragmentGeometry.BLOCK_BYTES, writerEpoch,
                createdNanos(piece), firstId - 1, crcBefore.orElse(0));
    }

    /// The checksum of the entry in front of this id; empty where the log starts here.
    private OptionalInt crcBefore(long firstId) {
        if (!built.isEmpty() && built.getLast().endId() == firstId) {
            return OptionalInt.of(built.getLast().lastEntryCrc());
        }
        return diagnosis.pieces().stream().filter(it -> it.endId() == firstId)
                .map(Piece::lastEntryCrc).findFirst().orElse(OptionalInt.empty());
    }

    /// Not after the fragment's own groups, where they tell, and else not before those of the
    /// fragments in front.
    private long createdNanos(Piece piece) {
        long ownNanos = piece.salvage().map(FragmentSalvage::firstTimestampNanos).orElse(0L);
        if (ownNanos > 0) {
            return ownNanos;
        }
        long beforeNanos = diagnosis.pieces().stream()
                .filter(it -> it.headerHolds() && it.firstId() < piece.firstId())
                .mapToLong(it -> it.header().orElseThrow().createdNanos()).max().orElse(0);
        return built.isEmpty() ? beforeNanos
                : Math.max(beforeNanos, built.getLast().lastTimestampNanos());
    }
}
