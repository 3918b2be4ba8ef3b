package io.duramen.wal.io.posix;

/// @param threads how many chains execute at a time besides those on their callers' own threads
/// @param waitingChainsMax how many accepted chains may wait for a thread; one more is refused
public record PosixSchedulerSettings(int threads, int waitingChainsMax) {
    public PosixSchedulerSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads [" + threads + "] must be at least 1");
        }
        if (waitingChainsMax < 1) {
            throw new IllegalArgumentException(
                    "waitingChainsMax [" + waitingChainsMax + "] must be at least 1");
        }
    }
}
