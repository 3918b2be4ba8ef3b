package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.format.FragmentName;
import io.duramen.wal.io.Disk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// The directory of one log, and what lies in it.
///
/// @param path the directory itself
public record LogDirectory(Disk disk, LogId logId, Path basePath, Path path) {
    private static final int EACCES = 13;
    private static final Set<String> OWN_NAMES =
            Set.of(FragmentName.LOCK, FragmentName.REPAIR);
    private static final String ORIGINALS_SUFFIX = ".damaged-";
    private static final Pattern ORIGINALS =
            Pattern.compile(".*" + Pattern.quote(ORIGINALS_SUFFIX) + "\\d+");

    public static LogDirectory of(Disk disk, Path basePath, LogId logId) {
        return new LogDirectory(disk, logId, basePath, logId.directoryIn(basePath));
    }

    /// The files of a log by kind.
    ///
    /// @param fragments first ids, ascending; where the log is being truncated, those that stay
    /// @param end where it ends then, and which file is its last fragment
    /// @param dropped first ids of fragments behind that end that are not yet deleted, ascending
    /// @param leftovers first ids of fragments before the one that the head lies in, ascending:
    ///     trimmed, and not yet deleted
    /// @param heads what head files tell, ascending; the last one counts, another one is the rest
    ///     of an interrupted trim
    /// @param floors by consumer, the lowest id first where a consumer has several
    /// @param standbys names of files prepared for fragments to come
    /// @param foreign names that are not the log's
    record Listing(List<Long> fragments, Optional<NewEnd> end, List<Long> dropped,
            List<Long> leftovers, List<Long> heads, List<Floor> floors, List<String> standbys,
            List<String> foreign) {
        /// The first entry there is; empty in a log of a release that did not write it down.
        OptionalLong head() {
            return heads.isEmpty() ? OptionalLong.empty() : OptionalLong.of(heads.getLast());
        }
    }

    /// The logs below a base path, by name.
    ///
    /// @throws WalException.UnusablePath when the base path is no directory
    public static List<LogId> logsIn(Disk disk, Path basePath) {
        if (!disk.exists(basePath)) {
            throw new WalException.UnusablePath(basePath, "there is no such directory");
        }
        requireDirectory(basePath);
        return disk.list(basePath).stream().map(LogId::ofDirectory).filter(Objects::nonNull)
                .sorted((a, b) -> a.value().compareTo(b.value())).toList();
    }

    /// Makes the directory, and the base path, where they are missing, and makes their names
    /// durable: also where they are there already, as long as no writer got so far as to create
    /// `LOCK`. Who made them may have been killed before it could.
    ///
    /// @throws WalException.UnusablePath when the base path cannot hold logs
    public void create() {
        try {
            if (disk.exists(lockFile())) {
                return;
            }
            createWithParents(basePath.toAbsolutePath());
            requireDirectory(basePath);
            disk.createDirectory(path);
            disk.syncDirectory(basePath);
        } catch (WalException.Io failure) {
            throw new WalException.UnusablePath(basePath, failure.getMessage());
        }
    }

    private void createWithParents(Path directory) {
        Path parent = directory.getParent();
        if (disk.exists(directory)) {
            syncUnlessForeign(parent);
            return;
        }
        createWithParents(parent);
        disk.createDirectory(directory);
        disk.syncDirectory(parent);
    }

    /// No writer makes a directory in one that it may not read: it could not sync its name.
    ///
    /// @param parent null above the root
    private void syncUnlessForeign(Path parent) {
        try {
            if (parent != null) {
                disk.syncDirectory(parent);
            }
        } catch (WalException.Io failure) {
            if (failure.errno() != EACCES) {
                throw failure;
            }
        }
    }

    /// @throws WalException.NoSuchLog when the log is not there
    void requireExists() {
        requireThat(disk.exists(lockFile()));
    }

    /// As [#requireExists()], also of a log whose lock file is missing.
    void requireFiles() {
        requireThat(hasFiles());
    }

    /// True where there is a log, or what is left of one; not for the originals that a repair moved
    /// away.
    boolean hasFiles() {
        return disk.exists(lockFile())
                || !ORIGINALS.matcher(path.getFileName().toString()).matches()
                        && disk.exists(path) && !list().fragments().isEmpty();
    }

    /// A folder beside the log's for what a repair moves away.
    Path originals(int number) {
        return path.resolveSibling(path.getFileName() + ORIGINALS_SUFFIX + number);
    }

    private void requireThat(boolean isThere) {
        if (disk.exists(basePath)) {
            requireDirectory(basePath);
        }
        if (!isThere) {
            throw new WalException.NoSuchLog(logId.value(), basePath);
        }
    }

    /// @throws WalException.RepairUnfinished when a repair was interrupted: the files are not one
    ///     log now
    void requireNoRepair() {
        if (isBeingRepaired()) {
            throw new WalException.RepairUnfinished(path);
        }
    }

    boolean isBeingRepaired() {
        return disk.exists(repairList());
    }

    Path repairList() {
        return path.resolve(FragmentName.REPAIR);
    }

    private static void requireDirectory(Path basePath) {
        if (Files.isRegularFile(basePath)) {
            throw new WalException.UnusablePath(basePath, "it is a file, not a directory");
        }
    }

    Path lockFile() {
        return path.resolve(FragmentName.LOCK);
    }

    Path fragment(long firstId) {
        return path.resolve(FragmentName.fragment(firstId));
    }

    /// The file that holds a listed fragment.
    Path fragment(Optional<NewEnd> end, long firstId) {
        return end.filter(it -> it.firstId() == firstId).map(this::end)
                .orElseGet(() -> fragment(firstId));
    }

    Path end(NewEnd end) {
        return path.resolve(end.fileName());
    }

    private Path head(long firstId) {
        return path.resolve(FragmentName.head(firstId));
    }

    /// True while the log starts at this id; cheaper than a listing.
    boolean isHead(long firstId) {
        return disk.exists(head(firstId));
    }

    /// Says on the device that the log starts at another id from now on.
    ///
    /// @param from where it starts now, empty where nothing says so
    void moveHead(OptionalLong from, long to) {
        if (from.isPresent()) {
            disk.rename(head(from.getAsLong()), head(to));
        } else {
            disk.create(head(to)).close();
        }
        disk.syncDirectory(path);
    }

    void deleteHead(long firstId) {
        disk.delete(head(firstId));
    }

    WalException.MissingFragment missing(long firstMissingId, long nextId) {
        return new WalException.MissingFragment(fragment(firstMissingId), firstMissingId, nextId);
    }

    /// Names of the copies that recovery kept of what it cut.
    List<String> listTorn() {
        return disk.list(path).stream().filter(FragmentName::isTorn).sorted().toList();
    }

    Listing list() {
        List<Long> fragments = new ArrayList<>();
        List<NewEnd> ends = new ArrayList<>();
        List<Long> heads = new ArrayList<>();
        List<Floor> floors = new ArrayList<>();
        List<String> standbys = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        for (String name : disk.list(path)) {
            if (FragmentName.firstId(name).isPresent()) {
                fragments.add(FragmentName.firstId(name).getAsLong());
            } else if (FragmentName.headId(name).isPresent()) {
                heads.add(FragmentName.headId(name).getAsLong());
            } else if (NewEnd.ofFileName(name).isPresent()) {
                ends.add(NewEnd.ofFileName(name).get());
            } else if (Floor.ofFileName(name).isPresent()) {
                floors.add(Floor.ofFileName(name).get());
            } else if (FragmentName.isStandby(name)) {
                standbys.add(name);
            } else if (!OWN_NAMES.contains(name) && !FragmentName.isTorn(name)) {
                foreign.add(name);
            }
        }
        Optional<NewEnd> end = ends.stream().min(Comparator.comparing(NewEnd::nextId));
        end.map(NewEnd::firstId).filter(firstId -> !fragments.contains(firstId))
                .ifPresent(fragments::add);
        fragments.sort(Long::compare);
        heads.sort(Long::compare);
        floors.sort(Comparator.comparing(Floor::consumer).thenComparing(Floor::id));
        foreign.sort(String::compareTo);
        long head = heads.isEmpty() ? 0 : heads.getLast();
        long first = fragments.stream().filter(id -> id <= head).reduce((_, id) -> id).orElse(0L);
        long lastId = end.map(NewEnd::firstId).orElse(Long.MAX_VALUE);
        return new Listing(fragments.stream().filter(id -> id >= first && id <= lastId).toList(),
                end, fragments.stream().filter(id -> id > lastId).toList(),
                fragments.stream().filter(id -> id < first).toList(), List.copyOf(heads),
                List.copyOf(floors), List.copyOf(standbys), List.copyOf(foreign));
    }
}
