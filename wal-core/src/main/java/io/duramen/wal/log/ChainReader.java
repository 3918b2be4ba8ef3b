package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.fragment.FragmentEnds;
import io.duramen.wal.fragment.FragmentSharing;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoScheduler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Reads what the fragments of a log say about themselves: two pages of each file. For one thread
/// at a time.
final class ChainReader {
    private final LogDirectory directory;
    private final FragmentEnds.Reader ends;
    private final Function<Path, IoFile> opening;

    private ChainReader(LogDirectory directory, IoScheduler io, Function<Path, IoFile> opening) {
        this.directory = directory;
        this.ends = new FragmentEnds.Reader(io);
        this.opening = opening;
    }

    /// For who holds the writer's lock, so that nobody else trims.
    static ChainReader ofWriter(LogDirectory directory, IoScheduler io) {
        return new ChainReader(directory, io,
                path -> directory.disk().open(path, Disk.Access.READ_ONLY));
    }

    /// For who reads while a writer may trim.
    static ChainReader ofReader(LogDirectory directory, IoScheduler io) {
        return new ChainReader(directory, io,
                path -> FragmentSharing.open(directory.disk(), path));
    }

    /// @throws WalException.Corrupt when a header is damaged or does not belong here
    /// @throws WalException.MissingFragment when ids are missing between two fragments, or between
    ///     the log's head and the first
    FragmentChain read(LogDirectory.Listing listing) {
        FragmentChain.checkHead(directory, listing);
        List<FragmentChain.Link> links = new ArrayList<>();
        for (long firstId : listing.fragments()) {
            FragmentChain.Link link = read(directory.fragment(listing.end(), firstId), firstId);
            if (links.isEmpty()) {
                FragmentChain.checkHolds(directory, link, listing);
            } else {
                FragmentChain.checkFollows(directory, links.getLast(), link);
            }
            links.add(link);
        }
        return new FragmentChain(List.copyOf(links));
    }

    /// One fragment by itself.
    ///
    /// @throws WalException.Corrupt when its header is damaged or does not belong here
    FragmentChain.Link read(Path path, long firstId) {
        try (IoFile file = opening.apply(path)) {
            FragmentEnds read = ends.read(file);
            FragmentHeader header = read.header();
            if (header.logIdHash() != FragmentHeader.hashOf(directory.logId().value())) {
                throw new WalException.Corrupt(path, 16, -1,
                        "it belongs to another log than " + directory.logId());
            }
            if (header.firstId() != firstId) {
                throw new WalException.Corrupt(path, 32, -1,
                        "its header says it starts with entry " + header.firstId());
            }
            return new FragmentChain.Link(path, header, read.footer());
        }
    }
}
