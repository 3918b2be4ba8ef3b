package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryWriter;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.Fragment;
import io.duramen.wal.fragment.FragmentCheck;
import io.duramen.wal.fragment.FragmentEnds;
import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.FragmentPromise;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.fragment.FragmentWriter;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.memory.AlignedBuffer;
import io.duramen.wal.memory.Alignment;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Copies one fragment of a log that may be in use, as far as an entry, and checks the copy.
final class FragmentCopy {
    private static final long PIECE_BYTES = 16 << 20;

    private final LogDirectory into;
    private final IoScheduler io;
    private final Fragment fragment;
    private final LongSupplier head;
    private final long lastId;
    private final boolean isEnd;
    private final LongConsumer progress;
    private final FragmentHeader header;
    private final FragmentGeometry geometry;
    private final Optional<FragmentFooter> footer;
    private long headId;
    private long copiedBytes;

    /// @param head tells the log's first entry
    /// @param lastId the last entry to copy
    /// @param isEnd the copied log ends here: appends will go on in the copy
    /// @param progress told bytes of the file that are done
    FragmentCopy(LogDirectory into, IoScheduler io, Fragment fragment, LongSupplier head,
            long lastId, boolean isEnd, LongConsumer progress) {
        this.into = into;
        this.io = io;
        this.fragment = fragment;
        this.head = head;
        this.lastId = lastId;
        this.isEnd = isEnd;
        this.progress = progress;
        this.header = fragment.header();
        this.geometry = new FragmentGeometry(header.fileSizeBytes());
        this.footer = fragment.footer();
    }

    Path target() {
        return into.fragment(fragment.firstId());
    }

    /// The first entry in the copy that is not trimmed.
    long firstId() {
        return Math.max(fragment.firstId(), headId);
    }

    long copiedBytes() {
        return copiedBytes;
    }

    /// @return false where the fragment was trimmed meanwhile, and there is no copy
    boolean run() {
        try (IoFile source = FragmentSharing.open(into.disk(), fragment.path());
                IoFile copy = into.disk().create(target()); Arena arena = Arena.ofConfined()) {
            headId = head.getAsLong(); // from now on nobody makes a hole where entries are
            if (headId > fragment.lastId()) {
                return discard();
            }
            if (footer.isEmpty() && headId > fragment.firstId()) {
                checkHasNoHole(source);
            }
            copy(source, copy, arena);
            if (isGone()) {
                return discard();
            }
            check(copy, arena);
            progress.accept(header.fileSizeBytes() - copiedBytes);
            return true;
        } catch (WalException failure) {
            if (isGone()) {
                return discard();
            }
            throw failure;
        } catch (InternalError fault) {
            throw new WalException.Io("read", fragment.path(), 0, fault.getMessage());
        }
    }

    /// It was sealed since it was looked up where the log has been trimmed to inside of it.
    private void checkHasNoHole(IoFile source) {
        if (new FragmentEnds.Reader(io).read(source).footer().isPresent()) {
            throw new WalException.Trimmed(fragment.firstId(), headId);
        }
    }

    /// Without its name the file is another fragment's by now, or will be.
    private boolean isGone() {
        return !into.disk().exists(fragment.path());
    }

    private boolean discard() {
        if (into.disk().exists(target())) {
            into.disk().delete(target());
        }
        return false;
    }

    private void copy(IoFile source, IoFile copy, Arena arena) {
        if (isEnd) {
            copy.allocate(0, header.fileSizeBytes());
        } else {
            copy.resize(header.fileSizeBytes());
        }
        if (footer.isPresent()) {
            long indexStart = geometry.indexStart(footer.get().entryCount());
            copyRange(source, copy, 0, footer.get().endOfData());
            copyRange(source, copy, indexStart, header.fileSizeBytes());
        } else {
            copyEntries(source, copy, arena);
        }
        io.execute(IoChain.of(new IoOperation.Fsync(copy))).orThrow();
    }

    private void copyRange(IoFile source, IoFile copy, long from, long to) {
        for (long at = from; at < to;) {
            long piece = Math.min(PIECE_BYTES, to - at);
            long moved = source.copyTo(at, piece, copy, at).copiedBytes();
            if (moved < piece) {
                throw new WalException.Corrupt(fragment.path(), at + moved, -1,
                        "it ends here, it had " + header.fileSizeBytes() + " bytes");
            }
            at += piece;
            copiedBytes += piece;
            progress.accept(piece);
        }
    }

    /// Of a fragment that is not sealed: others may follow, and its writer may be about to seal it.
    private void copyEntries(IoFile source, IoFile copy, Arena arena) {
        FragmentScan there = new FragmentScan(header,
                source.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), arena));
        there.advance(lastId);
        if (there.nextId() != lastId + 1) {
            throw new WalException.Corrupt(fragment.path(), there.endOfData(), there.nextId(),
                    "the entry fails its check");
        }
        copyRange(source, copy, 0, there.endOfData());
        FragmentScan here = FragmentChain.scan(copy, header, arena);
        if (isEnd) {
            writeClosingRecord(copy, here);
        } else {
            new FragmentFiles(into.disk(), io, into.path()).seal(copy,
                    FragmentWriter.resume(header, here));
        }
    }

    /// Says, as a clean close does, that everything before it is durable: it will be when the copy
    /// gets its name.
    private void writeClosingRecord(IoFile copy, FragmentScan here) {
        if (here.nextId() == header.firstId()) {
            return;
        }
        try (AlignedBuffer record = AlignedBuffer.allocate(GroupRecord.BYTES, Alignment.PAGE)) {
            MemorySegment bytes = record.memory().asSlice(0, GroupRecord.BYTES);
            EntryWriter writer = new EntryWriter(bytes, header.generation());
            writer.writeGroupRecord(0, new GroupRecord(0, here.nextId(),
                    here.nextId() - 1, here.lastTimestampNanos(), GroupRecord.BYTES));
            io.execute(IoChain.of(new IoOperation.Write(copy, bytes, here.endOfData())))
                    .orThrow();
        }
    }

    private void check(IoFile copy, Arena arena) {
        MemorySegment bytes =
                copy.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), arena);
        FragmentCheck.run(fragment.path(), bytes,
                new FragmentPromise(lastId, !isEnd, false, headId, Optional.empty()),
                finding -> {
                    if (finding.severity() == FragmentFinding.Severity.DAMAGE) {
                        throw new WalException.Corrupt(fragment.path(), finding.offset(),
                                finding.entryId(), finding.what());
                    }
                });
    }
}
