package io.duramen.wal.io.posix;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file system in memory that is full soon, mounted for a test; that takes a super-user.
final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;

    private SmallDisk(Path mountPoint) {
        this.mountPoint = mountPoint;
    }

    /// Skips the test where nothing can be mounted.
    static SmallDisk mount(Path under, long sizeBytes) throws IOException {
        Path mountPoint = Files.createDirectory(under.resolve("small"));
        assumeTrue(run(List.of("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "wal-test",
                mountPoint.toString())), "a file system cannot be mounted here");
        return new SmallDisk(mountPoint);
    }

    Path path() {
        return mountPoint;
    }

    @Override
    public void close() throws IOException {
        if (!run(List.of("umount", mountPoint.toString()))) {
            throw new IOException("cannot unmount " + mountPoint);
        }
    }

    private static boolean run(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
