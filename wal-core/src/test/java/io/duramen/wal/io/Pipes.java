package io.duramen.wal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

/// Files that are not on a disk, for what disks rarely do.
public final class Pipes {
    private Pipes() {}

    /// A pipe with a name, which cannot be synced. A ring's transfers go through it, whatever their
    /// offset: a read takes until someone writes.
    public static IoFile open(Disk disk, Path directory) throws Exception {
        Path path = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return disk.open(path, Disk.Access.READ_WRITE);
    }
}
