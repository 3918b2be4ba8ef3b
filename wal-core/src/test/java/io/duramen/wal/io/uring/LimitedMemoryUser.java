package io.duramen.wal.io.uring;

import io.duramen.wal.io.Disk;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.posix.PosixDisk;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A process that wants the kernel to pin a megabyte for its ring, and writes from there.
final class LimitedMemoryUser {
    private LimitedMemoryUser() {}

    public static void main(String[] arguments) {
        Disk disk = new PosixDisk();
        try (Arena arena = Arena.ofShared();
                IoFile file = disk.create(Path.of(arguments[0]))) {
            MemorySegment memory = arena.allocate(1 << 20, 4096);
            try (UringScheduler ring = UringScheduler.create(Rings.settings(8), memory)) {
                for (int i = 0; i < 3; i++) {
                    long written = ring.submit(IoChain.of(
                            new Write(file, memory, (long) i << 20))).await().orThrow();
                    System.out.println("written " + written);
                }
                System.out.println("registered "
                        + ring.uringStatistics().buffers().registeredBytes());
            }
        }
    }
}
