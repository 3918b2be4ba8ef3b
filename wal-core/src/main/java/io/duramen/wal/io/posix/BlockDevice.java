package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/// The block device below a file system, as sysfs(5) tells it.
final class BlockDevice {
    private static final String LOGICAL_BLOCK = "queue/logical_block_size";

    private BlockDevice() {}

    /// Empty where the file system is not on one device, or sysfs does not tell.
    static OptionalInt logicalBlockBytes(Path path) {
        try {
            long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
            Path entry = Path.of("/sys/dev/block", major(device) + ":" + minor(device));
            if (!Files.exists(entry)) {
                return OptionalInt.empty();
            }
            Path whole = entry.toRealPath();
            Path size = whole.resolve(LOGICAL_BLOCK);
            if (!Files.exists(size)) { // a partition: its disk knows
                size = whole.resolveSibling(LOGICAL_BLOCK);
            }
            return OptionalInt.of(Integer.parseInt(Files.readString(size).strip()));
        } catch (IOException | NumberFormatException | UnsupportedOperationException _) {
            return OptionalInt.empty(); // it serves a report only, which then says that
        }
    }

    // as gnu_dev_major(3) and gnu_dev_minor(3) take a number apart
    private static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & ~0xffL);
    }
}
