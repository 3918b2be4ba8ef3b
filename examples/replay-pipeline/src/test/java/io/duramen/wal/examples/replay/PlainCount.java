package io.duramen.wal.examples.replay;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The same count as the example's, straight from the lines, by other means: no log, no streams, no
/// regular expression over a whole line.
record PlainCount(SortedMap<Long, SortedMap<Integer, Long>> minutes, long malformed) {
    private static final List<String> MONTHS = List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun",
            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

    static PlainCount of(Stream<String> lines) {
        SortedMap<Long, SortedMap<Integer, Long>> minutes = new TreeMap<>();
        long[] malformed = {0};
        lines.forEach(line -> {
            try {
                String[] quoted = line.split("\"");
                String[] statusAndSize = quoted[2].strip().split(" ");
                int status = Integer.parseInt(statusAndSize[0]);
                Long.parseLong(statusAndSize[1]);
                minutes.computeIfAbsent(minute(line), _ -> new TreeMap<>())
                        .merge(status, 1L, Long::sum);
            } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException _) {
                malformed[0]++;
            }
        });
        return new PlainCount(minutes, malformed[0]);
    }

    static PlainCount of(StatusTable table) {
        return new PlainCount(table.minutes(), table.malformed());
    }

    private static long minute(String line) {
        String time = line.substring(line.indexOf('[') + 1, line.indexOf(']'));
        String[] parts = time.split("[/: ]");
        LocalDateTime local = LocalDateTime.of(Integer.parseInt(parts[2]),
                MONTHS.indexOf(parts[1]) + 1, Integer.parseInt(parts[0]),
                Integer.parseInt(parts[3]), Integer.parseInt(parts[4]));
        return local.toEpochSecond(ZoneOffset.of(parts[6])) / 60;
    }
}
