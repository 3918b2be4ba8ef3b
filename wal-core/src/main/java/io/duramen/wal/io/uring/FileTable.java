package io.duramen.wal.io.uring;

import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The files that the kernel keeps at hand for a ring, so that it need not look them up for every
/// operation.
///
/// A file gets a place when it is first used, and gives it back when it is closed and nothing uses
/// it any more. The table refers to the open file, not to its number: the file stays open for as
/// long as it has a place, a moment beyond its close. One that finds no place is used by its
/// number. Only the ring's thread calls.
final class FileTable implements AutoCloseable {
    static final int NO_PLACE = -1;

    private static final System.Logger LOG = System.getLogger(UringScheduler.class.getName());

    private final Ring ring;
    private final RingGauges gauges;
    private final Consumer<Descriptor> whenClosed;
    private final Map<Descriptor, Place> places = new IdentityHashMap<>();
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private int unused;

    private record Place(int number, Runnable closeListener) {}

    /// @param places 0 where the ring has no table
    /// @param whenClosed told of files that have a place, on any thread, when they are closed: has
    ///     [#remove(Descriptor)] called
    FileTable(Ring ring, int places, RingGauges gauges, Consumer<Descriptor> whenClosed) {
        this.ring = ring;
        this.gauges = gauges;
        this.whenClosed = whenClosed;
        unused = places;
    }

    /// Asks the kernel for a table.
    ///
    /// @return why there is none, empty where there is
    static Optional<String> register(Ring ring, int places) {
        long result = places == 0 ? 0 : ring.registerFiles(places);
        return result < 0 ? Optional.of(refusal(places, (int) -result)) : Optional.empty();
    }

    static String refusal(int places, int errno) {
        return "io_uring goes on without registered files, the kernel refused a table of " + places
                + " (" + Errno.describe(errno) + ")" + (errno == Errno.EMFILE
                        ? ": raise the limit on open files (ulimit -n) to that" : "");
    }

    /// The place of a file in use, a new one where it has none, or [#NO_PLACE].
    int placeOf(Descriptor file) {
        Place place = places.get(file);
        if (place != null) {
            return place.number();
        }
        if (free.isEmpty() && unused == 0) {
            gauges.usedByNumber();
            return NO_PLACE;
        }
        return put(file);
    }

    private int put(Descriptor file) {
        int number = free.isEmpty() ? --unused : free.pop();
        if (ring.putFile(number, file.number()) < 0) { // not this one, or not now
            free.push(number);
            gauges.usedByNumber();
            return NO_PLACE;
        }
        Place place = new Place(number, () -> whenClosed.accept(file));
        places.put(file, place);
        file.addCloseListener(place.closeListener());
        gauges.registeredFiles(places.size());
        return number;
    }

    /// The file is closed, and nothing uses it any more.
    void remove(Descriptor file) {
        Place place = places.remove(file);
        if (place == null) {
            return;
        }
        gauges.registeredFiles(places.size());
        long result = ring.removeFile(place.number());
        if (result < 0) {
            LOG.log(System.Logger.Level.WARNING, "the kernel keeps " + file.path() + " open until"
                    + " the ring is closed: " + Errno.describe((int) -result));
        } else {
            free.push(place.number());
        }
    }

    /// Gives up all places; the ring is about to be closed.
    @Override
    public void close() {
        places.forEach((file, place) -> file.removeCloseListener(place.closeListener()));
        if (!places.isEmpty()) {
            ring.unregisterFiles();
        }
    }
}
