package io.duramen.wal.log;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Up to where a consumer has read a log: nothing from this id on is trimmed. It is kept as the
/// name of an empty file, so that it outlives the process.
///
/// @param consumer whose it is: 1 to 120 characters of `A-Z a-z 0-9 . _ -`
/// @param id the first entry the consumer still needs
/// @param until when it ends, to the millisecond; from then on it is reported and holds back
///     nothing
public record Floor(String consumer, long id, Optional<Instant> until) {
    private static final Pattern CONSUMER = Pattern.compile("[A-Za-z0-9._-]{1,120}");
    private static final Pattern FILE_NAME =
            Pattern.compile("floor_(\\d{20})_(\\d{1,19})_(" + CONSUMER.pattern() + ")");

    /// @throws IllegalArgumentException when a value is out of its range
    public Floor {
        if (!CONSUMER.matcher(consumer).matches()) {
            throw new IllegalArgumentException("'" + consumer + "' names no consumer: it must have"
                    + " 1 to 120 characters of A-Z a-z 0-9 . _ -");
        }
        if (id < 0) {
            throw new IllegalArgumentException("no entry id: " + id);
        }
        until = until.map(Floor::toMillis);
    }

    /// A floor without an end.
    public static Floor of(String consumer, long id) {
        return new Floor(consumer, id, Optional.empty());
    }

    private static Instant toMillis(Instant time) {
        try {
            long millis = time.toEpochMilli();
            if (millis > 0) {
                return Instant.ofEpochMilli(millis);
            }
        } catch (ArithmeticException _) {
            // beyond what a name holds
        }
        throw new IllegalArgumentException("a floor cannot end at " + time);
    }

    Floor withId(long newId) {
        return new Floor(consumer, newId, until);
    }

    /// True where it holds back nothing any more.
    public boolean hasEnded(Instant now) {
        return until.isPresent() && !now.isBefore(until.get());
    }

    String fileName() {
        return String.format(Locale.ROOT, "floor_%020d_%d_%s", id,
                until.map(Instant::toEpochMilli).orElse(0L), consumer);
    }

    /// The floor that a file's name tells, or empty where the name is not one of a floor.
    static Optional<Floor> ofFileName(String name) {
        Matcher matcher = FILE_NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            long untilMillis = Long.parseLong(matcher.group(2));
            Optional<Instant> until = untilMillis == 0 ? Optional.empty()
                    : Optional.of(Instant.ofEpochMilli(untilMillis));
            Floor floor = new Floor(matcher.group(3), Long.parseLong(matcher.group(1)), until);
            return floor.fileName().equals(name) ? Optional.of(floor) : Optional.empty();
        } catch (NumberFormatException | DateTimeException _) {
            return Optional.empty(); // beyond 2^63: not one of ours
        }
    }
}
