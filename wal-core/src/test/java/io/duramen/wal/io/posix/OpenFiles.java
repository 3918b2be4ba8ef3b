package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What this process has open, asked of the kernel.
final class OpenFiles {
    private OpenFiles() {}

    static List<Path> paths() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)) { // others may be closed meanwhile
                    open.add(Files.readSymbolicLink(descriptor));
                }
            }
        }
        return open;
    }
}
