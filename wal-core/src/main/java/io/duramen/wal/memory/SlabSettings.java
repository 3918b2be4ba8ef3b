package io.duramen.wal.memory;

import java.util.Objects;

/// What kind of memory a pool is made of. What it really got is in [SlabState].
///
public record SlabSettings(HugePages hugePages, MemoryLock lock) {
    public SlabSettings {
        Objects.requireNonNull(hugePages);
        Objects.requireNonNull(lock);
    }

    /// Huge pages where the system has them; may be swapped.
    public static SlabSettings defaults() {
        return new SlabSettings(HugePages.AUTO, MemoryLock.OFF);
    }
}
