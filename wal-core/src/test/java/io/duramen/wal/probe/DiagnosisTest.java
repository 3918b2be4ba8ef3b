package io.duramen.wal.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.posix.DeviceFacts;
import io.duramen.wal.io.posix.DeviceFacts.Medium;
import io.duramen.wal.io.posix.DeviceFacts.WriteCache;
import io.duramen.wal.io.uring.RingProbe;
import io.duramen.wal.log.IoMode;
import io.duramen.wal.log.LogSettings;
import io.duramen.wal.probe.Warning.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Judgements on given facts; nothing is tried out.
class DiagnosisTest {
    private static final Path BASE = Path.of("/srv/logs");
    private static final LogSettings SETTINGS = LogSettings.defaults();
    private static final long FRAGMENT = SETTINGS.fragmentSizeBytes();

    private static Trials trials(long p50Nanos, Trial... failed) {
        List<Trial> files = new ArrayList<>(List.of(
                new Trial(FileTrials.ALLOCATION, true, ""), new Trial(FileTrials.HOLES, true, ""),
                new Trial(FileTrials.LOCKS, true, "")));
        List<Trial> modes = new ArrayList<>(List.of(new Trial("buffered", true, ""),
                new Trial("direct", true, ""), new Trial("mapped", true, "")));
        for (Trial trial : failed) {
            files.replaceAll(it -> it.what().equals(trial.what()) ? trial : it);
            modes.replaceAll(it -> it.what().equals(trial.what()) ? trial : it);
        }
        return new Trials(files, modes, new Latency(100, p50Nanos, 0, 0, 0, 0));
    }

    private static Diagnosis diagnose(FakeMachine machine, Trials trials, LogSettings settings) {
        return Diagnosis.of(new Findings(BASE, machine.facts(), machine.ring(),
                machine.registration(1 << 24), Optional.of(machine.storage(BASE)),
                Optional.of(trials), Optional.empty()), settings);
    }

    private static List<Warning> warnings(FakeMachine machine) {
        return diagnose(machine, trials(machine.tickNanos()), SETTINGS).warnings();
    }

    private static void assertOnly(Kind kind, FakeMachine machine, String... words) {
        assertThat(warnings(machine)).singleElement().satisfies(warning -> {
            assertThat(warning.kind()).isEqualTo(kind);
            assertThat(warning.sentence()).contains(words);
        });
    }

    @Test
    void a_healthy_machine_gets_no_warning() {
        Diagnosis diagnosis = diagnose(FakeMachine.healthy(), trials(150_000), SETTINGS);
        assertThat(diagnosis.warnings()).isEmpty();
        assertThat(diagnosis.isUsable()).isTrue();
    }

    @Test
    void memory_keeps_nothing_and_is_not_suspected_of_lying_too() {
        assertOnly(Kind.MEMORY,
                FakeMachine.healthy().withFileSystem("tmpfs", false).withDevice(null)
                        .withSyncsOf(900),
                "tmpfs", "nothing survives", "disk");
        assertOnly(Kind.MEMORY, FakeMachine.healthy().withSyncsOf(900).withDevice(
                new DeviceFacts("zram0", WriteCache.NONE, Medium.MEMORY)), "ext4");
    }

    @Test
    void a_network_file_system_is_only_as_good_as_its_server() {
        assertOnly(Kind.NETWORK,
                FakeMachine.healthy().withFileSystem("nfs", true).withDevice(null), "nfs",
                "local disk");
    }

    @Test
    void a_sync_that_is_quicker_than_any_device_is_not_believed() {
        assertOnly(Kind.SYNC_TOO_FAST, FakeMachine.healthy().withSyncsOf(19_999), "20.0 us",
                "20 us", "libeatmydata");
        assertThat(warnings(FakeMachine.healthy().withSyncsOf(20_000))).isEmpty();
    }

    @Test
    void a_device_without_volatile_cache_may_be_quicker() {
        FakeMachine protectedCache = FakeMachine.healthy().withDevice(
                new DeviceFacts("nvme0n1", WriteCache.NONE, Medium.DEVICE));
        assertThat(warnings(protectedCache.withSyncsOf(9_000))).isEmpty();
        assertOnly(Kind.SYNC_TOO_FAST, protectedCache.withSyncsOf(1_500), "1.5 us", "7 us");
    }

    @Test
    void persistent_memory_may_be_as_quick_as_it_likes() {
        assertThat(warnings(FakeMachine.healthy().withSyncsOf(900).withDevice(
                new DeviceFacts("pmem0", WriteCache.NONE, Medium.PERSISTENT_MEMORY)))).isEmpty();
    }

    @Test
    void mount_options_that_turn_syncs_off_are_named() {
        for (String option : List.of("nobarrier", "barrier=0", "volatile",
                "fsync=volatile")) {
            assertOnly(Kind.SYNC_OFF, FakeMachine.healthy().withOptions("rw", option),
                    "mounted with " + option);
        }
        assertThat(warnings(FakeMachine.healthy().withOptions("rw", "barrier=1"))).isEmpty();
    }

    @Test
    void there_is_room_for_a_fragment_and_the_next_one_or_a_warning() {
        assertThat(warnings(FakeMachine.healthy().withUsableBytes(2 * FRAGMENT))).isEmpty();
        assertOnly(Kind.NO_ROOM_FOR_STANDBY,
                FakeMachine.healthy().withUsableBytes(2 * FRAGMENT - 1), "second one");
        assertOnly(Kind.NO_ROOM_FOR_STANDBY, FakeMachine.healthy().withUsableBytes(FRAGMENT),
                "second one");
        assertOnly(Kind.NO_ROOM, FakeMachine.healthy().withUsableBytes(FRAGMENT - 1),
                FRAGMENT + " bytes", "smaller fragments");
        Diagnosis smaller = diagnose(FakeMachine.healthy().withUsableBytes(FRAGMENT - 1),
                trials(150_000), SETTINGS.withFragmentSizeBytes(1 << 20));
        assertThat(smaller.warnings()).isEmpty();
    }

    @Test
    void what_io_uring_lacks_is_said_and_stops_nobody() {
        assertOnly(Kind.RING, FakeMachine.healthy().withRing(
                new RingProbe(Optional.of("io_uring cannot be used: a filter forbids it"))),
                "a filter forbids it. Nothing is to be done");
        assertOnly(Kind.REGISTRATION, FakeMachine.healthy().withRegistrationRefusal(
                "io_uring goes on without registered buffers: raise ulimit -l"), "ulimit -l.");
    }

    @Test
    void what_files_lack_is_said_with_what_follows_from_it() {
        assertThat(List.of(FileTrials.ALLOCATION, FileTrials.HOLES, FileTrials.LOCKS))
                .allSatisfy(what -> assertThat(diagnose(FakeMachine.healthy(),
                        trials(150_000, new Trial(what, false, "this one cannot")), SETTINGS)
                                .warnings()).singleElement().satisfies(
                                        warning -> assertThat(warning.sentence())
                                                .contains("this one cannot")));
    }

    @Test
    void a_log_cannot_be_written_where_its_mode_does_not_work() {
        Trials noDirect = trials(150_000, new Trial("direct", false, "no O_DIRECT"));
        assertThat(diagnose(FakeMachine.healthy(), noDirect, SETTINGS).isUsable()).isTrue();
        Diagnosis direct = diagnose(FakeMachine.healthy(), noDirect,
                SETTINGS.withIoMode(IoMode.DIRECT));
        assertThat(direct.obstacle()).contains("no O_DIRECT");
    }

    @Test
    void without_trials_the_obstacle_is_the_finding() {
        FakeMachine machine = FakeMachine.healthy().withFileSystem("tmpfs", false);
        Diagnosis diagnosis = Diagnosis.of(new Findings(BASE, machine.facts(), machine.ring(),
                machine.registration(1), Optional.of(machine.storage(BASE)), Optional.empty(),
                Optional.of("read-only")), SETTINGS);
        assertThat(diagnosis.obstacle()).contains("read-only");
        assertThat(diagnosis.warnings()).extracting(Warning::kind).containsExactly(Kind.MEMORY);
    }

    @Test
    void the_gravest_warning_comes_first() {
        assertThat(warnings(FakeMachine.healthy().withFileSystem("tmpfs", true)
                .withUsableBytes(0).withRegistrationRefusal("no"))).extracting(Warning::kind)
                        .containsExactly(Kind.MEMORY, Kind.NETWORK, Kind.NO_ROOM,
                                Kind.REGISTRATION);
    }
}
