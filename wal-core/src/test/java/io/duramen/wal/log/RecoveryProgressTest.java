package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How far recovery tells that it is.
class RecoveryProgressTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final long MIB = 1 << 20;
    private static final byte[] ENTRY = new byte[64 << 10];

    /// One call.
    private record Told(long scannedBytes, long totalBytes) {}

    private final List<Told> told = new ArrayList<>();

    @TempDir
    Path base;
    private LogEnvironment environment;

    @BeforeEach
    void open() {
        environment = LogEnvironment.open(1, 2);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private void write(LogSettings settings, long bytes) {
        try (DiskLog log = DiskLog.open(base, ORDERS, settings, environment)) {
            for (long written = 0; written < bytes; written += ENTRY.length) {
                log.appendAsync(ENTRY);
            }
            log.sync();
        }
    }

    private RecoveryReport recover(LogSettings settings) {
        LogDirectory directory = LogDirectory.of(environment.disk(), base, ORDERS);
        directory.create();
        try (WriterLock lock = WriterLock.acquire(directory)) {
            RecoveredLog recovered = LogRecovery.run(directory, lock, environment, settings,
                    (scanned, total) -> told.add(new Told(scanned, total)));
            recovered.tip().ifPresent(WritableFragment::close);
            return recovered.report();
        }
    }

    @Test
    void a_log_without_entries_tells_nothing() {
        recover(LogSettings.defaults());
        assertThat(told).isEmpty();
    }

    @Test
    void a_long_scan_is_told_of_every_mebibyte() {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(8 * MIB);
        write(settings, 4 * MIB);
        long scanned = recover(settings).scannedBytes();
        assertThat(scanned).isBetween(4 * MIB, 5 * MIB);
        assertThat(told).hasSize(5).startsWith(new Told(0, 8 * MIB))
                .allMatch(it -> it.totalBytes() == 8 * MIB && it.scannedBytes() <= scanned);
        assertGrowsBy(MIB);
    }

    @Test
    void fragments_that_have_no_footer_count_with_the_last_one() {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(2 * MIB);
        write(settings, 3 * MIB);
        RawLog raw = new RawLog(base, ORDERS);
        raw.unseal(0);
        RecoveryReport report = recover(settings);
        assertThat(report.resealed()).isOne();
        assertThat(told).startsWith(new Told(0, 4 * MIB))
                .allMatch(it -> it.totalBytes() == 4 * MIB);
        assertThat(told.getLast().scannedBytes()).isBetween(3 * MIB, 4 * MIB);
        assertGrowsBy(MIB);
    }

    @Test
    void a_large_fragment_is_told_of_a_hundred_times_at_most() {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(256 * MIB);
        write(settings, 6 * MIB);
        recover(settings);
        assertThat(told).hasSize(3);
        assertGrowsBy(256 * MIB / 100);
    }

    private void assertGrowsBy(long leastBytes) {
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i).scannedBytes() - told.get(i - 1).scannedBytes())
                    .isGreaterThanOrEqualTo(leastBytes);
        }
    }
}
