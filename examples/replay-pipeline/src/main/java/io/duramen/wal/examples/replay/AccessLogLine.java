package io.duramen.wal.examples.replay;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One line of an access log in the common or the combined format, as web servers write it:
///
/// ```
/// 203.0.113.7 - - [02/Mar/2026:10:00:01 +0000] "GET / HTTP/1.1" 200 5120 "-" "Mozilla/5.0"
/// ```
sealed interface AccessLogLine {
    /// A request, with what of it is counted.
    ///
    /// @param epochMinute the minute it was logged in, since 1970-01-01T00:00Z
    /// @param status its HTTP status, 100 to 599
    record Request(long epochMinute, int status) implements AccessLogLine {}

    /// Anything else.
    ///
    /// @param entryId where in the log it is
    record Malformed(long entryId) implements AccessLogLine {}

    /// Takes a line apart.
    static AccessLogLine parse(long entryId, String line) {
        Matcher parts = Format.LINE.matcher(line);
        if (!parts.matches()) {
            return new Malformed(entryId);
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(parts.group("time"), Format.TIME);
            return new Request(Math.floorDiv(time.toEpochSecond(), 60),
                    Integer.parseInt(parts.group("status")));
        } catch (DateTimeException _) {
            return new Malformed(entryId);
        }
    }

    /// How a line is written.
    final class Format {
        /// Text in quotes, where a backslash takes the next character with it. All loops are
        /// possessive, so that a line of any length is matched in one pass.
        private static final String QUOTED = "\"(?:[^\"\\\\]++|\\\\.)*+\"";
        private static final Pattern LINE = Pattern.compile(
                "\\S++ \\S++ \\S++ \\[(?<time>[^\\]]++)\\] " + QUOTED
                        + " (?<status>[1-5][0-9]{2}) (?:[0-9]++|-)"
                        + "(?: " + QUOTED + " " + QUOTED + ")?\r?");
        private static final DateTimeFormatter TIME = DateTimeFormatter
                .ofPattern("dd/MMM/uuuu:HH:mm:ss xx", Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);

        private Format() {}
    }
}
