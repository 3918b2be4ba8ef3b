package io.duramen.wal.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.Disk;
import io.duramen.wal.io.DiskNamesContract;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoFile.Mapping;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.sim.SimFaults.Fate;
import io.duramen.wal.sim.SimFaults.Fault;
import io.duramen.wal.sim.SimFaults.Step;
import io.duramen.wal.sim.SimFaults.Unsynced;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A disk like any other as far as names go, until the power fails.
class SimDiskTest extends DiskNamesContract {
    private static final int EIO = 5;

    private final Arena memory = Arena.ofShared();
    private SimDisk sim;

    @Override
    protected Disk newDisk() {
        sim = new SimDisk(memory, new SimFaults(Dice.FIRST));
        sim.addOldDirectory(directory);
        return sim;
    }

    @Override
    protected IoScheduler newScheduler() {
        return new SimScheduler();
    }

    @AfterEach
    void free() {
        memory.close();
    }

    /// What a power failure now may leave, each told by `look`.
    private Set<String> left(Function<SimDisk, String> look) {
        Set<String> left = new TreeSet<>();
        for (int[] way : PowerFailures.of(sim, 1 << 16)) {
            left.add(look.apply(SimDisk.holding(
                    sim.imageAfterPowerFailure(PowerFailures.chooser(way)), memory,
                    new SimFaults(Dice.FIRST))));
        }
        return left;
    }

    private String names(SimDisk disk) {
        return disk.list(directory).toString();
    }

    /// The first byte of each sector.
    private String sectors(SimDisk disk) {
        byte[] content = disk.files().get(path);
        StringBuilder sectors = new StringBuilder();
        for (int at = 0; at < content.length; at += SimFile.SECTOR) {
            sectors.append(content[at]);
        }
        return sectors.toString();
    }

    private IoFile oldFile(int sizeBytes) {
        IoFile file = disk.create(path);
        file.allocate(0, sizeBytes);
        sync(file);
        disk.syncDirectory(directory);
        return file;
    }

    private void sync(IoFile file) {
        scheduler.execute(IoChain.of(new IoOperation.Fdatasync(file))).orThrow();
    }

    @Test
    void a_new_file_may_be_lost_until_its_directory_is_synced() {
        disk.create(path).close();
        assertThat(left(this::names)).containsExactly("[]", "[file]");
        disk.syncDirectory(directory);
        assertThat(left(this::names)).containsExactly("[file]");
    }

    @Test
    void each_rename_and_each_delete_may_be_lost_by_itself() {
        for (String name : new String[] {"a", "b"}) {
            disk.create(directory.resolve(name)).close();
        }
        disk.syncDirectory(directory);
        disk.rename(directory.resolve("a"), directory.resolve("c"));
        disk.delete(directory.resolve("b"));
        assertThat(left(this::names)).containsExactly("[a, b]", "[a]", "[b, c]", "[c]");
        disk.syncDirectory(directory);
        assertThat(left(this::names)).containsExactly("[c]");
    }

    @Test
    void a_directory_that_is_lost_takes_along_what_is_in_it() {
        Path log = directory.resolve("log");
        disk.createDirectory(log);
        disk.create(log.resolve("file")).close();
        disk.syncDirectory(log);
        assertThat(left(it -> it.exists(log) ? it.list(log).toString() : "lost"))
                .containsExactly("[file]", "lost");
        disk.syncDirectory(directory);
        assertThat(left(it -> it.list(log).toString())).containsExactly("[file]");
    }

    @Test
    void of_what_was_not_synced_any_sectors_may_be_left() {
        try (IoFile file = oldFile(3 * SimFile.SECTOR)) {
            write(file, 0, filled(3 * SimFile.SECTOR, 1));
            assertThat(left(this::sectors)).containsExactly("000", "001", "010", "011", "100",
                    "101", "110", "111");
            sync(file);
            assertThat(left(this::sectors)).containsExactly("111");
        }
    }

    @Test
    void a_sector_that_was_written_twice_may_be_in_any_of_its_states() {
        try (IoFile file = oldFile(SimFile.SECTOR)) {
            write(file, 0, filled(10, 1));
            write(file, 0, filled(10, 2));
            assertThat(left(this::sectors)).containsExactly("0", "1", "2");
        }
    }

    @Test
    void a_new_size_may_be_lost() {
        try (IoFile file = oldFile(SimFile.SECTOR)) {
            file.allocate(0, 2 * SimFile.SECTOR);
            assertThat(left(this::sectors)).containsExactly("0", "00");
            sync(file);
            assertThat(left(this::sectors)).containsExactly("00");
        }
    }

    @Test
    void stores_through_a_mapping_may_be_left_by_sector_and_half_done() {
        try (IoFile file = oldFile(2 * SimFile.SECTOR)) {
            MemorySegment mapping = file.map(Mapping.READ_WRITE, 0, 2 * SimFile.SECTOR, memory);
            mapping.fill((byte) 1);
            assertThat(left(this::sectors)).containsExactly("00", "01", "10", "11");
            assertThat(left(it -> Arrays.toString(lines(it)))).contains(
                    "[1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]",
                    "[1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]");
            sync(file);
            mapping.set(ValueLayout.JAVA_BYTE, SimFile.SECTOR, (byte) 2);
            sim.noteStores();
            mapping.set(ValueLayout.JAVA_BYTE, SimFile.SECTOR, (byte) 3);
            assertThat(left(this::sectors)).containsExactly("11", "12", "13");
        }
    }

    private byte[] lines(SimDisk disk) {
        byte[] content = disk.files().get(path);
        byte[] lines = new byte[content.length / 64];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = content[i * 64];
        }
        return lines;
    }

    @Test
    void a_process_that_ends_leaves_what_was_shown() {
        try (IoFile file = disk.create(path)) {
            write(file, 0, (byte) 7);
        }
        SimDisk next = sim.afterProcessEnd(new SimFaults(Dice.FIRST));
        assertThat(next.files().get(path)).containsExactly(7);
        assertThat(next.tryLock(path)).isPresent();
    }

    private void failNextSync(Unsynced unsynced) {
        sim.faults().inject(new Fault(Step.SYNC, 1, Fate.FAILS, EIO, unsynced));
    }

    @Test
    void a_failed_sync_leaves_its_bytes_forgotten_reverted_or_to_be_synced_later() {
        try (IoFile file = oldFile(SimFile.SECTOR)) {
            int value = 0;
            for (Unsynced unsynced : Unsynced.values()) {
                int before = value++;
                write(file, 0, (byte) value);
                failNextSync(unsynced);
                assertThatThrownBy(() -> sync(file)).isInstanceOf(WalException.Io.class);
                assertThat(read(file, 0, 1)).containsExactly(
                        unsynced == Unsynced.REVERTED ? before : value);
                sync(file);
                if (unsynced == Unsynced.FORGOTTEN) {
                    assertThat(left(this::sectors)).containsExactly("" + before);
                    write(file, 0, (byte) value); // shown again, and so written
                    sync(file);
                }
                assertThat(left(this::sectors)).containsExactly(
                        "" + (unsynced == Unsynced.REVERTED ? before : value));
            }
        }
    }

    @Test
    void a_lost_write_is_shown_until_the_power_fails() {
        try (IoFile file = oldFile(SimFile.SECTOR)) {
            sim.faults().inject(new Fault(Step.WRITE, 1, Fate.LOST, 0, Unsynced.KEPT));
            write(file, 0, (byte) 1);
            sync(file);
            assertThat(read(file, 0, 1)).containsExactly(1);
            assertThat(left(this::sectors)).containsExactly("0");
        }
    }

    @Test
    void a_misdirected_write_reaches_the_device_somewhere_else() {
        try (IoFile file = oldFile(2 * SimFile.SECTOR)) {
            sim.faults().inject(new Fault(Step.WRITE, 1, Fate.MISDIRECTED, 0, Unsynced.KEPT));
            write(file, SimFile.SECTOR, filled(SimFile.SECTOR, 1));
            sync(file);
            assertThat(read(file, SimFile.SECTOR, 1)).containsExactly(1);
            assertThat(left(this::sectors)).containsExactly("10");
        }
    }

    @Test
    void what_is_done_with_a_file_after_a_failed_sync_is_noted() {
        try (IoFile file = oldFile(SimFile.SECTOR)) {
            write(file, 0, (byte) 1);
            failNextSync(Unsynced.FORGOTTEN);
            assertThatThrownBy(() -> sync(file)).isInstanceOf(WalException.Io.class);
            assertThat(sim.faults().violations()).isEmpty();
            sync(file);
            assertThat(sim.faults().violations()).singleElement().asString()
                    .contains("SYNC of", path.toString());
        }
    }

    @Test
    void a_choice_of_ways_is_bounded_where_there_are_too_many() {
        try (IoFile file = oldFile(20 * SimFile.SECTOR)) {
            write(file, 0, filled(20 * SimFile.SECTOR, 1));
            assertThat(PowerFailures.of(sim, 1 << 10)).hasSizeLessThan(200);
            assertThat(PowerFailures.of(sim, 1 << 20)).hasSize(1 << 20);
        }
    }
}
