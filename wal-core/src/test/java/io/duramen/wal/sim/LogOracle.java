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

    /// A read may start anywhere: the indexes are right.
    private static void checkReadsFromAnyId(ReadableLog log, List<String> found) {
        for (int id = 0; id < found.size(); id += 7) {
            try (LogReader reader = log.read(ReadRange.from(id))) {
                Entry entry = reader.next();
                String payload = new String(entry.toByteArray(), US_ASCII);
                if (entry.id() != id || !payload.equals(found.get(id))) {
                    throw new AssertionError("a read from " + id + " finds " + entry.id());
                }
            }
        }
    }

    /// All that is promised is there, it is dense, and nothing was invented. What is there now is
    /// durable, and so promised from now on.
    ///
    /// @param writtenCounts the process ended and the power did not: what was written counts too
    void check(ReadableLog log, boolean writtenCounts) {
        List<String> found = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(0))) {
            for (Entry entry : reader) {
                if (entry.id() != found.size()) {
                    throw new AssertionError(
                            "entry " + entry.id() + " comes as number " + found.size());
                }
                found.add(new String(entry.toByteArray(), US_ASCII));
            }
        }
        checkReadsFromAnyId(log, found);
        long owed = writtenCounts ? writtenUpTo : promisedUpTo;
        assertThat((long) found.size()).as("entries").isGreaterThan(owed);
        (writtenCounts ? written : promised).forEach((id, payload) -> {
            if (!payload.equals(found.get(id.intValue()))) {
                throw new AssertionError("entry " + id + " was " + payload + " and is "
                        + found.get(id.intValue()));
            }
        });
        assertThat(new HashSet<>(found)).as("nothing comes twice").hasSameSizeAs(found);
        assertThat(attempted.containsAll(found)).as("nothing is invented").isTrue();
        promised.clear();
        written.clear();
        for (int id = 0; id < found.size(); id++) {
            promised.put((long) id, found.get(id));
        }
        written.putAll(promised);
        promisedUpTo = found.size() - 1;
        writtenUpTo = promisedUpTo;
    }
}
