package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.FragmentFooter;
import io.duramen.wal.format.FragmentHeader;
import io.duramen.wal.format.WriterStatus;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.StandbySettings;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/// Opening a log after a crash costs what the fragment costs that was not sealed, and two pages of
/// each of the others.
class RecoveryCostTest {
    private static final int ENTRIES_EACH = 4;
    private static final int ENTRIES_IN_TAIL = 3;
    private static final int FRAGMENT_BYTES = 16 << 10;
    private static final LogSettings SETTINGS =
            LogSettings.defaults().withFragmentSizeBytes(FRAGMENT_BYTES)
                    .withFragmentEntriesMax(ENTRIES_EACH).withStandby(StandbySettings.OFF);

    private record Cost(long scannedBytes, long readBytes, long mappedBytes) {}

    private static DiskLog open(SimMachine machine) {
        return DiskLog.open(SimMachine.BASE, LogSession.ID, SETTINGS, machine.environment());
    }

    /// Of opening a log of so many sealed fragments and one that is not, after a power failure.
    private static Cost costOf(int sealed) {
        try (Arena memory = Arena.ofShared()) {
            SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
            DiskLog crashed = open(machine);
            for (int i = 0; i < sealed * ENTRIES_EACH + ENTRIES_IN_TAIL; i++) {
                crashed.append(new byte[1000]);
                machine.awaitBackground();
            }
            machine = machine.afterPowerFailure(states -> states - 1, memory);
            SimDisk disk = machine.disk();
            try (DiskLog log = open(machine)) {
                assertThat(log.recoveryReport().fragments()).isEqualTo(sealed + 1);
                assertThat(log.recoveryReport().resealed()).isZero();
                return new Cost(log.recoveryReport().scannedBytes(), disk.bytesRead().sum(),
                        disk.bytesMapped().sum());
            } finally {
                machine.stop();
            }
        }
    }

    @Test
    void only_the_fragment_that_was_not_sealed_is_scanned_whatever_the_size_of_the_log() {
        Cost small = costOf(4);
        Cost large = costOf(40);
        assertThat(large.scannedBytes()).isEqualTo(small.scannedBytes())
                .isBetween(ENTRIES_IN_TAIL * 1000L, (long) FRAGMENT_BYTES);
        assertThat(large.readBytes() - small.readBytes()).as("a header and a footer of each")
                .isEqualTo(36 * (FragmentHeader.BYTES + FragmentFooter.BYTES));
    }

    @Test
    void no_more_is_mapped_than_the_status_page_and_the_fragment_that_grows() {
        Cost large = costOf(40);
        assertThat(large.mappedBytes()).isEqualTo(costOf(4).mappedBytes())
                .isLessThanOrEqualTo(WriterStatus.BYTES + FRAGMENT_BYTES);
    }
}
