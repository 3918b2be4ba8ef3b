package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The names in a directory.
final class DirectoryNames {
    private DirectoryNames() {}

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
