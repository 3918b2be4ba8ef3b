package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentScan;
import io.duramen.wal.io.IoFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// The fragments of a log as their headers and footers tell, checked to follow one another: no
/// fragment is missing between two others, and none was put in another's place.
///
/// @param links in order of their ids
record FragmentChain(List<Link> links) {
    /// One fragment of the chain.
    ///
    /// @param footer empty where the fragment is not sealed
    record Link(Path path, FragmentHeader header, Optional<FragmentFooter> footer) {
        boolean isSealed() {
            return footer.isPresent();
        }
    }

    /// The last fragment is never trimmed, so there is one at the head, or the log is new.
    static void checkHead(LogDirectory directory, LogDirectory.Listing listing) {
        long head = listing.head().orElse(-1);
        if (listing.fragments().isEmpty() && head > 0) {
            throw directory.missing(head, head + 1);
        }
        if (head >= 0 && !listing.fragments().isEmpty() && listing.fragments().getFirst() > head) {
            throw directory.missing(head, listing.fragments().getFirst());
        }
    }

    /// The fragment in front of the one that is missing may still be there, trimmed.
    static void checkHolds(LogDirectory directory, Link first,
            LogDirectory.Listing listing) {
        long head = listing.head().orElse(0);
        long lastId = first.footer().map(FragmentFooter::lastId).orElse(Long.MAX_VALUE);
        if (lastId < head) {
            throw directory.missing(head, listing.fragments().size() > 1
                    ? listing.fragments().get(1) : head + 1);
        }
    }

    /// What can be said without reading entries; a predecessor without footer is checked when it is
    /// scanned.
    static void checkFollows(LogDirectory directory, Link before, Link link) {
        if (before.footer().isEmpty()) {
            return;
        }
        FragmentFooter footer = before.footer().get();
        checkFollows(directory, footer.lastId() + 1, footer.lastEntryCrc(), before.path(), link);
    }

    /// @throws WalException.Corrupt when `link` was not written behind a fragment that ends so
    static void checkFollows(LogDirectory directory, long nextId, int lastEntryCrc, Path before,
            Link link) {
        FragmentHeader header = link.header();
        if (header.firstId() > nextId) {
            throw directory.missing(nextId, header.firstId());
        }
        boolean fits = header.firstId() == nextId && header.predecessorLastId() == nextId - 1
                && header.predecessorLastCrc() == lastEntryCrc;
        if (!fits) {
            throw new WalException.Corrupt(link.path(), 64, header.firstId(),
                    "it was not written behind " + before.getFileName() + ", which ends with entry "
                            + (nextId - 1));
        }
    }

    /// Maps a fragment for as long as `arena` lives, and scans it.
    static FragmentScan scan(IoFile file, FragmentHeader header, Arena arena) {
        return scan(file, header, arena, _ -> {});
    }

    /// @param reached told every now and then how far it is
    static FragmentScan scan(IoFile file, FragmentHeader header, Arena arena,
            LongConsumer reached) {
        MemorySegment bytes = file.map(IoFile.Mapping.READ_ONLY, 0, header.fileSizeBytes(), arena);
        try {
            return FragmentScan.of(header, bytes, reached);
        } catch (InternalError fault) {
            throw new WalException.Io("read", file.path(), 0, fault.getMessage());
        }
    }
}
