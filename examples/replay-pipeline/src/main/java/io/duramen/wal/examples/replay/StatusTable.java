package io.duramen.wal.examples.replay;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// How many requests there were in each minute with each status, and how many lines were malformed.
/// Belongs to one stream. Its size depends on the minutes, of which it takes a limited number, and
/// not on how many lines it counts.
final class StatusTable {
    private static final int MINUTES_MAX = 1 << 20; // two years without a pause
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final SortedMap<Long, SortedMap<Integer, Long>> minutes = new TreeMap<>();
    private final SortedMap<Integer, Long> totals = new TreeMap<>();
    private long malformed;
    private long firstMalformedId = -1;

    /// Counts a line.
    ///
    /// @return this
    /// @throws IllegalStateException when there are too many different minutes
    StatusTable add(AccessLogLine line) {
        switch (line) {
            case AccessLogLine.Request request -> count(request);
            case AccessLogLine.Malformed at -> {
                firstMalformedId = malformed++ == 0 ? at.entryId() : firstMalformedId;
            }
        }
        return this;
    }

    private void count(AccessLogLine.Request request) {
        minutes.computeIfAbsent(request.epochMinute(), _ -> newMinute())
                .merge(request.status(), 1L, Long::sum);
        totals.merge(request.status(), 1L, Long::sum);
    }

    private SortedMap<Integer, Long> newMinute() {
        if (minutes.size() == MINUTES_MAX) {
            throw new IllegalStateException("the requests lie in more than " + MINUTES_MAX
                    + " different minutes, too many for a table: replay fewer of them with --from");
        }
        return new TreeMap<>();
    }

    /// Requests by status, by minute since 1970-01-01T00:00Z.
    SortedMap<Long, SortedMap<Integer, Long>> minutes() {
        return minutes;
    }

    long requests() {
        return sum(totals);
    }

    long malformed() {
        return malformed;
    }

    /// The table as text: a row for each minute, a column for each status, sums at the edges, and a
    /// sentence about the malformed lines.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        if (!minutes.isEmpty()) {
            List<Integer> statuses = List.copyOf(new TreeSet<>(totals.keySet()));
            StringBuilder title = new StringBuilder("minute (UTC)    ");
            statuses.forEach(status -> cell(title, status.toString()));
            lines.add(cell(title, "all").toString());
            minutes.forEach((minute, counts) -> lines.add(row(
                    MINUTE.format(Instant.ofEpochSecond(minute * 60)), statuses, counts)));
            lines.add(row("all             ", statuses, totals));
        }
        lines.add(malformed == 0 ? "No line was malformed."
                : "Malformed lines, not in the table: " + malformed + ", the first is entry "
                        + firstMalformedId + ".");
        return lines;
    }

    private static String row(String name, List<Integer> statuses,
            SortedMap<Integer, Long> counts) {
        StringBuilder row = new StringBuilder(name);
        for (int status : statuses) {
            Long count = counts.get(status);
            cell(row, count == null ? "." : count.toString());
        }
        return cell(row, Long.toString(sum(counts))).toString();
    }

    private static StringBuilder cell(StringBuilder row, String text) {
        return row.append(" ".repeat(Math.max(1, 7 - text.length()))).append(text);
    }

    private static long sum(SortedMap<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
