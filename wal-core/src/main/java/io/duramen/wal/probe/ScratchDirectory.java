package io.duramen.wal.probe;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// A directory of its own to try things out in, which goes with all that is in it when closed. It
/// is never taken for a log. A process that is killed leaves it behind; it may be deleted.
///
/// @param path it; readable by its owner only
public record ScratchDirectory(Path path) implements AutoCloseable {
    /// Creates one below the base path, or where that is not there, below the nearest directory
    /// above it: so it is on the file system that logs would be on.
    ///
    /// @param prefix of its name, such as `.wal-doctor-`
    /// @throws WalException.UnusablePath where that cannot be
    public static ScratchDirectory create(Path basePath, String prefix) {
        Path parent = nearest(basePath);
        try {
            return new ScratchDirectory(Files.createTempDirectory(parent, prefix));
        } catch (IOException refused) {
            throw new WalException.UnusablePath(basePath, "no directory can be created in "
                    + parent + " (" + reason(refused)
                    + "); choose another base path, or let this user write there");
        }
    }

    /// The base path where it is there, else the nearest directory above it.
    ///
    /// @throws WalException.UnusablePath where something else than a directory is in its way
    public static Path nearest(Path basePath) {
        Path path = withoutDots(basePath.toAbsolutePath());
        while (!Files.exists(path, LinkOption.NOFOLLOW_LINKS) && path.getParent() != null) {
            path = path.getParent();
        }
        if (!Files.isDirectory(path)) {
            throw new WalException.UnusablePath(basePath, path + " is no directory: choose"
                    + " another base path, or remove it");
        }
        return path;
    }

    /// What leads up may lead elsewhere behind a symbolic link, so a path with such a part stays.
    private static Path withoutDots(Path path) {
        for (Path part : path) {
            if (part.toString().equals("..")) {
                return path;
            }
        }
        return path.normalize();
    }

    /// @throws WalException.Io where something cannot be deleted
    @Override
    public void close() {
        try {
            Files.walkFileTree(path, new Deletion());
        } catch (IOException failed) {
            throw new WalException.Io("rmdir", path, 0, reason(failed) + "; delete it by hand");
        }
    }

    /// In words; Java tells some reasons only by the type of the exception.
    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "No such file or directory";
            case AccessDeniedException _ -> "Permission denied";
            case FileSystemException named when named.getReason() != null -> named.getReason();
            default -> failure.toString();
        };
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException unreadable)
                throws IOException {
            if (unreadable != null) {
                throw unreadable;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
