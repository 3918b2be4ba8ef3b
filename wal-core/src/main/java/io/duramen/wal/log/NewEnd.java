package io.duramen.wal.log;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a log ends that is being truncated, as the name of the file that its last fragment was
/// written anew to. From when that name is on the device the log ends there: nothing of an entry
/// from `nextId` on counts any more, and the file counts instead of the fragment.
///
/// @param nextId the id that the log goes on with
/// @param firstId of its last fragment then, at most `nextId`
record NewEnd(long nextId, long firstId) {
    private static final Pattern FILE_NAME = Pattern.compile("end_(\\d{20})_(\\d{20})");

    String fileName() {
        return String.format(Locale.ROOT, "end_%020d_%020d", nextId, firstId);
    }

    /// The end that a file's name tells, or empty where the name is not one of an end.
    static Optional<NewEnd> ofFileName(String name) {
        Matcher matcher = FILE_NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            NewEnd end = new NewEnd(Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)));
            return end.firstId() <= end.nextId() ? Optional.of(end) : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty(); // beyond 2^63: no id of ours
        }
    }

    /// What of a promise still holds.
    ///
    /// @param durableId the highest id that a writer said was durable, -1 for none
    static long limit(Optional<NewEnd> end, long durableId) {
        return end.map(it -> Math.min(durableId, it.nextId() - 1)).orElse(durableId);
    }

    /// A floor behind the end comes down to it.
    Floor lower(Floor floor) {
        return floor.id() > nextId ? floor.withId(nextId) : floor;
    }
}
