package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentRewriter;
import io.duramen.wal.fragment.FragmentSalvage;
import io.duramen.wal.log.LogDiagnosis.Piece;
import io.duramen.wal.log.RepairPlan.Action;
import io.duramen.wal.log.RepairPlan.Change;
import io.duramen.wal.log.RepairPlan.Lost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Decides what a repair does about what a diagnosis has found. It touches no file.
final class RepairWork {
    /// Each mark of a lost entry takes 12 bytes in a new file.
    private static final long MARKS_MAX = 100_000_000;

    private final LogDirectory directory;
    private final LogDiagnosis diagnosis;
    private final long usualSizeBytes;
    private final List<Rebuild> rebuilds = new ArrayList<>();
    private final TreeMap<Path, Change> changes = new TreeMap<>();
    private final List<Lost> lost = new ArrayList<>();
    private long lostEntries;
    private long lostBytes;
    private long readableLost;
    private long nextId;
    private boolean isEmpty = true;

    /// A fragment to write anew.
    ///
    /// @param piece what it is made of; one without a file is all marks
    /// @param endId the id after the last one of it that stays
    /// @param sizeBytes of the file
    record Rebuild(Piece piece, long endId, long sizeBytes) {}

    private RepairWork(LogDirectory directory, LogDiagnosis diagnosis) {
        this.directory = directory;
        this.diagnosis = diagnosis;
        this.nextId = diagnosis.nextId();
        this.usualSizeBytes = sizeBytes(Piece::headerHolds).orElse(sizeBytes(_ -> true)
                .orElse(LogSettings.defaults().fragmentSizeBytes()));
    }

    private OptionalLong sizeBytes(Predicate<Piece> which) {
        return diagnosis.pieces().stream().filter(which).flatMap(it -> it.header().stream())
                .mapToLong(FragmentHeader::fileSizeBytes).max();
    }

    static RepairWork of(LogDirectory directory, LogDiagnosis diagnosis, RepairPlan.Mode mode) {
        RepairWork work = new RepairWork(directory, diagnosis);
        diagnosis.setAside().forEach(it -> work.moveAway(it.file(), it.why()));
        switch (mode) {
            case CUT -> work.cut();
            case DROP_DAMAGED -> work.dropDamaged();
        }
        if (work.isEmpty && work.nextId > 0) {
            work.rebuildBlank(work.nextId, work.nextId); // or ids would start at 0 again
        }
        return work;
    }

    private void cut() {
        List<Piece> pieces = diagnosis.pieces();
        for (int number = 0; number < pieces.size(); number++) {
            Piece piece = pieces.get(number);
            if (piece.lostEntries() > 0) {
                cutInside(piece);
                dropFrom(pieces.subList(number + 1, pieces.size()));
                return;
            }
            keepAll(piece, piece.isDamaged(), "damaged, and nothing is lost");
        }
    }

    /// The log ends in this piece, or in front of it.
    private void cutInside(Piece piece) {
        if (piece.salvage().isEmpty()) {
            nextId = piece.firstId();
            lose(nextId, diagnosis.nextId() - 1, 0, directory.path(), 0);
            return;
        }
        FragmentSalvage salvage = piece.salvage().get();
        Path file = piece.file().orElseThrow();
        FragmentSalvage.Range first = salvage.lostRanges().getFirst();
        nextId = first.firstId();
        lose(nextId, diagnosis.nextId() - 1, salvage.endOfData() - first.offset(), file,
                first.offset());
        readableLost += salvage.keptEntries() - salvage.keptBeforeLoss();
        if (nextId > piece.firstId() || isEmpty) {
            rebuild(piece, nextId, "damaged at offset " + first.offset() + ", and cut there");
        } else {
            moveAway(file, "damaged from its first entry on");
        }
    }

    private void dropFrom(List<Piece> behind) {
        for (Piece piece : behind) {
            if (piece.salvage().isPresent()) {
                lostBytes += piece.salvage().get().endOfData() - FragmentGeometry.DATA_START;
                readableLost += piece.salvage().get().keptEntries();
                moveAway(piece.file().orElseThrow(), "behind the damage");
            }
        }
    }

    private void dropDamaged() {
        boolean followsMark = false;
        for (Piece piece : diagnosis.pieces()) {
            if (piece.salvage().isEmpty()) {
                markMissing(piece);
            } else {
                loseInside(piece);
                keepAll(piece, piece.isDamaged() || followsMark, piece.lostEntries() > 0
                        ? "damaged, and its lost entries are marked"
                        : piece.isDamaged() ? "damaged, and nothing is lost"
                                : "whole, and told that the entry in front of it is lost");
            }
            followsMark = piece.lastEntryCrc().isEmpty();
        }
        if (lostEntries > MARKS_MAX) {
            throw new WalException.Irreparable(directory.path(), "has lost " + lostEntries
                    + " entries, more than can be marked one by one (" + MARKS_MAX
                    + "): cut the log, or restore it from a copy");
        }
    }

    private void loseInside(Piece piece) {
        FragmentSalvage salvage = piece.salvage().orElseThrow();
        long told = 0;
        for (FragmentSalvage.Range range : salvage.lostRanges()) {
            long lastId = Math.min(range.lastId(), piece.endId() - 1);
            if (lastId >= range.firstId()) {
                told += lastId - range.firstId() + 1;
                lose(range.firstId(), lastId, range.bytes(), piece.file().orElseThrow(),
                        range.offset());
            }
        }
        lostEntries += piece.lostEntries() - told; // in more ranges than are told one by one
    }

    private void markMissing(Piece piece) {
        lose(piece.firstId(), piece.endId() - 1, 0, directory.path(), 0);
        long most = FragmentRewriter.marksThatFit(new FragmentGeometry(usualSizeBytes),
                FragmentGeometry.DATA_START, 0);
        for (long from = piece.firstId(); from < piece.endId(); from += most) {
            rebuildBlank(from, Math.min(from + most, piece.endId()));
        }
    }

    private void lose(long firstId, long lastId, long bytes, Path file, long offset) {
        lostEntries += lastId - firstId + 1;
        lostBytes += bytes;
        if (lost.size() < RepairPlan.LOST_MAX) {
            lost.add(new Lost(firstId, lastId, bytes, file, offset));
        }
    }

    private void keepAll(Piece piece, boolean anew, String why) {
        if (anew) {
            rebuild(piece, piece.endId(), why);
        }
        isEmpty = false;
    }

    private void rebuild(Piece piece, long endId, String why) {
        long toldBytes = piece.header().orElseThrow().fileSizeBytes();
        rebuilds.add(new Rebuild(piece, endId,
                piece.headerHolds() ? toldBytes : Math.max(toldBytes, usualSizeBytes)));
        Path file = piece.file().orElseThrow();
        Path name = directory.fragment(piece.firstId());
        if (piece.named()) {
            write(name, why);
        } else {
            moveAway(file, "holds the entries of " + name.getFileName());
            write(name, "written from what is called " + file.getFileName());
        }
        isEmpty = false;
    }

    private void rebuildBlank(long firstId, long endId) {
        Piece blank = Piece.missing(firstId, endId);
        rebuilds.add(new Rebuild(blank, endId, usualSizeBytes));
        Path name = directory.fragment(firstId);
        write(name, endId == firstId ? "empty, so that ids go on from " + firstId
                : "marks entries " + firstId + " to " + (endId - 1) + " as lost");
        isEmpty = false;
    }

    private void write(Path name, String why) {
        boolean isThere = directory.disk().exists(name);
        changes.put(name, new Change(name, isThere ? Action.REWRITE : Action.ADD, why));
    }

    /// A name that is written anew stays so.
    private void moveAway(Path file, String why) {
        changes.putIfAbsent(file, new Change(file, Action.MOVE_AWAY, why));
    }

    /// The fragments to write anew, in order of their ids.
    List<Rebuild> rebuilds() {
        return List.copyOf(rebuilds);
    }

    long nextId() {
        return nextId;
    }

    /// True where the log ends with a fragment that is written anew: all of it is on the device
    /// afterwards.
    boolean rebuildsEnd() {
        return !rebuilds.isEmpty() && rebuilds.getLast().endId() == nextId;
    }

    boolean losesEntries() {
        return lostEntries > 0;
    }

    RepairPlan plan(RepairPlan.Mode mode, boolean statusIsReset) {
        return new RepairPlan(directory.logId(), mode, Math.min(diagnosis.startId(), nextId),
                nextId, lost, lostEntries, lostBytes, readableLost,
                List.copyOf(changes.values()), statusIsReset);
    }
}
