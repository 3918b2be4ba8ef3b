package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.Entry;
import io.duramen.wal.log.LogReader;
import io.duramen.wal.log.ReadRange;
import io.duramen.wal.log.ReadableLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Knows, outside the log, what was appended and what was promised of it.
final class LogOracle {
    private final Map<Long, String> promised = new HashMap<>();
    private final Set<String> attempted = new HashSet<>();
    private long promisedUpTo = -1;
    private long writtenUpTo = -1;
    private final Map<Long, String> written = new HashMap<>();
    private final Set<String> dropped = new HashSet<>();
    private long trimmedTo;
    private long trimmedAtMostTo;
    private int appends;

    /// A payload that was never used before, of this size at least.
    String nextPayload(int sizeBytes) {
        StringBuilder payload = new StringBuilder("#" + appends++ + ":");
        while (payload.length() < sizeBytes) {
            payload.append((char) ('a' + payload.length() % 26));
        }
        attempted.add(payload.toString());
        return payload.toString();
    }

    void acknowledgedSynced(long id, String payload) {
        promised.put(id, payload);
        promisedUpTo = Math.max(promisedUpTo, id);
        acknowledgedWritten(id, payload);
    }

    void acknowledgedWritten(long id, String payload) {
        written.put(id, payload);
        writtenUpTo = Math.max(writtenUpTo, id);
    }

    /// Whatever becomes of it, nothing from this id on is to be dropped.
    void trimming(long upTo) {
        trimmedAtMostTo = Math.max(trimmedAtMostTo, upTo);
    }

    /// Nothing before this id is ever to be seen again.
    void trimmed(long firstId) {
        trimmedTo = Math.max(trimmedTo, firstId);
    }

    /// A read may start anywhere: the indexes are right.
    private static void checkReadsFromAnyId(ReadableLog log, List<String> found) {
        for (int i = 0; i < found.size(); i += 7) {
            long id = log.firstId() + i;
            try (LogReader reader = log.read(ReadRange.from(id))) {
                Entry entry = reader.next();
                String payload = new String(entry.toByteArray(), US_ASCII);
                if (entry.id() != id || !payload.equals(found.get(i))) {
                    throw new AssertionError("a read from " + id + " finds " + entry.id());
                }
            }
        }
    }

    /// All that is promised is there, it is dense, and nothing was invented. What is there now is
    /// durable, and so promised from now on.
    ///
    /// @param writtenCounts the process ended and the power did not: what was written counts too
    /// @param retained the newest entries that the log keeps in any case
    void check(ReadableLog log, boolean writtenCounts, long retained) {
        long firstId = log.firstId();
        List<String> found = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(firstId))) {
            for (Entry entry : reader) {
                if (entry.id() != firstId + found.size()) {
                    throw new AssertionError("entry " + entry.id() + " comes as number "
                            + found.size() + " from " + firstId + " on");
                }
                found.add(new String(entry.toByteArray(), US_ASCII));
            }
        }
        long nextId = firstId + found.size();
        checkReadsFromAnyId(log, found);
        trimming(nextId - retained);
        assertThat(firstId).as("first id").isBetween(trimmedTo, trimmedAtMostTo);
        long owed = writtenCounts ? writtenUpTo : promisedUpTo;
        assertThat(nextId).as("next id").isGreaterThan(owed);
        (writtenCounts ? written : promised).forEach((id, payload) -> {
            if (id < firstId) {
                dropped.add(payload);
            } else if (!payload.equals(found.get((int) (id - firstId)))) {
                throw new AssertionError("entry " + id + " was " + payload + " and is "
                        + found.get((int) (id - firstId)));
            }
        });
        assertThat(new HashSet<>(found)).as("nothing comes twice").hasSameSizeAs(found);
        assertThat(attempted.containsAll(found)).as("nothing is invented").isTrue();
        assertThat(found).as("nothing comes back").noneMatch(dropped::contains);
        promised.clear();
        written.clear();
        for (int i = 0; i < found.size(); i++) {
            promised.put(firstId + i, found.get(i));
        }
        written.putAll(promised);
        promisedUpTo = nextId - 1;
        writtenUpTo = promisedUpTo;
        trimmedTo = firstId;
        trimmedAtMostTo = firstId;
    }
}
