package io.duramen.wal.io.posix;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The block device that a directory's file system is on; for reports.
///
/// @param name as the kernel has it, such as `nvme0n1`
/// @param writeCache what the device states about a cache of its own
/// @param medium what it keeps bytes in
public record DeviceFacts(String name, WriteCache writeCache, Medium medium) {
    private static final Pattern IN_MEMORY = Pattern.compile("(zram|ram)\\d+");
    private static final Pattern PERSISTENT_MEMORY = Pattern.compile("pmem\\d.*");

    /// A device may keep what it was given in a cache that a power failure empties. Where it states
    /// that, the kernel tells it to empty the cache at each sync; where it states that there is
    /// none, the kernel believes it.
    public enum WriteCache {
        VOLATILE, NONE, NOT_KNOWN
    }

    /// What a device keeps bytes in.
    public enum Medium {
        /// Anything that keeps them without power.
        DEVICE,
        /// Memory that keeps them without power.
        PERSISTENT_MEMORY,
        /// Ordinary memory: nothing survives.
        MEMORY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// @param directory one that exists
    /// @param mount how its file system was mounted, where that is known
    /// @return empty where there is not one device, as for memory, a network or several disks, and
    ///     where the system does not tell
    public static Optional<DeviceFacts> of(Path directory, Optional<MountFacts> mount) {
        return BlockDevice.below(directory)
                .or(() -> mount.flatMap(it -> BlockDevice.named(it.source())))
                .map(device -> of(device.name(),
                        device.attribute("queue/write_cache").orElse("")));
    }

    /// @param writeCache as sysfs(5) words it
    static DeviceFacts of(String name, String writeCache) {
        return new DeviceFacts(name, switch (writeCache) {
            case "write back" -> WriteCache.VOLATILE;
            case "write through" -> WriteCache.NONE;
            default -> WriteCache.NOT_KNOWN;
        }, IN_MEMORY.matcher(name).matches() ? Medium.MEMORY
                : PERSISTENT_MEMORY.matcher(name).matches() ? Medium.PERSISTENT_MEMORY
                        : Medium.DEVICE);
    }
}
