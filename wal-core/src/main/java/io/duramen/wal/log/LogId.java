package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The name of a log: 1 to 120 characters of `A-Z a-z 0-9 . _ -`, not starting with a dot.
public record LogId(String value) {
    private static final int LENGTH_MAX = 120;
    private static final Pattern LEGAL =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0," + (LENGTH_MAX - 1) + "}");
    private static final String DIRECTORY_PREFIX = "log_";

    /// @throws WalException.IllegalLogId when the name breaks the rule
    public LogId {
        if (!LEGAL.matcher(value).matches()) {
            throw new WalException.IllegalLogId(value,
                    "it must have 1 to " + LENGTH_MAX
                            + " characters of A-Z a-z 0-9 . _ - and not start with a dot");
        }
    }

    public static LogId of(String value) {
        return new LogId(value);
    }

    /// The directory of this log below a base path.
    public Path directoryIn(Path basePath) {
        return basePath.resolve(DIRECTORY_PREFIX + value);
    }

    /// The directory name's log, or null where it is not a log's.
    static LogId ofDirectory(String name) {
        String id =
                name.startsWith(DIRECTORY_PREFIX) ? name.substring(DIRECTORY_PREFIX.length()) : "";
        return LEGAL.matcher(id).matches() ? new LogId(id) : null;
    }

    @Override
    public String toString() {
        return value;
    }
}
