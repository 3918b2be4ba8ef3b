package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a log shows that was just opened is a promise: readers act on it.
class RecoveredPromiseTest {
    private static DiskLog open(SimMachine machine, IoMode mode) {
        return DiskLog.open(SimMachine.BASE, LogSession.ID,
                LogSettings.defaults().withFragmentSizeBytes(12 << 10).withIoMode(mode),
                machine.environment());
    }

    @ParameterizedTest
    @EnumSource
    void what_an_opened_log_showed_is_there_when_the_power_fails_right_after(IoMode mode) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
            DiskLog killed = open(machine, mode);
            killed.append(Payload.of("shown".getBytes(US_ASCII)), Durability.WRITTEN);
            machine = machine.afterProcessEnd();
            assertThat(LogOracle.contentsOf(open(machine, mode))).containsExactly("shown");
            machine = machine.afterPowerFailure(_ -> 0, memory);
            try (DiskLog last = open(machine, mode)) {
                assertThat(LogOracle.contentsOf(last)).containsExactly("shown");
            }
            machine.stop();
        }
    }
}
