package io.duramen.wal.memory;

import java.util.Objects;

/// What kind of memory a pool is made of. What it really got is in [SlabState].
///
/// @param hugePages whether to ask for pages of 2 MiB: reserved ones where there are enough, else
///     transparent ones. They save address translations in pools of many MiB. What is not granted
///     is logged as a warning.
public record SlabSettings(boolean hugePages, MemoryLock lock) {
    public SlabSettings {
        Objects.requireNonNull(lock);
    }

    /// Ordinary pages that may be swapped.
    public static SlabSettings defaults() {
        return new SlabSettings(false, MemoryLock.OFF);
    }
}
