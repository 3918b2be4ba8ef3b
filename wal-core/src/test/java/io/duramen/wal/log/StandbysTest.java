package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.fragment.FragmentFiles;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The next fragment's file is made ready, and filled with zeros, in the background.
class StandbysTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final long SIZE = 32 << 10;
    private static final LogSettings FOUR_EACH =
            LogSettings.defaults().withIoMode(IoMode.BUFFERED)
                    .withFragmentSizeBytes(SIZE).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private final RawLog raw = new RawLog(Path.of("unused"), ORDERS);

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open(long bytesPerSecond) {
        return environment.open(base, ORDERS,
                FOUR_EACH.withStandby(new StandbySettings(bytesPerSecond, 0)));
    }

    private static void append(DiskLog log, int count) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes("entry " + log.nextId())));
    }

    private static StandbyInfo standby(DiskLog log) {
        return log.info().storage().standby();
    }

    private Path standbyFile() {
        return raw().directory().resolve("standby_1");
    }

    private RawLog raw() {
        return new RawLog(base, raw.id());
    }

    @Test
    void the_next_file_is_filled_as_soon_as_it_is_there() {
        try (DiskLog log = open(1 << 20)) {
            append(log, 2);
            assertThat(standby(log).files()).isZero();
            append(log, 1);
            assertThat(standby(log).files()).isEqualTo(1);
            assertThat(standby(log).preWriting()).isTrue();
            assertThat(standby(log).preWrittenBytes()).isEqualTo(SIZE);
            append(log, 2);
            assertThat(standby(log).files()).isZero();
            assertThat(contentsOf(log)).hasSize(5);
        }
    }

    @Test
    void it_is_filled_no_faster_than_the_settings_say() {
        try (DiskLog log = open(8 << 10)) {
            append(log, 3);
            assertThat(standby(log).preWrittenBytes()).isEqualTo(8 << 10);
            assertThat(environment.timer().delays()).contains(Duration.ofSeconds(1));
            environment.timer().run(Duration.ofSeconds(1));
            assertThat(standby(log).preWrittenBytes()).isEqualTo(16 << 10);
            environment.runTimer();
            assertThat(standby(log).preWrittenBytes()).isEqualTo(SIZE);
            assertThat(environment.faults().count(Kind.WRITE, standbyFile())).isEqualTo(4);
            assertThat(environment.faults().count(Kind.SYNC, standbyFile())).isEqualTo(5);
        }
    }

    @Test
    void a_file_that_is_filled_in_part_is_used_and_filled_no_further() {
        try (DiskLog log = open(8 << 10)) {
            append(log, 5);
            assertThat(raw().fragments()).hasSize(2);
            environment.runTimer();
            append(log, 2);
            environment.runTimer();
            assertThat(environment.faults().count(Kind.WRITE, standbyFile()))
                    .as("zeros once, then the header").isEqualTo(2);
            assertThat(contentsOf(log)).hasSize(7).endsWith("6:entry 6");
        }
        try (DiskLog log = open(8 << 10)) {
            assertThat(contentsOf(log)).hasSize(7);
        }
    }

    @Test
    void it_can_be_switched_off() {
        try (DiskLog log = open(0)) {
            append(log, 3);
            environment.runTimer();
            assertThat(standby(log).files()).isEqualTo(1);
            assertThat(standby(log).preWriting()).isFalse();
            assertThat(standby(log).preWrittenBytes()).isZero();
            assertThat(environment.faults().count(Kind.WRITE, standbyFile())).isZero();
        }
    }

    @Test
    void where_entries_are_stored_into_a_mapping_files_are_allocated_and_no_more() {
        try (DiskLog log =
                environment.open(base, ORDERS, FOUR_EACH.withIoMode(IoMode.MAPPED))) {
            append(log, 3);
            assertThat(standby(log).files()).isEqualTo(1);
            assertThat(standby(log).preWriting()).isFalse();
            assertThat(environment.faults().count(Kind.WRITE, standbyFile())).isZero();
        }
    }

    @Test
    void a_log_that_is_closed_fills_no_more_and_leaves_no_standby() {
        try (DiskLog log = open(8 << 10)) {
            append(log, 3);
        }
        long writes = environment.faults().count(Kind.WRITE, standbyFile());
        environment.runTimer();
        assertThat(environment.faults().count(Kind.WRITE, standbyFile())).isEqualTo(writes);
        assertThat(raw().names()).noneMatch(name -> name.startsWith("standby_"));
    }

    @Test
    void a_file_that_is_being_filled_just_now_is_waited_for_on_a_full_disk() throws Exception {
        try (FaultyEnvironment full = FaultyEnvironment.open(1)) {
            Standbys standbys = new Standbys(full.logs(),
                    new FragmentFiles(full.logs().disk(), full.scheduler(), base), FOUR_EACH);
            full.scheduler().stopAt(
                    chain -> chain.operations().getFirst() instanceof IoOperation.Write);
            standbys.prepare();
            full.scheduler().awaitWaiting();
            full.faults().failAll(Kind.ALLOCATE, Faults.ENOSPC);
            CompletableFuture<FragmentFiles.Standby> taken =
                    CompletableFuture.supplyAsync(standbys::take);
            while (full.faults().count(Kind.ALLOCATE, base.resolve("standby_1")) == 0) {
                Thread.onSpinWait();
            }
            full.scheduler().goOn();
            FragmentFiles.Standby file = taken.get();
            assertThat(file.path()).isEqualTo(base.resolve("standby_0"));
            file.file().close();
            standbys.close();
        }
    }

    @Test
    void a_file_that_cannot_be_filled_is_given_up_and_the_log_goes_on() {
        for (Kind kind : new Kind[] {Kind.WRITE, Kind.SYNC}) {
            LogId id = LogId.of("log-" + kind);
            Path standby = id.directoryIn(base).resolve("standby_1");
            environment.faults().failFirst(call -> call.kind() == kind && call.isOn(standby)
                    && environment.faults().count(Kind.WRITE, standby) > 0, Faults.EIO);
            try (DiskLog log = environment.open(base, id, FOUR_EACH)) {
                append(log, 3);
                assertThat(standby(log).failure()).get().asString().contains("injected " + kind);
                assertThat(new RawLog(base, id).names()).doesNotContain("standby_1");
                append(log, 6);
                assertThat(log.info().poisonedBy()).isEmpty();
                assertThat(contentsOf(log)).hasSize(9);
            }
        }
    }
}
