package io.duramen.wal.io.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// The block device below a file system, as sysfs(5) tells it.
///
/// @param directory of the whole device, also where the file system is on a partition of it
record BlockDevice(Path directory) {
    private static final Path BY_NUMBER = Path.of("/sys/dev/block");
    private static final Path BY_NAME = Path.of("/sys/class/block");
    private static final String QUEUE = "queue";

    /// Empty where the file system is not on one device, or sysfs does not tell.
    static Optional<BlockDevice> below(Path path) {
        try {
            long device = ((Number) Files.getAttribute(path, "unix:dev")).longValue();
            return of(BY_NUMBER.resolve(major(device) + ":" + minor(device)));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException _) {
            return Optional.empty(); // it serves reports only, which then say that
        }
    }

    /// By the name it has in the mount table, such as `/dev/sda1`.
    static Optional<BlockDevice> named(String source) {
        try {
            Path node = Path.of(source);
            return node.startsWith("/dev")
                    ? of(BY_NAME.resolve(node.toRealPath().getFileName())) : Optional.empty();
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty(); // as above
        }
    }

    private static Optional<BlockDevice> of(Path entry) throws IOException {
        if (!Files.exists(entry)) {
            return Optional.empty();
        }
        Path device = entry.toRealPath();
        Path whole = Files.exists(device.resolve(QUEUE)) ? device : device.getParent();
        return Files.exists(whole.resolve(QUEUE)) ? Optional.of(new BlockDevice(whole))
                : Optional.empty();
    }

    /// Empty where the file system is not on one device, or sysfs does not tell.
    static OptionalInt logicalBlockBytes(Path path) {
        Optional<String> bytes =
                below(path).flatMap(device -> device.attribute("queue/logical_block_size"));
        return bytes.isEmpty() ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(bytes.get()));
    }

    String name() {
        return directory.getFileName().toString();
    }

    /// A line that the kernel says about the device; empty where it says nothing.
    Optional<String> attribute(String name) {
        try {
            return Optional.of(Files.readString(directory.resolve(name)).strip());
        } catch (IOException _) {
            return Optional.empty(); // as above
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
