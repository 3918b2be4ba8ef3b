package io.duramen.wal.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.log.LogSettings;
import io.duramen.wal.probe.Warning.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExaminationTest {
    @TempDir
    Path base;

    private static Diagnosis diagnose(Machine machine, Path basePath) throws InterruptedException {
        return Diagnosis.of(new Examination(machine).run(basePath), LogSettings.defaults());
    }

    @Test
    void this_machine_is_examined_and_nothing_stays() throws InterruptedException {
        Diagnosis diagnosis = diagnose(Machine.local(), base.resolve("logs"));
        assertThat(base).isEmptyDirectory();
        assertThat(diagnosis.obstacle()).isEmpty();
        Findings findings = diagnosis.findings();
        assertThat(findings.storage().orElseThrow().fileSystem().directory()).isEqualTo(base);
        Trials trials = findings.trials().orElseThrow();
        assertThat(trials.files()).extracting(Trial::what).containsExactly(FileTrials.ALLOCATION,
                FileTrials.HOLES, FileTrials.LOCKS);
        assertThat(trials.modes()).extracting(Trial::what).containsExactly("auto", "buffered",
                "direct",
                "mapped");
        assertThat(trials.modes().getFirst().works()).isTrue();
        assertThat(trials.writeAndSync().count()).isBetween(20L, 400L);
        assertThat(trials.writeAndSync().p50Nanos()).isPositive()
                .isLessThanOrEqualTo(trials.writeAndSync().maxNanos());
    }

    @Test
    void a_file_system_in_memory_is_found_out() throws InterruptedException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(memory), "there is no file system in memory");
        Diagnosis diagnosis = diagnose(Machine.local(), memory.resolve("wal-test-not-there"));
        assertThat(diagnosis.isUsable()).isTrue();
        assertThat(diagnosis.warnings()).extracting(Warning::kind).contains(Kind.MEMORY)
                .doesNotContain(Kind.SYNC_TOO_FAST);
        assertThat(memory.resolve("wal-test-not-there")).doesNotExist();
    }

    @Test
    void syncs_that_take_no_time_are_noticed() throws InterruptedException {
        assertThat(diagnose(FakeMachine.healthy().withSyncsOf(700), base).warnings())
                .extracting(Warning::kind).contains(Kind.SYNC_TOO_FAST);
        assertThat(diagnose(FakeMachine.healthy(), base).warnings())
                .extracting(Warning::kind).doesNotContain(Kind.SYNC_TOO_FAST);
    }

    @Test
    void a_path_that_takes_no_directory_is_an_obstacle_and_the_machine_is_described_anyway()
            throws InterruptedException {
        Path kernel = Path.of("/proc/wal-test");
        assumeTrue(Files.isDirectory(kernel.getParent()), "there is no /proc");
        Diagnosis diagnosis = diagnose(Machine.local(), kernel);
        assertThat(diagnosis.obstacle().orElseThrow())
                .contains("/proc/wal-test cannot be used", "no directory can be created in /proc");
        assertThat(diagnosis.findings().storage().orElseThrow().fileSystem().type())
                .isEqualTo("proc");
        assertThat(diagnosis.findings().machine().java()).contains(
                System.getProperty("java.version"));
    }

    @Test
    void a_file_in_place_of_the_base_path_is_an_obstacle() throws Exception {
        Path file = Files.createFile(base.resolve("file"));
        Diagnosis diagnosis = diagnose(Machine.local(), file);
        assertThat(diagnosis.obstacle().orElseThrow()).contains(file + " is no directory");
        assertThat(diagnosis.findings().storage()).isEmpty();
    }

    @Test
    void a_full_disk_is_an_obstacle_and_nothing_stays() throws Exception {
        try (MountedDisk disk = MountedDisk.tmpfs(base, 64 << 10)) {
            Diagnosis diagnosis = diagnose(Machine.local(), disk.path());
            assertThat(diagnosis.obstacle().orElseThrow()).contains("ENOSPC");
            assertThat(diagnosis.warnings()).extracting(Warning::kind).contains(Kind.NO_ROOM);
            assertThat(disk.path()).isEmptyDirectory();
        }
    }

    @Test
    void a_disk_with_room_for_small_fragments_only_is_usable_with_a_warning() throws Exception {
        try (MountedDisk disk = MountedDisk.tmpfs(base, 16 << 20)) {
            Diagnosis diagnosis = diagnose(Machine.local(), disk.path());
            assertThat(diagnosis.obstacle()).isEmpty();
            assertThat(diagnosis.warnings()).extracting(Warning::kind).contains(Kind.NO_ROOM);
        }
    }

    @Test
    void a_file_system_that_ignores_syncs_is_found_out() throws Exception {
        try (MountedDisk disk = MountedDisk.ignoringSyncs(base)) {
            Diagnosis diagnosis = diagnose(Machine.local(), disk.path());
            assertThat(diagnosis.isUsable()).isTrue();
            assertThat(diagnosis.warnings()).extracting(Warning::kind).contains(Kind.SYNC_OFF);
        }
    }

    @Test
    void a_read_only_file_system_is_an_obstacle() throws Exception {
        try (MountedDisk disk = MountedDisk.tmpfs(base, 16 << 20)) {
            disk.makeReadOnly();
            assertThat(diagnose(Machine.local(), disk.path()).obstacle().orElseThrow())
                    .contains("Read-only file system");
        }
    }

    @Test
    void a_machine_without_the_system_calls_is_an_obstacle() throws Exception {
        Diagnosis diagnosis = diagnose(FakeMachine.healthy().withEnvironments(() -> {
            throw new UnsupportedOperationException("this is another system");
        }), base);
        assertThat(diagnosis.obstacle()).isEqualTo(Optional.of("this is another system"));
        assertThat(base).isEmptyDirectory();
    }

    @Test
    void an_interrupt_ends_it_and_nothing_stays() throws IOException {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> diagnose(FakeMachine.healthy(), base))
                .isInstanceOf(InterruptedException.class);
        assertThat(List.of(base.toFile().list())).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }
}
