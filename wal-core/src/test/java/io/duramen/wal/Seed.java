package io.duramen.wal;

import java.util.Random;

/// Seeds of randomised tests: printed, so that a failure can be run again with `-Dseed=...`.
public final class Seed {
    private Seed() {}

    public static Random random(String test) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(test + ": -Dseed=" + seed);
        return new Random(seed);
    }
}
