package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What this process has open, asked of the kernel.
public final class OpenFiles {
    private OpenFiles() {}

    public static List<Path> paths() throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors =
                Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    open.add(Files.readSymbolicLink(descriptor));
                } catch (NoSuchFileException _) {
                    // somebody else's, and closed meanwhile
                }
            }
        }
        return open;
    }
}
