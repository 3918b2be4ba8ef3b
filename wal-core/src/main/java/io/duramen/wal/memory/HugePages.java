package io.duramen.wal.memory;

/// Whether a pool's memory is in pages of 2 MiB. The device is then given one piece of memory where
/// it else gets one for each 4 KiB: a direct write of 512 KiB took 310 us instead of 450.
public enum HugePages {
    OFF,

    /// Transparent ones, as far as the system has them and for what fills whole ones. Nobody looks
    /// what came of it: that takes a young JVM 40 ms.
    AUTO,

    /// Reserved ones where there are enough, else transparent ones. What was granted is in the
    /// statistics, and what was not is logged as a warning.
    ON
}
