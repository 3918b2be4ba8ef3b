package io.duramen.wal.killed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What must be in a log, by what its writers told and by what was found in it before. A truncation
/// that was asked for and not acknowledged may have been done or not, but not in part.
final class Promises {
    /// @param after digests of what was appended behind it, and not acknowledged
    private record Truncation(long lastId, List<String> after) {}

    /// What became of a truncation that a kill came between.
    enum Outcome {
        DONE, NOT_DONE
    }

    private final TreeMap<Long, String> entries = new TreeMap<>();
    private Truncation asked;

    /// @param line of [WriterOutput], whole and without its end
    void note(String line) {
        List<String> words = Arrays.asList(line.split(" "));
        switch (words.getFirst() + " ") {
            case WriterOutput.TRUNCATING -> asked = new Truncation(Long.parseLong(words.get(1)),
                    List.copyOf(words.subList(2, words.size())));
            case WriterOutput.TRUNCATED -> {
                assertThat(words.get(1)).isEqualTo(Long.toString(asked.lastId() + 1));
                dropAsked();
            }
            default -> noteEntries(Long.parseLong(words.getFirst()),
                    words.subList(1, words.size()));
        }
    }

    private void noteEntries(long firstId, List<String> digests) {
        for (int i = 0; i < digests.size(); i++) {
            String before = entries.put(firstId + i, digests.get(i));
            assertThat(before).as("id %d is given once", firstId + i).isNull();
        }
    }

    private void dropAsked() {
        entries.tailMap(asked.lastId(), false).clear();
        asked = null;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// A truncation was asked for, and its end was not told.
    boolean isTruncating() {
        return asked != null;
    }

    /// Looks whether a log that was recovered keeps the promises; what is in it may not go any
    /// more.
    ///
    /// @param found digests of its entries by id
    Outcome check(NavigableMap<Long, String> found) {
        Outcome outcome = Outcome.NOT_DONE;
        if (asked == null) {
            assertThat(found).containsAllEntriesOf(entries);
        } else if (!found.equals(entries)) {
            List<String> after = asked.after();
            long lastId = asked.lastId();
            dropAsked();
            assertThat(found.headMap(lastId, true)).isEqualTo(entries);
            List<String> behind = new ArrayList<>(found.tailMap(lastId, false).values());
            assertThat(behind).isEqualTo(after.subList(0, Math.min(behind.size(), after.size())));
            outcome = Outcome.DONE;
        }
        asked = null;
        entries.clear();
        entries.putAll(found);
        return outcome;
    }
}
