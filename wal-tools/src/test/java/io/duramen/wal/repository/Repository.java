package io.duramen.wal.repository;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The files of this repository, for the tests that look at all modules at once.
final class Repository {
    static final Path ROOT = root();
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", "wal-data");

    private Repository() {}

    /// Files whose name ends so, below a folder or a file of the root, without build output.
    static List<Path> files(String below, String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Path start = ROOT.resolve(below);
        if (!Files.exists(start)) {
            return found;
        }
        Files.walkFileTree(start, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes seen) {
                String name = folder.getFileName().toString();
                boolean skip = !folder.equals(start)
                        && (name.startsWith(".") || NOT_OURS.contains(name));
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes seen) {
                if (file.getFileName().toString().endsWith(ending)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        found.sort(null);
        return found;
    }

    /// A file's name as seen from the root.
    static String nameOf(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(folder.resolve("config/eclipse-formatter.xml"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("tests run somewhere inside the repository");
            }
        }
        return folder;
    }
}
