package io.duramen.wal.benchmarks.contestant;

/// Where readers leave what they saw, so that the compiler cannot leave out looking.
final class Sight {
    private static volatile long last;

    private Sight() {}

    static void of(long seen) {
        last = seen;
    }

    static long last() {
        return last;
    }
}
