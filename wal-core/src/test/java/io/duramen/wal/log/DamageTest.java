package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.duramen.wal.WalException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was promised and is not there is never passed over: opening names the place and changes
/// nothing.
class DamageTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private LogEnvironment environment;
    private RawLog closed;
    private RawLog crashed;

    /// Six entries: 0 to 3 in a sealed fragment, 4 and 5 in the one that grows.
    @BeforeEach
    void write() {
        environment = LogEnvironment.open(1, 4);
        closed = new RawLog(base.resolve("closed"), ORDERS);
        try (DiskLog log = open(closed)) {
            for (int i = 0; i < 6; i++) {
                log.append(bytes("entry " + i));
            }
            awaitSealed(closed, 0);
            crashed = closed.copyTo(base.resolve("crashed"));
        }
    }

    @AfterEach
    void close() {
        environment.close();
    }

    static void awaitSealed(RawLog raw, long firstId) {
        while (!raw.isSealed(firstId)) {
            Thread.onSpinWait();
        }
    }

    private DiskLog open(RawLog raw) {
        return DiskLog.open(raw.base(), ORDERS, FOUR_EACH, environment);
    }

    private void assertRefused(RawLog raw, long fragment, long entryId, long offset, String why) {
        var before = raw.fingerprint();
        var refusal = catchThrowableOfType(WalException.Corrupt.class, () -> open(raw));
        assertThat(refusal).isNotNull().hasMessageContaining(why);
        assertThat(refusal.file()).isEqualTo(raw.fragment(fragment));
        assertThat(refusal.entryId()).isEqualTo(entryId);
        assertThat(refusal.offset()).isEqualTo(offset);
        assertThat(raw.fingerprint()).isEqualTo(before);
        assertThatThrownBy(() -> open(raw)).isInstanceOf(WalException.Corrupt.class);
    }

    @Test
    void an_undamaged_crash_keeps_everything() {
        try (DiskLog log = open(crashed)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(contentsOf(log)).hasSize(6).endsWith("5:entry 5");
        }
    }

    @Test
    void an_entry_that_a_later_group_record_proves_is_damage() {
        long offset = crashed.offsetOf(4, 4);
        crashed.damage(crashed.fragment(4), offset + 8);
        crashed.forgetStatus();
        assertRefused(crashed, 4, 4, offset, "a later group record");
    }

    @Test
    void the_last_entry_of_a_log_closed_cleanly_is_proven_by_the_closing_record() {
        long offset = closed.offsetOf(4, 5);
        closed.damage(closed.fragment(4), offset);
        closed.forgetStatus();
        assertRefused(closed, 4, 5, offset, "a later group record");
    }

    @Test
    void an_entry_that_was_wiped_out_is_proven_by_the_closing_record() {
        long offset = closed.offsetOf(4, 5);
        RawLog.write(closed.fragment(4), offset, new byte[16]);
        closed.forgetStatus();
        assertRefused(closed, 4, 5, offset, "a later group record");
    }

    @Test
    void the_last_entry_of_a_crashed_log_is_proven_by_the_status() {
        long offset = crashed.offsetOf(4, 5);
        crashed.damage(crashed.fragment(4), offset + 9);
        assertRefused(crashed, 4, 5, offset, "the writer's status");
    }

    @Test
    void a_wiped_tail_is_proven_by_the_status() {
        long offset = crashed.offsetOf(4, 4);
        long group = offset - 48;
        RawLog.write(crashed.fragment(4), group, new byte[4096]);
        assertRefused(crashed, 4, 4, group, "the writer's status");
    }

    @Test
    void the_last_entry_of_a_crashed_log_without_a_witness_is_a_torn_tail() {
        crashed.damage(crashed.fragment(4), crashed.offsetOf(4, 5) + 9);
        crashed.forgetStatus();
        try (DiskLog log = open(crashed)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.CUT);
            assertThat(contentsOf(log)).hasSize(5).endsWith("4:entry 4");
        }
    }

    @Test
    void a_status_page_that_was_hit_itself_proves_nothing() {
        RawLog.write(crashed.lock(), 48, new byte[] {99});
        try (DiskLog log = open(crashed)) {
            assertThat(contentsOf(log)).hasSize(6);
        }
    }

    @Test
    void an_entry_that_a_later_fragment_proves_is_damage() {
        long offset = crashed.offsetOf(0, 3);
        crashed.unseal(0);
        crashed.damage(crashed.fragment(0), offset + 8);
        crashed.forgetStatus();
        assertRefused(crashed, 0, 3, offset, "a later fragment");
    }

    @Test
    void nothing_is_sealed_while_something_else_is_damaged() {
        long offset = crashed.offsetOf(4, 4);
        crashed.unseal(0);
        crashed.damage(crashed.fragment(4), offset + 8);
        assertRefused(crashed, 4, 4, offset, "proves that it was durable");
    }

    @Test
    void a_damaged_entry_of_a_sealed_fragment_is_found_when_it_is_read() {
        long offset = closed.offsetOf(0, 2);
        closed.damage(closed.fragment(0), offset + 8);
        try (DiskLog log = open(closed); LogReader reader = log.read(ReadRange.from(0))) {
            assertThat(List.of(reader.next().id(), reader.next().id())).containsExactly(0L, 1L);
            assertThatThrownBy(reader::next).isInstanceOfSatisfying(
                    WalException.Corrupt.class, corrupt -> {
                        assertThat(corrupt.entryId()).isEqualTo(2);
                        assertThat(corrupt.offset()).isEqualTo(offset);
                        assertThat(corrupt.file()).isEqualTo(closed.fragment(0));
                    });
        }
    }

    @Test
    void a_view_refuses_what_recovery_refuses() {
        crashed.damage(crashed.fragment(4), crashed.offsetOf(4, 5) + 9);
        var before = crashed.fingerprint();
        assertThatThrownBy(() -> LogView.open(crashed.base(), ORDERS, environment.disk(),
                environment.scheduler())).isInstanceOf(WalException.Corrupt.class);
        assertThat(crashed.fingerprint()).isEqualTo(before);
    }
}
