package io.duramen.wal.probe;

import io.duramen.wal.io.posix.DeviceFacts;
import io.duramen.wal.io.posix.DeviceFacts.Medium;
import io.duramen.wal.io.posix.FileSystemFacts;
import io.duramen.wal.io.posix.MountFacts;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What is below a directory: its file system, how that was mounted, and the device it is on.
///
/// @param mount empty where the system does not tell
/// @param device empty where there is not one device, or the system does not tell
public record StorageFacts(FileSystemFacts fileSystem, Optional<MountFacts> mount,
        Optional<DeviceFacts> device) {
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");

    /// @param directory one that exists
    /// @throws io.duramen.wal.WalException.Io where it cannot be looked at
    public static StorageFacts of(Path directory) {
        FileSystemFacts fileSystem = FileSystemFacts.of(directory);
        Optional<MountFacts> mount = MountFacts.of(directory);
        return new StorageFacts(fileSystem, mount, DeviceFacts.of(directory, mount));
    }

    /// Whether bytes are kept in memory that is empty after a restart of the machine.
    public boolean isMemory() {
        return IN_MEMORY.contains(fileSystem.type()) || hasMedium(Medium.MEMORY);
    }

    /// Whether bytes are kept in memory that survives a restart of the machine.
    public boolean isPersistentMemory() {
        return hasMedium(Medium.PERSISTENT_MEMORY);
    }

    private boolean hasMedium(Medium medium) {
        return device.map(DeviceFacts::medium).filter(medium::equals).isPresent();
    }
}
