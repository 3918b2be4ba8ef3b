package io.duramen.wal.sim;

import java.util.Random;

/// Decides what chance decides: from a seed, or always the same.
@FunctionalInterface
interface Dice {
    /// Takes the first of all choices, every time.
    Dice FIRST = _ -> 0;

    /// One of 0 to `bound - 1`.
    int below(int bound);

    static Dice of(long seed) {
        return new Random(seed)::nextInt;
    }

    /// True once in so many times.
    default boolean once(int in) {
        return below(in) == in - 1;
    }

    default <T> T anyOf(T[] values) {
        return values[below(values.length)];
    }
}
