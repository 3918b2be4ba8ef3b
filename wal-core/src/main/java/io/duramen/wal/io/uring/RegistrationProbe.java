package io.duramen.wal.io.uring;

import io.duramen.wal.os.MemoryLimits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;

/// Whether the kernel would keep buffers pinned for a ring here, found out by asking it to. It
/// counts them against the process's limit on locked memory, unless the process is privileged.
///
/// @param sizeBytes how much was asked for
/// @param lockedMemoryLimit the limit in words, such as `8388608 bytes` or `unlimited`
/// @param refusal one sentence that says why it would not; empty where it would, and where there
///     can be no ring
public record RegistrationProbe(long sizeBytes, String lockedMemoryLimit,
        Optional<String> refusal) {
    /// Opens a ring of this size, hands it memory, and gives both back.
    public static RegistrationProbe of(UringSchedulerSettings settings, long sizeBytes) {
        return new RegistrationProbe(sizeBytes, limit(), refusal(settings, sizeBytes));
    }

    private static Optional<String> refusal(UringSchedulerSettings settings, long sizeBytes) {
        try (Arena arena = Arena.ofShared(); // a ring's memory outlives the ring
                Ring ring = RingProbe.open(settings.ringEntries())) {
            return RegisteredMemory.register(ring, arena.allocate(sizeBytes)).refusal();
        } catch (UnsupportedOperationException _) {
            return Optional.empty(); // RingProbe tells why
        }
    }

    private static String limit() {
        try {
            return MemoryLimits.lockedMemory();
        } catch (IOException _) {
            return "not known"; // not Linux, or /proc is not shown
        }
    }
}
