package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.LogVerification;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

    /// Its note is on the device.
    private static SimMachine withClosedLog(IoMode mode, Arena memory) {
        SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
        try (DiskLog log = open(machine, mode)) {
            append(log, "kept", Durability.SYNCED);
        }
        return machine.afterPowerFailure(states -> states - 1, memory);
    }

    /// Lets the power fail now in all ways it may.
    ///
    /// @return how many there are
    private static int checkEveryWay(SimMachine machine, IoMode mode) {
        machine.stop();
        List<int[]> ways = PowerFailures.of(machine.disk(), WAYS_MAX);
        for (int[] way : ways) {
            try (Arena restarted = Arena.ofShared()) {
                checkNothingIsLeft(machine.afterPowerFailure(PowerFailures.chooser(way),
                        restarted), mode);
            }
        }
        return ways.size();
    }

    @ParameterizedTest
    @EnumSource
    void a_close_that_was_taken_back_is_not_believed(IoMode mode) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = withClosedLog(mode, memory);
            append(open(machine, mode), "torn".repeat(700), Durability.WRITTEN);
            assertThat(checkEveryWay(machine, mode)).isGreaterThan(30);
        }
    }

    /// Whatever of the note and of what it speaks of is on the device.
    @ParameterizedTest
    @EnumSource
    void a_close_that_is_cut_short_leaves_a_log_without_damage(IoMode mode) {
        int step = 0;
        boolean cut = true;
        while (cut) {
            step++;
            try (Arena memory = Arena.ofShared()) {
                SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
                DiskLog log = open(machine, mode);
                append(log, "kept", Durability.SYNCED);
                append(log, "written", Durability.WRITTEN);
                cut = isCut(machine, log, step);
                assertThat(checkEveryWay(machine, mode)).isPositive();
            }
        }
        assertThat(step).isGreaterThan(2);
    }

    private static boolean isCut(SimMachine machine, DiskLog log, int step) {
        machine.faults().failPowerAt(step);
        try {
            log.close();
            return false;
        } catch (PowerFailure failed) {
            return true;
        }
    }

    /// In mapped mode a group that is refused was in the file for a moment.
    @ParameterizedTest
    @EnumSource
    void what_a_refused_append_left_for_a_moment_is_gone_when_the_log_is_closed(IoMode mode) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = withClosedLog(mode, memory);
            SimDisk disk = machine.disk();
            try (DiskLog log = open(machine, mode)) {
                assertThatThrownBy(() -> log.append(new HalfPayload(disk), Durability.SYNCED))
                        .hasStackTraceContaining("half a payload");
            }
            assertThat(checkEveryWay(machine, mode)).isPositive();
        }
    }

    /// Writes some bytes, which somebody sees who looks, and fails.
    private record HalfPayload(SimDisk disk) implements Payload {
        @Override
        public int sizeBytes() {
            return 3000;
        }

        @Override
        public void copyTo(MemorySegment target, long offset) {
            target.asSlice(offset, 2000).fill((byte) 7);
            disk.noteStores();
            throw new IllegalStateException("half a payload");
        }
    }

    private static void checkNothingIsLeft(SimMachine machine, IoMode mode) {
        assertThat(findings(machine)).noneMatch(LogVerification.Finding::isDamage);
        try (DiskLog log = open(machine, mode)) {
            assertThat(LogOracle.contentsOf(log)).startsWith("kept").hasSizeLessThan(3);
        }
        assertThat(findings(machine)).isEmpty();
        machine.stop();
    }

    private static List<LogVerification.Finding> findings(SimMachine machine) {
        List<LogVerification.Finding> findings = new ArrayList<>();
        LogVerification.run(SimMachine.BASE, LogSession.ID, machine.disk(), findings::add);
        return findings;
    }
}
