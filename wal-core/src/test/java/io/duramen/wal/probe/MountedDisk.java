package io.duramen.wal.probe;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system mounted for a test; that takes a super-user.
record MountedDisk(Path path) implements AutoCloseable {
    /// One in memory, that is full soon. Skips the test where it cannot be mounted.
    static MountedDisk tmpfs(Path under, long sizeBytes) throws IOException {
        Path mountPoint = Files.createDirectory(under.resolve("mounted"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + sizeBytes, "wal-test",
                mountPoint.toString()), "a file system cannot be mounted here");
        return new MountedDisk(mountPoint);
    }

    /// One whose syncs do nothing. Skips the test where it cannot be mounted.
    static MountedDisk ignoringSyncs(Path under) throws IOException {
        Path mountPoint = Files.createDirectory(under.resolve("mounted"));
        String folders = "lowerdir=" + Files.createDirectory(under.resolve("lower"))
                + ",upperdir=" + Files.createDirectory(under.resolve("upper"))
                + ",workdir=" + Files.createDirectory(under.resolve("work"));
        assumeTrue(run("mount", "-t", "overlay", "-o", folders + ",volatile", "wal-test",
                mountPoint.toString()), "such a file system cannot be mounted here");
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
