package io.duramen.wal.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.DiskLog;
import io.duramen.wal.log.Durability;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.log.RetentionSettings;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Fault;
import io.duramen.wal.sim.SimFaults.Step;
import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the simulation found, each as short as it can be told.
class FoundBySimulationTest {
    private static final int EIO = 5;
    private static final LogSettings SMALL = LogSettings.defaults().withIoMode(IoMode.BUFFERED)
            .withFragmentSizeBytes(12 << 10);
    /// Of what was not synced, the power leaves nothing.
    private static final IntUnaryOperator NOTHING = _ -> 0;

    private final Arena memory = Arena.ofShared();
    private SimMachine machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);

    @AfterEach
    void stop() {
        machine.stop();
        memory.close();
    }

    private DiskLog open() {
        return DiskLog.open(SimMachine.BASE, LogSession.ID, SMALL, machine.environment());
    }

    private static byte[] bytes(String payload) {
        return payload.getBytes(US_ASCII);
    }

    private boolean isKilledWhileOpening(int atStep) {
        machine.faults().failPowerAt(atStep);
        try {
            open().close();
            return false;
        } catch (PowerFailure killed) {
            return true;
        }
    }

    @Test
    void a_log_whose_directory_was_made_by_a_process_that_was_killed_survives_the_power() {
        int step = 0;
        do {
            step++;
            machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE.getRoot());
        } while (isKilledWhileOpening(step) && survivesThePower("killed at step " + step));
        assertThat(step).isGreaterThan(8);
    }

    private boolean survivesThePower(String when) {
        machine = machine.afterProcessEnd();
        try (DiskLog log = open()) {
            log.append(bytes("entry"));
        }
        machine = machine.afterPowerFailure(NOTHING, memory);
        try (DiskLog log = open()) {
            assertThat(LogOracle.contentsOf(log)).as(when).containsExactly("entry");
        }
        return true;
    }

    /// A writer that is killed may leave a footer that was only written, and the next one trusts
    /// it.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_hole_is_made_when_the_way_around_it_survives_the_power(long seed) {
        int step = 0;
        do {
            step++;
            machine = SimMachine.first(Dice.FIRST, memory, SimMachine.BASE);
        } while (isKilledWhileRotating(step)
                && holeSurvivesThePower(Dice.of(seed), "killed at step " + step));
        assertThat(step).isGreaterThan(30);
    }

    /// A sync that fails makes the kernel take for clean what is not on the device.
    @ParameterizedTest
    @MethodSource("syncs")
    void a_hole_is_made_when_the_way_around_it_survives_a_sync_that_failed(int nth) {
        machine.faults().inject(new Fault(Step.SYNC, nth, Fate.FAILS, EIO, Unsynced.FORGOTTEN));
        try (DiskLog log = openPunching()) {
            for (int id = 0; id < 10; id++) {
                log.append(new byte[1000]);
            }
            machine.awaitBackground();
        } catch (WalException failed) {
            // it is opened again
        }
        machine = machine.afterProcessEnd();
        List<String> left;
        try (DiskLog log = openPunching()) {
            log.trimBefore(Math.min(7, log.nextId()));
            left = LogOracle.contentsOf(log);
        }
        machine = machine.afterPowerFailure(states -> states - 1, memory);
        try (DiskLog log = openPunching()) {
            assertThat(LogOracle.contentsOf(log)).isEqualTo(left);
        }
    }

    static IntStream syncs() {
        return IntStream.rangeClosed(1, 28);
    }

    private DiskLog openPunching() {
        return DiskLog.open(SimMachine.BASE, LogSession.ID, SMALL.withFragmentSizeBytes(20 << 10)
                .withFragmentEntriesMax(8)
                .withRetention(RetentionSettings.OFF.withPunchHoles(true)),
                machine.environment());
    }

    private boolean isKilledWhileRotating(int atStep) {
        machine.faults().failPowerAt(atStep);
        try {
            DiskLog log = openPunching();
            for (int id = 0; id < 10; id++) {
                log.append(new byte[1000]);
            }
            machine.giveWay(); // so that the first fragment is sealed
            log.close();
            return machine.faults().isOff();
        } catch (PowerFailure | WalException killed) {
            return true;
        }
    }

    private boolean holeSurvivesThePower(Dice unsynced, String when) {
        machine = machine.afterProcessEnd();
        List<String> left;
        try (DiskLog log = openPunching()) {
            log.trimBefore(Math.min(7, log.nextId()));
            left = LogOracle.contentsOf(log);
        }
        machine = machine.afterPowerFailure(unsynced::below, memory);
        try (DiskLog log = openPunching()) {
            assertThat(LogOracle.contentsOf(log)).as(when).isEqualTo(left);
        }
        return true;
    }

    @Test
    void a_close_whose_record_was_not_synced_leaves_no_hole_before_later_entries() {
        String before = "b".repeat(SimFile.SECTOR - 2 * GroupRecord.BYTES - EntryHeader.BYTES);
        DiskLog log = open();
        log.append(bytes(before)); // so that the record of the close ends with the sector
        machine.faults().inject(new Fault(Step.SYNC, 1, Fate.FAILS, EIO, Unsynced.FORGOTTEN));
        assertThatThrownBy(log::close).isInstanceOf(WalException.OutcomeUnknown.class);
        machine = machine.afterProcessEnd();
        try (DiskLog again = open()) {
            again.append(bytes("behind"));
        }
        machine = machine.afterPowerFailure(NOTHING, memory);
        try (DiskLog last = open()) {
            assertThat(LogOracle.contentsOf(last)).containsExactly(before, "behind");
        }
    }

    @Test
    void what_recovery_cut_and_could_not_sync_does_not_come_back_behind_newer_entries() {
        byte[] filling = new byte[SimFile.SECTOR - GroupRecord.BYTES - EntryHeader.BYTES];
        DiskLog log = open();
        log.append(filling);
        log.append(Payload.of(filling), Durability.WRITTEN);
        log.append(Payload.of(bytes("stale")), Durability.WRITTEN);
        machine = machine.afterPowerFailure(onlyTheLastOf(machine.disk()), memory);
        machine.faults().inject(new Fault(Step.SYNC, 3, Fate.FAILS, EIO, Unsynced.FORGOTTEN));
        assertThatThrownBy(this::open).isInstanceOf(WalException.Io.class);
        machine = machine.afterProcessEnd();
        DiskLog again = open();
        assertThat(again.nextId()).isEqualTo(1);
        again.append(filling);
        machine = machine.afterPowerFailure(NOTHING, memory);
        try (DiskLog last = open()) {
            assertThat(last.nextId()).as("the stale entry had id 2").isEqualTo(2);
        }
    }

    /// Of what is not synced, the last sector of the last file is left.
    private static IntUnaryOperator onlyTheLastOf(SimDisk disk) {
        int[] way = new int[disk.unsyncedParts().size()];
        way[way.length - 1] = 1;
        return PowerFailures.chooser(way);
    }

    @Test
    void closing_says_which_file_it_could_not_remove_and_gives_the_lock_back() {
        DiskLog log = open();
        while (log.info().fragments() == 0 || !machine.disk().list(log.id().directoryIn(
                SimMachine.BASE)).contains("standby_1")) {
            log.append(new byte[500]);
            machine.awaitBackground();
        }
        machine.faults().inject(Fault.failing(Step.NAMES, 1, EIO));
        assertThatThrownBy(log::close).isInstanceOf(WalException.Io.class)
                .hasMessageContaining("standby_1");
        open().close();
    }
}
