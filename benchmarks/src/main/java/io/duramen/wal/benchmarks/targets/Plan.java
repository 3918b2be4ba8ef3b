package io.duramen.wal.benchmarks.targets;

import io.duramen.wal.benchmarks.harness.Budget;
import io.duramen.wal.benchmarks.harness.Case;
import io.duramen.wal.benchmarks.harness.Parameter;
import io.duramen.wal.benchmarks.harness.Quantity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// How much is measured.
///
/// @param full whether everything is measured, or what fits into a few minutes
/// @param rounds how often each case is measured
/// @param drivers I/O drivers that ours are measured with, the first being the one that counts
/// @param modes I/O modes, likewise
public record Plan(boolean full, int rounds, Budget budget, List<String> drivers,
        List<String> modes) {
    private static final Budget QUICK =
            new Budget(Duration.ofMillis(600), Duration.ofMillis(800), 1L << 30);
    private static final Budget FULL =
            new Budget(Duration.ofMillis(1500), Duration.ofSeconds(3), 4L << 30);
    private static final Duration SLOW_START = Duration.ofSeconds(2);
    private static final Duration FULL_SLOW_START = Duration.ofSeconds(5);
    private static final int ROUNDS = 3;
    private static final int ASIDE_ROUNDS = 2;

    public static Plan ofMinutes() {
        return new Plan(false, ROUNDS, QUICK, List.of("posix"), List.of("auto"));
    }

    public static Plan ofEverything() {
        return new Plan(true, ROUNDS, FULL, List.of("posix", "io_uring"),
                List.of("auto", "buffered", "direct", "mapped"));
    }

    /// For what waits for the device with each entry, or goes through several layers: in a shorter
    /// time the JVM has not compiled it, nor quite in the shorter of the two.
    Budget budgetForSlowStarters() {
        return budget.warmingUpFor(full ? FULL_SLOW_START : SLOW_START);
    }

    /// For tables that no target is set for.
    int roundsAside() {
        return Math.min(rounds, ASIDE_ROUNDS);
    }

    /// A case of ours as often as it counts: in all variants where a target is set for it.
    List<Case> variants(Case ours, boolean counts) {
        return counts ? variants(ours) : List.of(first(ours));
    }

    public Plan withRounds(int value) {
        return new Plan(full, value, budget, drivers, modes);
    }

    public Plan withBudget(Budget value) {
        return new Plan(full, rounds, value, drivers, modes);
    }

    public Plan withDrivers(List<String> values) {
        return new Plan(full, rounds, budget, values, modes);
    }

    public Plan withModes(List<String> values) {
        return new Plan(full, rounds, budget, drivers, values);
    }

    /// A case of ours with every mode of this plan, and every driver in the mode that counts.
    List<Case> variants(Case ours) {
        List<Case> all = new ArrayList<>();
        for (String mode : modes) {
            all.add(ours.with(Parameter.DRIVER, drivers.getFirst()).with(Parameter.MODE, mode));
        }
        for (String driver : drivers.subList(1, drivers.size())) {
            all.add(ours.with(Parameter.DRIVER, driver).with(Parameter.MODE, modes.getFirst()));
        }
        return all;
    }

    /// The payload that targets are set for, and where everything is measured the others too.
    List<Integer> payloads(int usual) {
        return full ? List.of(usual, 64, 1 << 10, 16 << 10, 1 << 20) : List.of(usual);
    }

    /// A payload's size as the title of a table.
    static String name(int payloadBytes) {
        return Quantity.bytes(payloadBytes);
    }

    /// A case of ours with the driver and mode that count.
    Case first(Case ours) {
        return variants(ours).getFirst();
    }
}
