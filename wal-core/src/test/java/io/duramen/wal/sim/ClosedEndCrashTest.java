package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogVerification;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A writer that closes a log notes that nothing lies behind its end. The power fails under the
/// next one: whatever it leaves of the two, nothing of a torn group stays behind the end.
class ClosedEndCrashTest {
    private static final int WAYS_MAX = 4000;

    private static DiskLog open(SimMachine machine, IoMode mode) {
        return DiskLog.open(SimMachine.BASE, LogSession.ID,
                LogSettings.defaults().withFragmentSizeBytes(16 << 10).withIoMode(mode),
                machine.environment());
    }

    private static void append(DiskLog log, String payload, Durability durability) {
        log.append(Payload.of(payload.getBytes(US_ASCII)), durability);
    }

    private static int newest(int states) {
        return states - 1;
    }

    @ParameterizedTest
    @EnumSource
    void a_close_that_was_taken_back_is_not_believed(IoMode mode) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
            try (DiskLog log = open(machine, mode)) {
                append(log, "kept", Durability.SYNCED);
            }
            machine = machine.afterPowerFailure(ClosedEndCrashTest::newest, memory);
            append(open(machine, mode), "torn".repeat(700), Durability.WRITTEN);
            machine.stop();
            List<int[]> ways = PowerFailures.of(machine.disk(), WAYS_MAX);
            assertThat(ways).hasSizeGreaterThan(30);
            for (int[] way : ways) {
                try (Arena restarted = Arena.ofShared()) {
                    checkNothingIsLeft(machine.afterPowerFailure(PowerFailures.chooser(way),
                            restarted), mode);
                }
            }
        }
    }

    private static void checkNothingIsLeft(SimMachine machine, IoMode mode) {
        try (DiskLog log = open(machine, mode)) {
            assertThat(LogOracle.contentsOf(log)).startsWith("kept").hasSizeLessThan(3);
        }
        List<LogVerification.Finding> findings = new ArrayList<>();
        LogVerification.run(SimMachine.BASE, LogSession.ID, machine.disk(), findings::add);
        assertThat(findings).isEmpty();
        machine.stop();
    }
}
