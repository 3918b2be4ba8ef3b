package io.duramen.wal.io;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/// A real file system of a few megabytes, mounted for a test that fills it from outside. Mounting
/// needs the rights of root; where they are missing the test is skipped, with the reason.
public final class SmallDisk implements AutoCloseable {
    /// What is mounted.
    public enum Kind {
        TMPFS, EXT4
    }

    private static final int CHUNK_BYTES = 64 << 10;
    private static final long TIMEOUT_SECONDS = 60;

    private final Path root;
    private final String[] mount;

    private SmallDisk(Path root, String... mount) {
        this.root = root;
        this.mount = mount;
        require(mount);
    }

    /// @param directory where a directory to mount on, and the file behind it, may be made
    public static SmallDisk mount(Kind kind, Path directory, long sizeBytes) throws IOException {
        Path root = Files.createDirectory(directory.resolve("mounted"));
        return switch (kind) {
            case TMPFS -> new SmallDisk(root, "mount", "-t", "tmpfs", "-o", "size=" + sizeBytes,
                    "wal-test", root.toString());
            case EXT4 -> {
                Path image = directory.resolve("image");
                try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE)) {
                    file.write(ByteBuffer.allocate(1), sizeBytes - 1);
                }
                require("mkfs.ext4", "-q", "-m", "0", image.toString());
                yield new SmallDisk(root, "mount", "-o", "loop", image.toString(),
                        root.toString());
            }
        };
    }

    /// Takes it away and brings it back, as after a restart; what a tmpfs held is gone then.
    public void remount() {
        close();
        require(mount);
    }

    private static void require(String... command) {
        String failure = run(command);
        assumeTrue(failure == null, () -> "a small disk cannot be mounted here: " + failure);
    }

    /// @return what was said where it did not succeed, else null
    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes()).strip();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return String.join(" ", command) + " does not end";
            }
            return process.exitValue() == 0 ? null : output;
        } catch (IOException missing) {
            return missing.getMessage();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    public Path root() {
        return root;
    }

    private Path filler() {
        return root.resolve("filler");
    }

    /// Takes all the room there is, to the last block.
    public void fill() {
        try (FileChannel file = FileChannel.open(filler(), StandardOpenOption.CREATE,
                StandardOpenOption.APPEND)) {
            for (int bytes = CHUNK_BYTES; bytes > 0; bytes /= 2) {
                while (takes(file, bytes)) {
                    continue;
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean takes(FileChannel file, int bytes) {
        try {
            return file.write(ByteBuffer.allocate(bytes)) == bytes;
        } catch (IOException full) {
            return false;
        }
    }

    /// Gives back what was taken.
    public void makeRoom() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        String failure = run("umount", root.toString());
        if (failure != null) {
            run("umount", "-l", root.toString());
            throw new IllegalStateException("somebody still uses " + root + ": " + failure);
        }
    }
}
