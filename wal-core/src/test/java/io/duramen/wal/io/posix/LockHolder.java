package io.duramen.wal.io.posix;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.Disk.FileLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Another process: takes a lock, says `locked` or `refused`, keeps it until its input ends.
final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
        Disk disk = arguments[1].equals("jdk") ? new JdkDisk() : new PosixDisk();
        Optional<FileLock> lock = disk.tryLock(Path.of(arguments[0]));
        System.out.println(lock.isPresent() ? "locked" : "refused");
        while (System.in.read() >= 0) {
            // until the end
        }
    }

    /// @param disk `posix` or `jdk`
    static Process start(Path file, String disk) throws IOException {
        return new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-Xmx64m",
                "-cp", System.getProperty("java.class.path"),
                LockHolder.class.getName(), file.toString(), disk))
                        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }
}
