package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The names in a directory, and its own.
final class DirectoryNames {
    private DirectoryNames() {}

    /// Where a file system cannot refuse to replace a file: a directory that holds something is
    /// never replaced, by rename(2) itself.
    static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException refused) {
            throw JdkFailure.of("rename", from, refused, ", the new name being " + to);
        }
    }

    static List<String> of(Path directory) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            return names;
        } catch (DirectoryIteratorException broken) {
            throw JdkFailure.of("readdir", directory, broken.getCause());
        } catch (IOException refused) {
            throw JdkFailure.of("opendir", directory, refused);
        }
    }
}
