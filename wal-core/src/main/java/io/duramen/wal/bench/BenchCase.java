package io.duramen.wal.bench;

import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import java.util.ArrayList;
import java.util.List;

/// One thing that is measured.
public sealed interface BenchCase {
    /// Callers append and wait for the acknowledgement, each again and again.
    ///
    /// @param callers threads that do so at the same time
    record Append(IoMode mode, Durability durability, int callers) implements BenchCase {}

    /// One caller writes the bytes of a group of one entry into a file that was written before, and
    /// syncs it: what the durable append of a single caller has to be compared with.
    ///
    /// @param direct past the page cache, in whole blocks
    record BareWrite(boolean direct) implements BenchCase {}

    /// One caller reads a log from its first entry to its last, checking each, again and again; it
    /// is in the page cache.
    record Replay() implements BenchCase {}

    /// The callers of [Append], one after the other.
    List<Integer> CALLERS = List.of(1, 16, 64);

    /// Everything for these modes. What is synced comes first, so that nothing that was only
    /// written before is on its way to the device meanwhile.
    static List<BenchCase> all(List<IoMode> modes) {
        List<BenchCase> cases = new ArrayList<>();
        if (!modes.equals(List.of(IoMode.DIRECT))) {
            cases.add(new BareWrite(false));
        }
        if (modes.contains(IoMode.DIRECT)) {
            cases.add(new BareWrite(true));
        }
        for (Durability durability : List.of(Durability.SYNCED, Durability.WRITTEN)) {
            for (IoMode mode : modes) {
                CALLERS.forEach(callers -> cases.add(new Append(mode, durability, callers)));
            }
        }
        cases.add(new Replay());
        return List.copyOf(cases);
    }
}
