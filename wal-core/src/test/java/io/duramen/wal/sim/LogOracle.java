package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.ReadableLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Knows, outside the log, what was appended and what was promised of it, and so what the log must,
/// may and must not hold. Every payload starts with a number, in the order of the appends.
///
/// A check is also a promise: what a log shows that was opened for writing is on the device.
final class LogOracle {
    private static final long NOTHING = Long.MAX_VALUE;

    /// By id: what was promised to survive the power, and what to survive the process.
    private final TreeMap<Long, String> synced = new TreeMap<>();
    private final TreeMap<Long, String> written = new TreeMap<>();
    /// What was given to the log and may turn up in it.
    private final Set<String> possible = new HashSet<>();
    /// What may only turn up together.
    private final List<List<String>> batches = new ArrayList<>();
    private int appends;
    /// Nothing before this id is ever to be seen again.
    private long trimmedTo;
    /// Nothing from this id on may be gone.
    private long trimmedAtMostTo;
    /// How many of the newest entries the log keeps by its settings.
    private long retained = Long.MAX_VALUE;
    /// No id as high as this was given yet.
    private long nextIdAtMost;
    /// No writer of an epoch before this one gets in.
    private long epoch;
    /// A writer of this epoch may have got in, and was not there any more to say so.
    private long epochTried;
    /// Behind this entry there may be nothing any more, or all that was.
    private long truncatingAfter = NOTHING;

    LogOracle copy() {
        LogOracle copy = new LogOracle();
        copy.synced.putAll(synced);
        copy.written.putAll(written);
        copy.possible.addAll(possible);
        copy.truncatingAfter = truncatingAfter;
        copy.batches.addAll(batches);
        copy.appends = appends;
        copy.epoch = epoch;
        copy.epochTried = epochTried;
        copy.trimmedTo = trimmedTo;
        copy.trimmedAtMostTo = trimmedAtMostTo;
        copy.retained = retained;
        copy.nextIdAtMost = nextIdAtMost;
        return copy;
    }

    /// The same where the same is owed.
    int fingerprint() {
        return Objects.hash(synced, written, possible, batches, appends, trimmedTo,
                trimmedAtMostTo, retained, nextIdAtMost, epoch, epochTried,
                truncatingAfter);
    }

    /// A payload that was never used before, of this size at least.
    String nextPayload(int sizeBytes) {
        StringBuilder payload = new StringBuilder("#" + appends++ + ":");
        while (payload.length() < sizeBytes) {
            payload.append((char) ('a' + payload.length() % 26));
        }
        possible.add(payload.toString());
        nextIdAtMost++;
        return payload.toString();
    }

    /// Payloads that are in the log all or none, in this order and without anything in between.
    List<String> nextBatch(int entries, int sizeBytes) {
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            batch.add(nextPayload(sizeBytes));
        }
        batches.add(batch);
        return batch;
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

    /// Whatever becomes of it, nothing from this id on is to be dropped.
    void trimming(long upTo) {
        trimmedAtMostTo = Math.max(trimmedAtMostTo, upTo);
    }

    /// The log said that it starts with this id.
    void trimmed(long firstId) {
        trimmedTo = Math.max(trimmedTo, firstId);
    }

    /// Whatever becomes of it, the log ends with this entry or where it ended.
    void truncating(long lastId) {
        truncatingAfter = lastId;
    }

    /// The log said that it ends where it ended.
    void notTruncated() {
        truncatingAfter = NOTHING;
    }

    /// The log said that it ends with this entry: nothing behind it may turn up again.
    void truncated(long lastId) {
        truncatingAfter = NOTHING;
        trimming(nextIdAtMost - retained);
        Set<String> gone = new HashSet<>(written.tailMap(lastId, false).values());
        possible.removeAll(gone);
        batches.removeIf(
                batch -> gone.contains(batch.getLast()) && !gone.contains(batch.getFirst()));
        written.tailMap(lastId, false).clear();
        synced.tailMap(lastId, false).clear();
        synced.putAll(written);
        nextIdAtMost = lastId + 1;
    }

    /// The log is about to be opened in an epoch that is named.
    void opening(long namedEpoch) {
        epochTried = namedEpoch;
    }

    /// No writer has had a higher epoch that was named.
    long highestEpoch() {
        return Math.max(epoch, epochTried);
    }

    /// The log was opened in an epoch that was named.
    void opened(long namedEpoch) {
        epoch = namedEpoch;
    }

    /// The highest epoch that was named, 0 for none.
    long epoch() {
        return epoch;
    }

    /// From now on the log drops by itself all but at least so many of the newest entries.
    void retains(long newest) {
        retained = newest;
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
        long firstId = log.firstId();
        List<String> found = contentsOf(log);
        trimming(nextIdAtMost - retained);
        if (firstId + found.size() - 1 == truncatingAfter) {
            truncated(truncatingAfter);
        }
        truncatingAfter = NOTHING;
        require(firstId >= trimmedTo && firstId <= trimmedAtMostTo, "it starts with " + firstId
                + ", which must be from " + trimmedTo + " to " + trimmedAtMostTo);
        checkReadsFromAnyId(log, found);
        checkNothingIsMissing(firstId, found, powerFailed ? synced : written);
        checkNothingIsInvented(found);
        possible.retainAll(found);
        synced.clear();
        for (int i = 0; i < found.size(); i++) {
            synced.put(firstId + i, found.get(i));
        }
        written.clear();
        written.putAll(synced);
        trimmedTo = firstId;
        trimmedAtMostTo = firstId;
        nextIdAtMost = firstId + found.size();
    }

    /// A reader of a log that is being written: it shows what was appended, and what it shows is
    /// from now on promised as far as the log's readers are.
    ///
    /// @param survivesPower readers of this log see only what is on the device
    void checkReader(ReadableLog log, boolean survivesPower) {
        long firstId = log.firstId();
        List<String> found = contentsOf(log);
        checkNothingIsInvented(found);
        for (int i = 0; i < found.size(); i++) {
            long id = firstId + i;
            String promised = written.putIfAbsent(id, found.get(i));
            requireSame(id, promised, found.get(i));
            if (survivesPower) {
                synced.put(id, found.get(i));
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
        long firstId = log.firstId();
        try (LogReader reader = log.read(ReadRange.from(firstId))) {
            for (Entry entry : reader) {
                require(entry.id() == firstId + found.size(), "entry " + entry.id()
                        + " comes as number " + found.size() + " from " + firstId + " on");
                found.add(new String(entry.toByteArray(), US_ASCII));
            }
        }
        return found;
    }

    /// A read may start anywhere: the indexes are right.
    private static void checkReadsFromAnyId(ReadableLog log, List<String> found) {
        for (int i = 0; i < found.size(); i += 7) {
            long id = log.firstId() + i;
            try (LogReader reader = log.read(ReadRange.from(id))) {
                Entry entry = reader.next();
                require(entry.id() == id, "a read from " + id + " finds " + entry.id());
                requireSame(id, found.get(i), new String(entry.toByteArray(), US_ASCII));
            }
        }
    }

    private static void checkNothingIsMissing(long firstId, List<String> found,
            TreeMap<Long, String> owed) {
        owed.tailMap(firstId).forEach((id, payload) -> {
            require(id < firstId + found.size(),
                    "entry " + id + " is owed, there are " + found.size() + " from " + firstId);
            requireSame(id, payload, found.get((int) (id - firstId)));
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
        checkBatchesAreWhole(found);
    }

    private void checkBatchesAreWhole(List<String> found) {
        for (List<String> batch : batches) {
            int first = found.indexOf(batch.getFirst());
            boolean whole = first >= 0 && first + batch.size() <= found.size()
                    && found.subList(first, first + batch.size()).equals(batch);
            require(whole || Collections.disjoint(found, batch),
                    "of the batch " + batch + " there is a part");
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
