package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.RawLog.Crafted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSnapshotTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path directory;
    private FaultyEnvironment environment;
    private RawLog raw;
    private RawLog copy;

    @BeforeEach
    void open() {
        environment = FaultyEnvironment.open(4);
        raw = new RawLog(directory.resolve("logs"), ORDERS);
        copy = new RawLog(directory.resolve("backup/today"), ORDERS);
    }

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open(RawLog log) {
        return DiskLog.open(log.base(), ORDERS, FOUR_EACH, environment.logs());
    }

    private void append(DiskLog log, int from, int to) {
        IntStream.range(from, to).forEach(i -> log.append(bytes("entry " + i)));
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> i + ":entry " + i).toList();
    }

    private LogSnapshot.Result snapshot() {
        return LogSnapshot.take(raw.base(), ORDERS, copy.base(), environment.logs(),
                new LogSnapshot.Listener() {});
    }

    private void checkCopy(int from, int to) {
        List<LogVerification.Finding> findings = new ArrayList<>();
        LogVerification.run(copy.base(), ORDERS, environment.logs().disk(), findings::add);
        assertThat(findings).isEmpty();
        try (DiskLog log = open(copy)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(log.recoveryReport().resealed()).isZero();
            assertThat(contentsOf(log)).isEqualTo(entries(from, to));
            assertThat(log.append(bytes("entry " + to))).isEqualTo(to);
        }
        LogVerification.run(copy.base(), ORDERS, environment.logs().disk(), findings::add);
        assertThat(findings).isEmpty();
    }

    @Test
    void a_closed_log_is_copied_and_stays_as_it_is() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        var before = raw.fingerprint();
        LogSnapshot.Result result = snapshot();
        assertThat(raw.fingerprint()).isEqualTo(before);
        assertThat(result.directory()).isEqualTo(copy.directory());
        assertThat(List.of(result.firstId(), result.nextId())).containsExactly(0L, 10L);
        assertThat(result.fragments()).isEqualTo(3);
        assertThat(result.live()).isFalse();
        assertThat(copy.closedEnd()).isPresent();
        checkCopy(0, 10);
        assertThat(raw.fingerprint()).isEqualTo(before);
    }

    @Test
    void a_log_that_is_open_is_copied_up_to_what_is_durable_and_goes_on() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 9);
            log.append(Payload.of(bytes("not durable")), Durability.WRITTEN);
            LogSnapshot.Result result = snapshot();
            assertThat(result.live()).isTrue();
            assertThat(result.nextId()).isEqualTo(9);
            append(log, 10, 14);
        }
        checkCopy(0, 9);
    }

    @Test
    void a_log_without_entries_is_copied() {
        open(raw).close();
        assertThat(snapshot().fragments()).isZero();
        checkCopy(0, 0);
    }

    @Test
    void a_log_that_was_trimmed_keeps_its_ids() throws IOException {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        raw.trimTo(4);
        assertThat(snapshot().firstId()).isEqualTo(4);
        checkCopy(4, 10);
    }

    @Test
    void an_empty_last_fragment_is_copied_where_it_is_the_only_one() throws IOException {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        RawLog.write(raw.fragment(8), 4096, new byte[8 << 10]);
        raw.forgetStatus();
        raw.trimTo(8);
        assertThat(snapshot().nextId()).isEqualTo(8);
        checkCopy(8, 8);
    }

    @Test
    void a_fragment_that_is_not_sealed_yet_is_sealed_in_the_copy() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        raw.unseal(4);
        snapshot();
        assertThat(copy.isSealed(4)).isTrue();
        assertThat(raw.isSealed(4)).isFalse();
        checkCopy(0, 10);
    }

    @Test
    void a_torn_tail_is_not_copied() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        raw.craftGroup(8, 9, List.of(new Crafted("torn", true)));
        assertThat(snapshot().nextId()).isEqualTo(10);
        checkCopy(0, 10);
    }

    @Test
    void marks_of_lost_entries_are_copied() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        raw.damage(raw.fragment(0), raw.offsetOf(0, 2) + 8);
        LogRepair.apply(raw.base(), ORDERS, RepairPlan.Mode.DROP_DAMAGED, environment.logs(),
                _ -> {});
        assertThat(snapshot().nextId()).isEqualTo(10);
        try (DiskLog log = open(copy)) {
            assertThatThrownBy(() -> contentsOf(log))
                    .isInstanceOf(WalException.LostEntries.class);
        }
    }

    @Test
    void damage_anywhere_is_said_and_no_copy_is_left() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        long offset = raw.offsetOf(0, 2);
        raw.damage(raw.fragment(0), offset + 8);
        assertThatThrownBy(this::snapshot).isInstanceOfSatisfying(WalException.Corrupt.class,
                corrupt -> {
                    assertThat(corrupt.file()).isEqualTo(raw.fragment(0));
                    assertThat(corrupt.offset()).isEqualTo(offset);
                    assertThat(corrupt.entryId()).isEqualTo(2);
                });
        assertThat(copy.directory()).doesNotExist();
        assertThat(copy.base().resolve("snapshot_orders")).isDirectoryNotContaining(
                it -> it.getFileName().toString().startsWith("fragment_"));
    }

    @Test
    void what_is_there_is_never_replaced() throws IOException {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        snapshot();
        var before = copy.fingerprint();
        assertThatThrownBy(this::snapshot).isInstanceOf(WalException.UnusablePath.class)
                .hasMessageContaining("replaces nothing");
        assertThat(copy.fingerprint()).isEqualTo(before);
        assertThatThrownBy(() -> LogSnapshot.take(raw.base(), ORDERS, raw.base(),
                environment.logs(), new LogSnapshot.Listener() {}))
                        .isInstanceOf(WalException.UnusablePath.class);
        Path file = Files.writeString(directory.resolve("file"), "mine");
        assertThatThrownBy(() -> LogSnapshot.take(raw.base(), ORDERS, file, environment.logs(),
                new LogSnapshot.Listener() {})).isInstanceOf(WalException.UnusablePath.class);
    }

    @Test
    void what_an_interrupted_snapshot_left_is_used_again() throws IOException {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        Path left = Files.createDirectories(copy.base().resolve("snapshot_orders"));
        Files.write(left.resolve(raw.fragment(4).getFileName()), new byte[100]);
        Files.write(left.resolve("LOCK"), new byte[10]);
        snapshot();
        assertThat(left).doesNotExist();
        checkCopy(0, 10);
    }

    @Test
    void a_snapshot_that_is_killed_at_any_step_leaves_no_log_or_a_whole_one() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        LogEnvironment logs = environment.logs();
        boolean killed = true;
        for (int step = 1; killed; step++) {
            assertThat(step).isLessThan(100);
            copy = new RawLog(directory.resolve("backup-" + step), ORDERS);
            LogEnvironment killable = new LogEnvironment(KillableDisk.over(logs.disk(), step),
                    logs.scheduler(), logs.pool(), logs.clock(), logs.generations(),
                    logs.background(), logs.timer());
            try {
                LogSnapshot.take(raw.base(), ORDERS, copy.base(), killable,
                        new LogSnapshot.Listener() {});
                killed = false;
            } catch (KillableDisk.Killed _) {
                if (!Files.exists(copy.directory())) {
                    snapshot();
                }
            }
            checkCopy(0, 10);
        }
    }

    @Test
    void two_snapshots_to_one_place_at_a_time_are_refused() throws IOException {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        Path other = Files.createDirectories(copy.base().resolve("snapshot_orders"));
        LogDirectory temporary =
                new LogDirectory(environment.logs().disk(), ORDERS, copy.base(), other);
        try (WriterLock _ = WriterLock.acquire(temporary)) {
            assertThatThrownBy(this::snapshot).isInstanceOf(WalException.Locked.class);
        }
        snapshot();
        checkCopy(0, 10);
    }

    @Test
    void a_full_disk_leaves_no_copy() {
        try (DiskLog log = open(raw)) {
            append(log, 0, 10);
        }
        environment.faults().failNth(2, Faults.Kind.ALLOCATE, Faults.ENOSPC);
        assertThatThrownBy(this::snapshot).isInstanceOf(WalException.Io.class);
        assertThat(copy.directory()).doesNotExist();
        snapshot();
        checkCopy(0, 10);
    }

    @Test
    void snapshots_of_a_busy_log_are_whole_logs_that_hold_what_was_acknowledged()
            throws Exception {
        AtomicLong acknowledged = new AtomicLong(-1);
        AtomicBoolean stop = new AtomicBoolean();
        try (DiskLog log = open(raw)) {
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; !stop.get(); i++) {
                    acknowledged.set(log.append(bytes("entry " + i)));
                }
            });
            for (int round = 0; round < 8; round++) {
                copy = new RawLog(directory.resolve("backup-" + round), ORDERS);
                long before = acknowledged.get();
                LogSnapshot.Result result = snapshot();
                assertThat(result.nextId()).isGreaterThan(before);
                checkCopy(0, (int) result.nextId());
            }
            stop.set(true);
            writer.join();
        }
    }
}
