package io.duramen.wal.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "999, 999", "1000, 1 k", "1234, 1.23 k", "45600, 45.6 k",
        "999999, 1000 k", "2500000, 2.50 M", "-1500, -1.50 k"})
    void counts_have_three_digits(double value, String text) {
        assertThat(Quantity.count(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"256, 256 B", "65536, 64 KiB", "1572864, 1.50 MiB"})
    void bytes_have_binary_units(double value, String text) {
        assertThat(Quantity.bytes(value)).isEqualTo(text);
    }

    @Test
    void times_take_the_unit_that_fits() {
        assertThat(Metric.P50_NANOS.show(250)).isEqualTo("250 ns");
        assertThat(Metric.P50_NANOS.show(139_500)).isEqualTo("140 us");
        assertThat(Metric.P50_NANOS.show(57_500_000)).isEqualTo("57.5 ms");
    }
}
