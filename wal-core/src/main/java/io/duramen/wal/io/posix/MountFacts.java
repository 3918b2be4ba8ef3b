package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How the file system of a directory was mounted, by `/proc/self/mountinfo`; for reports.
///
/// @param mountPoint where its tree begins
/// @param type the file system's name as the mount table has it
/// @param source what was mounted, such as `/dev/sda1` or `server:/export`
/// @param options of this mount, then of the file system
public record MountFacts(Path mountPoint, String type, String source, List<String> options) {
    private static final Path TABLE = Path.of("/proc/self/mountinfo");

    // proc_pid_mountinfo(5): six fields, optional ones, a dash, three fields
    private static final int MOUNT_POINT = 4;
    private static final int MOUNT_OPTIONS = 5;
    private static final String DASH = "-";

    private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

    public MountFacts {
        options = List.copyOf(options);
    }

    /// @param directory one that exists
    /// @return empty where the system has no such table, or does not show it
    public static Optional<MountFacts> of(Path directory) {
        try {
            // names in the table are bytes: any byte is a character of this set
            return find(directory.toRealPath(),
                    Files.readAllLines(TABLE, StandardCharsets.ISO_8859_1));
        } catch (IOException _) {
            return Optional.empty(); // it serves reports only, which then say that
        }
    }

    /// The mount with the longest path that leads to the directory; of several on one path the
    /// last, which covers the others.
    static Optional<MountFacts> find(Path directory, List<String> table) {
        MountFacts found = null;
        for (MountFacts mount : table.stream().flatMap(MountFacts::parse).toList()) {
            if (directory.startsWith(mount.mountPoint) && (found == null
                    || mount.mountPoint.startsWith(found.mountPoint))) {
                found = mount;
            }
        }
        return Optional.ofNullable(found);
    }

    /// Nothing where the path is none in this process's locale: no directory here is below it.
    private static Stream<MountFacts> parse(String line) {
        List<String> fields = List.of(line.split(" "));
        int dash = fields.subList(MOUNT_OPTIONS, fields.size()).indexOf(DASH) + MOUNT_OPTIONS;
        List<String> options = new ArrayList<>(List.of(fields.get(MOUNT_OPTIONS).split(",")));
        Stream.of(fields.get(dash + 3).split(",")).filter(option -> !options.contains(option))
                .forEach(options::add);
        try {
            return Stream.of(new MountFacts(Path.of(unescaped(fields.get(MOUNT_POINT))),
                    fields.get(dash + 1), unescaped(fields.get(dash + 2)), options));
        } catch (InvalidPathException _) {
            return Stream.empty();
        }
    }

    /// Blanks, line feeds and backslashes are there as three octal digits.
    private static String unescaped(String field) {
        String bytes = ESCAPED.matcher(field).replaceAll(escape -> Matcher.quoteReplacement(
                String.valueOf((char) Integer.parseInt(escape.group(1), 8))));
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
