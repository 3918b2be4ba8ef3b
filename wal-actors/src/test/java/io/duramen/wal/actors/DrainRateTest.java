package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DrainRateTest {
    private final DrainRate rate = new DrainRate();

    @Test
    void before_anything_was_measured_the_guess_is_fixed() {
        rate.measured(0, 100);
        rate.measured(100, -1);
        assertThat(rate.timeFor(1 << 20)).isEqualTo(DrainRate.UNKNOWN);
    }

    @Test
    void the_guess_follows_what_was_measured() {
        rate.measured(1_000, Duration.ofMillis(10).toNanos());
        assertThat(rate.timeFor(5_000)).isEqualTo(Duration.ofMillis(50));
        for (int i = 0; i < 100; i++) {
            rate.measured(1_000, Duration.ofMillis(2).toNanos());
        }
        assertThat(rate.timeFor(5_000)).isBetween(Duration.ofNanos(9_900_000),
                Duration.ofNanos(10_100_000));
    }

    @Test
    void the_guess_is_bounded() {
        rate.measured(1, Duration.ofHours(1).toNanos());
        assertThat(rate.timeFor(Long.MAX_VALUE)).isEqualTo(DrainRate.LONGEST);
        DrainRate fast = new DrainRate();
        fast.measured(1 << 30, 1);
        assertThat(fast.timeFor(1)).isEqualTo(DrainRate.SHORTEST);
    }
}
