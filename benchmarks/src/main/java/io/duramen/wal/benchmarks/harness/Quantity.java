package io.duramen.wal.benchmarks.harness;

import java.util.Locale;

/// Numbers as people read them: three digits and a unit.
public final class Quantity {
    private static final String[] DECIMAL = {"", " k", " M", " G"};
    private static final String[] BINARY = {" B", " KiB", " MiB", " GiB"};

    private Quantity() {}

    /// `1.23 M`, `45.6 k`, `789`.
    public static String count(double value) {
        return scaled(value, 1000, DECIMAL);
    }

    /// `256 B`, `64 KiB`, `1.5 GiB`.
    public static String bytes(double value) {
        return scaled(value, 1024, BINARY);
    }

    /// Three digits, without an exponent.
    public static String digits(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == Math.rint(size) ? 0 : size >= 10 ? 1
                : size >= 0.1 ? 2 : 4;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }

    private static String scaled(double value, int step, String[] units) {
        double scaled = value;
        int unit = 0;
        while (Math.abs(scaled) >= step && unit < units.length - 1) {
            scaled /= step;
            unit++;
        }
        return digits(scaled) + units[unit];
    }
}
