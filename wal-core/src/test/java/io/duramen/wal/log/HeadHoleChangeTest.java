package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentFinding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Truncations, snapshots and repairs of a log that starts inside its first fragment.
class HeadHoleChangeTest extends HeadHoleFixture {
    @Test
    void a_log_is_truncated_in_the_fragment_with_the_hole() {
        log.trimBefore(6);
        assertThat(log.truncateAfter(7).nextId()).isEqualTo(8);
        assertThat(contentsOf(log)).isEqualTo(entries(6, 8));
        append(4);
        reopen();
        assertThat(contentsOf(log)).isEqualTo(entries(6, 12));
        append(10);
        log.close();
        assertSound(6, 22);
    }

    @Test
    void a_log_is_truncated_to_its_head_and_goes_on() {
        log.trimBefore(6);
        assertThatThrownBy(() -> log.truncateAfter(4)).isInstanceOf(WalException.Trimmed.class);
        log.truncateAfter(5);
        assertThat(log.firstId()).isEqualTo(6);
        assertThat(log.nextId()).isEqualTo(6);
        log.close();
        assertSound(6, 6);
        log = environment.open(base, ORDERS, PUNCHING);
        append(9);
        assertThat(contentsOf(log)).isEqualTo(entries(6, 15));
        log.close();
        assertSound(6, 15);
    }

    @Test
    void a_snapshot_starts_where_the_log_does() {
        log.trimBefore(16);
        Path copies = base.resolve("copies");
        LogSnapshot.Result result = LogSnapshot.take(base, ORDERS, copies, environment.logs(),
                new LogSnapshot.Listener() {});
        assertThat(result.firstId()).isEqualTo(16);
        try (DiskLog copy = environment.open(copies, ORDERS, PUNCHING)) {
            assertThat(contentsOf(copy)).isEqualTo(entries(16, 24));
        }
    }

    @Test
    void damage_behind_the_hole_is_found_and_repaired_and_the_hole_is_no_loss() {
        long offset = raw.offsetOf(10, 17);
        log.trimBefore(15);
        log.close();
        raw.damage(raw.fragment(10), offset + 20);
        List<LogVerification.Finding> findings = new ArrayList<>();
        verify(findings);
        assertThat(findings).filteredOn(LogVerification.Finding::isDamage).singleElement()
                .satisfies(finding -> assertThat(finding.what().entryId()).isEqualTo(17));
        RepairPlan plan = LogRepair.apply(base, ORDERS, RepairPlan.Mode.DROP_DAMAGED,
                environment.logs(), _ -> {}).plan();
        assertThat(plan.lost()).singleElement().satisfies(lost -> {
            assertThat(lost.firstId()).isEqualTo(17);
            assertThat(lost.lastId()).isEqualTo(17);
        });
        findings.clear();
        LogVerification.Result result = verify(findings);
        assertThat(findings).extracting(finding -> finding.what().severity())
                .containsOnly(FragmentFinding.Severity.NOTE);
        assertThat(result.lost()).isOne();
        assertThat(result.entries()).isEqualTo(8);
        log = environment.open(base, ORDERS, PUNCHING);
        assertThat(log.firstId()).isEqualTo(15);
    }

    @Test
    void a_cut_repair_in_front_of_the_first_entry_leaves_a_log_that_goes_on_from_its_head() {
        long offset = raw.offsetOf(10, 15);
        log.trimBefore(15);
        log.close();
        raw.damage(raw.fragment(10), offset + 20);
        RepairPlan plan = LogRepair.apply(base, ORDERS, RepairPlan.Mode.CUT,
                environment.logs(), _ -> {}).plan();
        assertThat(plan.nextId()).isEqualTo(15);
        log = environment.open(base, ORDERS, PUNCHING);
        assertThat(log.firstId()).isEqualTo(15);
        assertThat(log.nextId()).isEqualTo(15);
        append(3);
        assertThat(contentsOf(log)).isEqualTo(entries(15, 18));
    }

    @Test
    void a_fragment_with_nothing_but_trimmed_entries_goes_with_the_next_trim() {
        log.trimBefore(6);
        log.truncateAfter(5);
        log.close();
        log = environment.open(base, ORDERS, PUNCHING.withFragmentEntriesMax(6));
        append(12);
        assertThat(raw.fragments()).startsWith(raw.fragment(0), raw.fragment(6));
        TrimOutcome outcome = log.trimBefore(6);
        assertThat(outcome.firstId()).isEqualTo(6);
        assertThat(outcome.fragments()).isOne();
        assertThat(raw.fragments()).startsWith(raw.fragment(6));
        assertThat(contentsOf(log)).isEqualTo(entries(6, 18));
        log.close();
        assertSound(6, 18);
    }

    @ParameterizedTest
    @ValueSource(longs = {14, 17})
    void a_fragment_with_nothing_but_trimmed_entries_goes_with_a_truncation(long lastId) {
        log.trimBefore(6);
        log.truncateAfter(5);
        log.close();
        log = environment.open(base, ORDERS, PUNCHING.withFragmentEntriesMax(6));
        append(12);
        log.truncateAfter(lastId);
        assertThat(raw.fragments()).containsExactly(raw.fragment(6), raw.fragment(12));
        assertThat(log.trimBefore(12).firstId()).isEqualTo(12);
        assertThat(contentsOf(log)).isEqualTo(entries(12, (int) lastId + 1));
    }

    @Test
    void a_snapshot_leaves_out_a_fragment_that_is_trimmed_before_its_copy() {
        log.trimBefore(3);
        AtomicBoolean trimmed = new AtomicBoolean();
        try (LogReader reader = log.read(ReadRange.from(5))) {
            reader.next(); // so that its file keeps its name
            assertThat(snapshot(() -> {
                if (trimmed.compareAndSet(false, true)) {
                    log.trimBefore(12);
                }
            }).firstId()).isEqualTo(12);
        }
    }

    @Test
    void a_snapshot_begins_anew_where_a_fragment_was_sealed_and_got_a_hole_meanwhile() {
        log.close();
        raw.unseal(10);
        AtomicBoolean trimmed = new AtomicBoolean();
        assertThat(snapshot(() -> {
            if (trimmed.compareAndSet(false, true)) {
                log = environment.open(base, ORDERS, PUNCHING);
                log.trimBefore(16);
            }
        }).firstId()).isEqualTo(16);
    }

    /// @param whenCopied run after each piece
    private LogSnapshot.Result snapshot(Runnable whenCopied) {
        return LogSnapshot.take(base, ORDERS, base.resolve("copies"), environment.logs(),
                new LogSnapshot.Listener() {
                    @Override
                    public void copied(long sizeBytes) {
                        whenCopied.run();
                    }
                });
    }
}
