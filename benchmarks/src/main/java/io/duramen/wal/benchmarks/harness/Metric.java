package io.duramen.wal.benchmarks.harness;

/// What a fork measures, in the unit in which it is kept.
public enum Metric {
    ENTRIES_PER_SECOND("entries/s", Unit.COUNT),
    OPERATIONS_PER_SECOND("operations/s", Unit.COUNT),
    BYTES_PER_SECOND("payload/s", Unit.BYTES),
    P50_NANOS("p50", Unit.NANOS),
    P90_NANOS("p90", Unit.NANOS),
    P99_NANOS("p99", Unit.NANOS),
    P999_NANOS("p99.9", Unit.NANOS),
    P9999_NANOS("p99.99", Unit.NANOS),
    MAX_NANOS("max", Unit.NANOS),
    OPEN_NANOS("open", Unit.NANOS),
    ROTATION_WORST_NANOS("worst at a rotation", Unit.NANOS),
    CONTROL_WORST_NANOS("worst elsewhere, as many windows", Unit.NANOS),
    ROTATION_WORST_TO_P99("worst at a rotation / p99", Unit.RATIO),
    CONTROL_WORST_TO_P99("worst elsewhere / p99", Unit.RATIO),
    ROTATIONS("rotations", Unit.COUNT),
    HEAP_BYTES_PER_LOG("heap per log", Unit.BYTES),
    DISK_BYTES_PER_LOG("disk per log", Unit.BYTES),
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
