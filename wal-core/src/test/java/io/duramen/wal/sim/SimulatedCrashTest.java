package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Random lives of a log on a disk that loses power at any step, fails and is full, during recovery
/// too, again and again.
///
/// `-Dwal.sim.lives=N` runs more of them; a failure tells the seed of its life, and
/// `-Dwal.sim.seed=S` repeats that one.
class SimulatedCrashTest {
    private static final int LIVES = Integer.getInteger("wal.sim.lives", 300);

    @Test
    void no_promise_is_broken_wherever_the_power_fails() {
        Long repeated = Long.getLong("wal.sim.seed");
        long first = repeated == null ? System.nanoTime() : repeated;
        int lives = repeated == null ? LIVES : 1;
        int crashes = 0;
        for (long seed = first; seed < first + lives; seed++) {
            try (SimulatedLife life = new SimulatedLife(seed)) {
                crashes += life.live();
            } catch (RuntimeException | Error broken) {
                throw new AssertionError("with -Dwal.sim.seed=" + seed, broken);
            }
        }
        System.out.println(lives + " lives from seed " + first + ", " + crashes + " crashes");
    }

    @Test
    void a_seed_repeats_its_life() {
        for (long seed = 0; seed < 20; seed++) {
            assertThat(stepsOf(seed)).as("steps with seed %d", seed).isEqualTo(stepsOf(seed));
        }
    }

    private static long stepsOf(long seed) {
        try (SimulatedLife life = new SimulatedLife(seed)) {
            life.live();
            return life.steps();
        }
    }
}
