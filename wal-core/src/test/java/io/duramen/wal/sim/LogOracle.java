package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.ReadableLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Knows, outside the log, what was appended and what was promised of it, and so what the log must,
/// may and must not hold. Every payload starts with a number, in the order of the appends.
///
/// A check is also a promise: what a log shows that was opened for writing is on the device.
final class LogOracle {
    /// By id: what was promised to survive the power, and what to survive the process.
    private final TreeMap<Long, String> synced = new TreeMap<>();
    private final TreeMap<Long, String> written = new TreeMap<>();
    /// What was given to the log and may turn up in it.
    private final Set<String> possible = new HashSet<>();
    private int appends;

    LogOracle copy() {
        LogOracle copy = new LogOracle();
        copy.synced.putAll(synced);
        copy.written.putAll(written);
        copy.possible.addAll(possible);
        copy.appends = appends;
        return copy;
    }

    /// The same where the same is owed; for one workload.
    String fingerprint() {
        return synced.size() + " " + written.size() + " " + possible.size() + " ";
    }

    /// A payload that was never used before, of this size at least.
    String nextPayload(int sizeBytes) {
        StringBuilder payload = new StringBuilder("#" + appends++ + ":");
        while (payload.length() < sizeBytes) {
            payload.append((char) ('a' + payload.length() % 26));
        }
        possible.add(payload.toString());
        return payload.toString();
    }

    void acknowledgedSynced(long id, String payload) {
        synced.put(id, payload);
        acknowledgedWritten(id, payload);
    }

    void acknowledgedWritten(long id, String payload) {
        written.put(id, payload);
    }

    /// The log was synced: all that was written when it was asked to.
    void synced() {
        synced.putAll(written);
    }

    /// The log said that it did not write it: it may never turn up.
    void refused(String payload) {
        possible.remove(payload);
    }

    /// The highest id that was promised to survive the power, -1 for none.
    long syncedUpTo() {
        return synced.isEmpty() ? -1 : synced.lastKey();
    }

    /// A log that was just opened for writing: all that is promised is there, it is dense and in
    /// order, nothing was invented, and nothing came back that was gone. What is there now is
    /// durable, and so promised from now on; what is not must not come back.
    ///
    /// @param powerFailed since the check before, so that only what was synced is owed
    void check(ReadableLog log, boolean powerFailed) {
        List<String> found = contentsOf(log);
        checkReadsFromAnyId(log, found);
        checkNothingIsMissing(found, powerFailed ? synced : written);
        checkNothingIsInvented(found);
        possible.retainAll(found);
        synced.clear();
        for (int id = 0; id < found.size(); id++) {
            synced.put((long) id, found.get(id));
        }
        written.clear();
        written.putAll(synced);
    }

    /// A reader of a log that is being written: it shows what was appended, and what it shows is
    /// from now on promised as far as the log's readers are.
    ///
    /// @param survivesPower readers of this log see only what is on the device
    void checkReader(ReadableLog log, boolean survivesPower) {
        List<String> found = contentsOf(log);
        checkNothingIsInvented(found);
        for (int id = 0; id < found.size(); id++) {
            String promised = written.putIfAbsent((long) id, found.get(id));
            requireSame(id, promised, found.get(id));
            if (survivesPower) {
                synced.put((long) id, found.get(id));
            }
        }
    }

    /// A log on a disk that lied: what it shows was appended, in order and from the start; it may
    /// lack an end.
    ///
    /// @return how many entries there are
    int checkPrefix(ReadableLog log) {
        List<String> found = contentsOf(log);
        checkNothingIsInvented(found);
        for (int id = 0; id < found.size(); id++) {
            requireSame(id, written.get((long) id), found.get(id));
        }
        return found.size();
    }

    static List<String> contentsOf(ReadableLog log) {
        List<String> found = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(0))) {
            for (Entry entry : reader) {
                require(entry.id() == found.size(),
                        "entry " + entry.id() + " comes as number " + found.size());
                found.add(new String(entry.toByteArray(), US_ASCII));
            }
        }
        return found;
    }

    /// A read may start anywhere: the indexes are right.
    private static void checkReadsFromAnyId(ReadableLog log, List<String> found) {
        for (int id = 0; id < found.size(); id += 7) {
            try (LogReader reader = log.read(ReadRange.from(id))) {
                Entry entry = reader.next();
                require(entry.id() == id, "a read from " + id + " finds " + entry.id());
                requireSame(id, found.get(id), new String(entry.toByteArray(), US_ASCII));
            }
        }
    }

    private static void checkNothingIsMissing(List<String> found, TreeMap<Long, String> owed) {
        owed.forEach((id, payload) -> {
            require(id < found.size(), "entry " + id + " is owed, there are " + found.size());
            requireSame(id, payload, found.get(id.intValue()));
        });
    }

    private void checkNothingIsInvented(List<String> found) {
        int before = -1;
        for (String payload : found) {
            require(possible.contains(payload), payload + " was not appended, was refused, or was"
                    + " gone already");
            int number = Integer.parseInt(payload.substring(1, payload.indexOf(':')));
            require(number > before, payload + " comes behind number " + before);
            before = number;
        }
    }

    private static void requireSame(long id, String expected, String found) {
        require(expected == null || expected.equals(found),
                "entry " + id + " was " + expected + " and is " + found);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
