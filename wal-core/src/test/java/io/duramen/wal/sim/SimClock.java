package io.duramen.wal.sim;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Time that passes only when something takes time: the disk works, or a test waits.
final class SimClock implements InstantSource {
    private volatile Instant now;

    SimClock() {
        this(Instant.parse("2026-11-01T00:00:00Z"));
    }

    SimClock(Instant now) {
        this.now = now;
    }

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }
}
