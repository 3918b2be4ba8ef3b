package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.ReadableLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A reader that has read some of a log before the log is changed under it.
final class SimReader implements AutoCloseable {
    private final ReadableLog log;
    private final LogReader reader;
    private final TreeMap<Long, String> read = new TreeMap<>();

    /// @param dice how far it has read, and whether it has asked for the next entry
    SimReader(ReadableLog log, Dice dice) {
        this.log = log;
        this.reader = log.read(ReadRange.from(log.firstId()));
        for (int i = dice.below((int) (log.nextId() - log.firstId()) + 1); i > 0; i--) {
            readNext();
        }
        if (dice.once(2)) {
            reader.hasNext();
        }
    }

    private void readNext() {
        Entry entry = reader.next();
        read.put(entry.id(), new String(entry.toByteArray(), US_ASCII));
    }

    /// Reads to the end. All it has read from first to last are entries of the log as it is now, or
    /// it is refused because they are not.
    void readOn() {
        boolean refused = false;
        try {
            while (reader.hasNext()) {
                readNext();
            }
        } catch (WalException.Truncated truncated) {
            refused = true;
        }
        List<String> found = LogOracle.contentsOf(log);
        boolean isOfThisLog = true;
        for (Map.Entry<Long, String> entry : read.tailMap(log.firstId()).entrySet()) {
            int at = (int) (entry.getKey() - log.firstId());
            isOfThisLog &= at < found.size() && found.get(at).equals(entry.getValue());
        }
        if (isOfThisLog == refused) {
            throw new AssertionError(
                    "a reader that has read " + read + (refused ? " is refused, and"
                            : " is not refused, and") + " the log holds " + found);
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
