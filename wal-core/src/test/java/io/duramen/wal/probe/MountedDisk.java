package io.duramen.wal.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small file system in memory, mounted for a test; that takes a super-user.
record MountedDisk(Path path) implements AutoCloseable {
    /// Skips the test where nothing can be mounted.
    static MountedDisk tmpfs(Path under, long sizeBytes) throws IOException {
        Path mountPoint = Files.createDirectory(under.resolve("mounted"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "wal-test",
                mountPoint.toString()), "a file system cannot be mounted here");
        return new MountedDisk(mountPoint);
    }

    void makeReadOnly() throws IOException {
        require(run("mount", "-o", "remount,ro", path.toString()));
    }

    @Override
    public void close() throws IOException {
        require(run("umount", path.toString()));
    }

    private static void require(boolean done) throws IOException {
        if (!done) {
            throw new IOException("a mount could not be changed");
        }
    }

    private static boolean run(String... command) {
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
