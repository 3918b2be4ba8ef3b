package io.duramen.wal.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.IoDriver;
import io.duramen.wal.log.LogId;
import io.duramen.wal.log.LogSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryBarTest {
    private static final long MIB = 1 << 20;

    @TempDir
    Path base;

    private final StringWriter terminal = new StringWriter();

    @Test
    void it_is_drawn_and_gone_when_recovery_ends() {
        try (RecoveryBar bar = new RecoveryBar(new PrintWriter(terminal), Duration.ZERO)) {
            bar.scanned(0, 8 * MIB);
            bar.scanned(3 * MIB, 8 * MIB);
        }
        assertThat(terminal.toString()).contains("recover", "3/8").endsWith("\r\u001b[K");
    }

    @Test
    void nothing_is_drawn_of_what_is_over_soon() {
        try (RecoveryBar bar = new RecoveryBar(new PrintWriter(terminal), Duration.ofHours(1))) {
            bar.scanned(0, 8 * MIB);
            bar.scanned(3 * MIB, 8 * MIB);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void word_that_comes_late_draws_nothing() {
        RecoveryBar bar = new RecoveryBar(new PrintWriter(terminal), Duration.ZERO);
        bar.close();
        bar.scanned(3 * MIB, 8 * MIB);
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void a_session_tells_how_far_opening_its_log_is() throws Exception {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(8 * MIB);
        try (DiskLog log = DiskLog.open(base, LogId.of("orders"), settings)) {
            for (int i = 0; i < 3; i++) {
                log.append(new byte[(int) MIB]);
            }
        }
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (LogSession _ = LogSession.write(base, "orders", settings, IoDriver.POSIX,
                (scanned, total) -> told.add(scanned / MIB + " of " + total / MIB))) {
            for (int i = 0; i <= 3; i++) {
                assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(i + " of 8");
            }
        }
        assertThat(told).isEmpty();
    }
}
