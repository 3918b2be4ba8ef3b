package io.duramen.wal.benchmarks.harness;

/// What a fork measures, in the unit in which it is kept.
public enum Metric {
    ENTRIES_PER_SECOND("entries/s", Unit.COUNT),
    OPERATIONS_PER_SECOND("operations/s", Unit.COUNT),
    BYTES_PER_SECOND("payload/s", Unit.BYTES),
    NANOS_PER_ENTRY("time/entry", Unit.NANOS),
    P50_NANOS("p50", Unit.NANOS),
    P90_NANOS("p90", Unit.NANOS),
    P99_NANOS("p99", Unit.NANOS),
    P999_NANOS("p99.9", Unit.NANOS),
    P9999_NANOS("p99.99", Unit.NANOS),
    MAX_NANOS("max", Unit.NANOS),
    OPEN_NANOS("open", Unit.NANOS),
    OPEN_AND_APPEND_NANOS("open and first append", Unit.NANOS),
    ROTATIONS("rotations", Unit.COUNT),
    WORST_AT_ROTATION("worst at a rotation, of p99", Unit.RATIO),
    WORST_AT_PREPARATION("worst at a preparation, of p99", Unit.RATIO),
    WORST_ELSEWHERE("worst elsewhere, of p99", Unit.RATIO),
    HEAP_BYTES_PER_LOG("heap per log", Unit.BYTES),
    RESIDENT_BYTES_PER_LOG("resident memory per log", Unit.BYTES),
    ALLOCATED_BYTES_PER_ENTRY("allocated/entry", Unit.BYTES),
    CPU_NANOS_PER_ENTRY("CPU/entry", Unit.NANOS);

    private enum Unit {
        COUNT, BYTES, NANOS, RATIO
    }

    private final String label;
    private final Unit unit;

    Metric(String label, Unit unit) {
        this.label = label;
        this.unit = unit;
    }

    /// What tables call it.
    public String label() {
        return label;
    }

    /// A value with its unit.
    public String show(double value) {
        return switch (unit) {
            case COUNT -> Quantity.count(value);
            case BYTES -> Quantity.bytes(value);
            case RATIO -> Quantity.digits(value) + "x";
            case NANOS -> value < 1e3 ? Quantity.digits(value) + " ns"
                    : value < 1e6 ? Quantity.digits(value / 1e3) + " us"
                            : value < 1e9 ? Quantity.digits(value / 1e6) + " ms"
                                    : Quantity.digits(value / 1e9) + " s";
        };
    }
}
