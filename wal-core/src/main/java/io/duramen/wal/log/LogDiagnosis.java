package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.fragment.FragmentPromise;
import io.duramen.wal.fragment.FragmentRewriter;
import io.duramen.wal.fragment.FragmentSalvage;
import io.duramen.wal.fragment.HeaderGuess;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/// What is left of a log, found out without changing anything: which file holds which entries,
/// whatever it is called, and which entries no file holds. Reads every byte; one fragment is mapped
/// at a time. Nobody writes the log meanwhile.
final class LogDiagnosis {
    private final LogDirectory directory;
    private final LogVerification.Listener listener;
    private final long witness;
    private final Optional<ClosedEnd> closed;
    private final List<Piece> pieces = new ArrayList<>();
    private final List<SetAside> setAside = new ArrayList<>();
    private OptionalLong head = OptionalLong.empty();
    private long lowestName;
    private long startId;
    private long provenNextId;

    /// Consecutive ids of the log.
    ///
    /// @param file where they are, or were; empty where no file holds any of them
    /// @param header the file's own, or what it must have been
    /// @param headerHolds it is the file's own
    /// @param named the file has the name that belongs to its first id
    /// @param endId the id after the last one
    /// @param salvage empty where there is no file
    record Piece(Optional<Path> file, Optional<FragmentHeader> header, boolean headerHolds,
            boolean named, long firstId, long endId, FragmentPromise promise,
            Optional<FragmentSalvage> salvage) {
        static Piece missing(long firstId, long endId) {
            return new Piece(Optional.empty(), Optional.empty(), false, false, firstId, endId,
                    FragmentPromise.NONE, Optional.empty());
        }

        long lostEntries() {
            return salvage.map(it -> it.lostEntries() - (it.nextId() - endId))
                    .orElse(endId - firstId);
        }

        boolean isDamaged() {
            return !named || salvage.map(it -> it.damages() > 0).orElse(true);
        }

        /// The checksum of the last entry, where it is known.
        OptionalInt lastEntryCrc() {
            if (salvage.isEmpty()) {
                return OptionalInt.empty();
            }
            List<FragmentSalvage.Range> lost = salvage.get().lostRanges();
            boolean lastMayBeLost = lost.size() == FragmentSalvage.RANGES_MAX || !lost.isEmpty()
                    && lost.getLast().firstId() < endId && lost.getLast().lastId() >= endId - 1;
            return lastMayBeLost ? OptionalInt.empty()
                    : OptionalInt.of(salvage.get().lastEntryCrc());
        }
    }

    /// A file with a fragment's name that is not part of the log.
    record SetAside(Path file, String why) {}

    /// A file, and which entries it seems to hold.
    private record Candidate(Path file, long nameId, long firstId, boolean headerHolds,
            Optional<FragmentHeader> header) {
        boolean isNamed() {
            return nameId == firstId;
        }
    }

    private LogDiagnosis(LogDirectory directory, long witness, Optional<ClosedEnd> closed,
            LogVerification.Listener listener) {
        this.directory = directory;
        this.witness = witness;
        this.closed = closed;
        this.listener = listener;
    }

    /// @param witness the highest id that the writer's status says was durable, -1 for none
    /// @param closed where the log ends, if its last writer closed it
    /// @throws WalException.Irreparable when nothing tells which of two files belongs to the log
    /// @throws WalException.Incompatible when a newer version wrote it
    static LogDiagnosis of(LogDirectory directory, long witness, Optional<ClosedEnd> closed,
            LogVerification.Listener listener) {
        LogDiagnosis diagnosis = new LogDiagnosis(directory, witness, closed, listener);
        diagnosis.run();
        return diagnosis;
    }

    private void run() {
        List<Candidate> candidates = candidates();
        startId = head.orElse(candidates.isEmpty() ? 0 : candidates.getFirst().firstId());
        provenNextId = Math.max(startId, witness + 1);
        for (int i = 0; i < candidates.size(); i++) {
            Optional<Candidate> next = i + 1 < candidates.size()
                    ? Optional.of(candidates.get(i + 1)) : Optional.empty();
            examine(candidates.get(i), next);
        }
        fillUpTo(provenNextId);
    }

    /// The files in order of the entries they hold. Of two that claim the same, the one with the
    /// right name is believed; a header that holds goes before one that does not.
    private List<Candidate> candidates() {
        List<Candidate> all = new ArrayList<>();
        long sizeBytes = 0;
        LogDirectory.Listing listing = directory.list();
        head = listing.head();
        lowestName = listing.fragments().stream().findFirst().orElse(0L);
        for (long nameId : listing.fragments()) {
            Path path = directory.fragment(listing.end(), nameId);
            try (IoFile file = directory.disk().open(path, Disk.Access.READ_ONLY);
                    Arena arena = Arena.ofConfined()) {
                sizeBytes += file.sizeBytes();
                identify(path, nameId, file, arena).ifPresent(all::add);
            } catch (InternalError fault) {
                throw unreadable(path, fault);
            }
        }
        listener.begins(sizeBytes);
        TreeMap<Long, Candidate> placed = new TreeMap<>();
        place(all, placed, it -> it.headerHolds() && it.isNamed());
        place(all, placed, it -> it.headerHolds() && !it.isNamed());
        place(all, placed, it -> !it.headerHolds() && it.isNamed());
        place(all, placed, it -> !it.headerHolds() && !it.isNamed());
        return List.copyOf(placed.values());
    }

    private void place(List<Candidate> all, TreeMap<Long, Candidate> placed,
            Predicate<Candidate> which) {
        all.stream().filter(which).forEach(candidate -> {
            Candidate before = placed.putIfAbsent(candidate.firstId(), candidate);
            if (before != null) {
                setAside.add(new SetAside(candidate.file(),
                        "holds the same entries as " + before.file().getFileName()));
            }
        });
    }

    private Optional<Candidate> identify(Path path, long nameId, IoFile file, Arena arena) {
        long size = file.sizeBytes();
        if (size < FragmentHeader.BYTES) {
            return Optional.of(new Candidate(path, nameId, nameId, false, Optional.empty()));
        }
        MemorySegment bytes = file.map(IoFile.Mapping.READ_ONLY, 0, size, arena);
        try {
            FragmentHeader header = FragmentHeader.readFrom(bytes, path);
            boolean ours = header.logIdHash() == FragmentHeader.hashOf(directory.logId().value());
            if (!ours || header.firstId() < 0) {
                setAside.add(new SetAside(path, "belongs to another log"));
                return Optional.empty();
            }
            if (header.firstId() < Math.min(head.orElse(0), lowestName)) {
                setAside.add(new SetAside(path, "was trimmed"));
                return Optional.empty();
            }
            return Optional.of(new Candidate(path, nameId, header.firstId(), true,
                    Optional.of(header)));
        } catch (WalException.Corrupt _) {
            Optional<FragmentHeader> guess = new HeaderGuess(path, bytes).guess()
                    .filter(it -> it.firstId() >= 0);
            return Optional.of(new Candidate(path, nameId,
                    guess.map(FragmentHeader::firstId).orElse(nameId), false, guess));
        }
    }

    private void examine(Candidate candidate, Optional<Candidate> next) {
        if (!pieces.isEmpty() && candidate.firstId() < pieces.getLast().endId()) {
            setAside.add(new SetAside(candidate.file(), "holds entries that "
                    + name(pieces.getLast()) + " holds"));
            return;
        }
        FragmentPromise promise = new FragmentPromise(
                next.map(it -> it.firstId() - 1).orElse(witness), next.isPresent(), false,
                startId, closed);
        Optional<Piece> found = piece(candidate, promise);
        if (found.isEmpty()) {
            setAside.add(new SetAside(candidate.file(), "holds nothing that can be read"));
            provenNextId = Math.max(provenNextId, candidate.firstId());
            return;
        }
        if (!follows(candidate)) {
            if (next.isEmpty() || isFollowedBy(found.get(), next.get())) {
                throw new WalException.Irreparable(candidate.file(), "was not written behind "
                        + name(pieces.getLast()) + ", and nothing tells which of the two is of"
                        + " this log's life: move the other one out of the folder");
            }
            setAside.add(new SetAside(candidate.file(), "is of another life of the log"));
            return;
        }
        if (isTrimmed(found.get())) {
            setAside.add(new SetAside(candidate.file(), "was trimmed"));
            return;
        }
        fillUpTo(candidate.firstId());
        pieces.add(found.get());
    }

    /// A log that was truncated to its head has a last fragment with nothing but marks.
    private boolean isTrimmed(Piece piece) {
        boolean sealed = piece.salvage().map(FragmentSalvage::isSealed).orElse(false);
        return piece.endId() < startId || sealed && piece.endId() == startId;
    }

    private static String name(Piece piece) {
        return FragmentName.fragment(piece.firstId());
    }

    /// False where the header says that another fragment was in front of it.
    private boolean follows(Candidate candidate) {
        return pieces.isEmpty() || isFollowedBy(pieces.getLast(), candidate);
    }

    private static boolean isFollowedBy(Piece piece, Candidate next) {
        OptionalInt crc = piece.lastEntryCrc();
        return !next.headerHolds() || next.firstId() != piece.endId() || crc.isEmpty()
                || next.header().orElseThrow().predecessorLastCrc() == crc.getAsInt();
    }

    private void fillUpTo(long id) {
        long from = pieces.isEmpty() ? startId : pieces.getLast().endId();
        if (id > from) {
            pieces.add(Piece.missing(from, id));
        }
    }

    /// Empty where nothing of the file can be read.
    private Optional<Piece> piece(Candidate candidate, FragmentPromise promise) {
        Path path = candidate.file();
        try (IoFile file = directory.disk().open(path, Disk.Access.READ_ONLY);
                Arena arena = Arena.ofConfined()) {
            if (candidate.header().isEmpty()) {
                return Optional.empty();
            }
            long size = file.sizeBytes();
            ReadProgress progress = new ReadProgress(startId,
                    finding -> listener.finding(new LogVerification.Finding(path, finding)),
                    listener::checked);
            FragmentSalvage salvage = FragmentSalvage.of(path,
                    file.map(IoFile.Mapping.READ_ONLY, 0, size, arena), candidate.firstId(),
                    promise, progress);
            progress.reached(size);
            return Optional.of(new Piece(Optional.of(path), candidate.header(),
                    candidate.headerHolds(), candidate.isNamed(), candidate.firstId(),
                    endOf(candidate, salvage), promise,
                    Optional.of(salvage)));
        } catch (InternalError fault) {
            throw unreadable(path, fault);
        }
    }

    /// The id after those that the file holds. Lost ones at its end count as far as marks for them
    /// would fit; those behind were in a file that is missing.
    private static long endOf(Candidate candidate, FragmentSalvage salvage) {
        List<FragmentSalvage.Range> lost = salvage.lostRanges();
        if (salvage.isSealed() || lost.isEmpty()
                || lost.getLast().lastId() != salvage.nextId() - 1) {
            return salvage.nextId();
        }
        FragmentSalvage.Range tail = lost.getLast();
        long fits = FragmentRewriter.marksThatFit(
                new FragmentGeometry(candidate.header().orElseThrow().fileSizeBytes()),
                tail.offset(), tail.firstId() - candidate.firstId());
        return Math.min(salvage.nextId(), tail.firstId() + fits);
    }

    private static WalException unreadable(Path path, InternalError fault) {
        return new WalException.Irreparable(path, "cannot be read from the device ("
                + fault.getMessage() + "): copy it with a tool that skips what cannot be read,"
                + " and put the copy in its place");
    }

    /// All ids from the log's first to its end, in order, without gap.
    List<Piece> pieces() {
        return List.copyOf(pieces);
    }

    List<SetAside> setAside() {
        return List.copyOf(setAside);
    }

    /// The first id of the log.
    long startId() {
        return startId;
    }

    /// The id after the last one that was ever promised or can be read.
    long nextId() {
        return pieces.isEmpty() ? startId : pieces.getLast().endId();
    }
}
