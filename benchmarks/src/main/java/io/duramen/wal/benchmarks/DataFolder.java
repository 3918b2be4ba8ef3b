package io.duramen.wal.benchmarks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// Where forks put their files: each gets a folder of its own, which is gone when it has ended.
final class DataFolder {
    private static final String PREFIX = "fork_";

    private final Path path;
    private int forks;

    DataFolder(Path path) throws IOException {
        this.path = path;
        Files.createDirectories(path);
    }

    Path path() {
        return path;
    }

    /// The next fork's folder, which does not exist yet.
    Path next() throws IOException {
        Path folder = path.resolve(PREFIX + ProcessHandle.current().pid() + "_" + ++forks);
        if (Files.exists(folder)) {
            throw new IOException(folder + " is in the way: delete it");
        }
        return folder;
    }

    /// Deletes a fork's folder, and waits until the file system has done its part, so that the next
    /// fork does not pay for it.
    void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes seen)
                    throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
        try (FileChannel parent = FileChannel.open(path, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }
}
