package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.format.FragmentGeometry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a hole must not make worse: damage in the fragment that gets it, or has it.
class HeadHoleDamageTest extends HeadHoleFixture {
    /// Writes the index word of entry 16, which is the seventh of its fragment.
    private void indexTo(long offset) {
        byte[] word = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) (offset / 8)).array();
        RawLog.write(raw.fragment(10), new FragmentGeometry(64 << 10).indexStart(7), word);
    }

    private RepairPlan repair(RepairPlan.Mode mode) {
        return LogRepair.apply(base, ORDERS, mode, environment.logs(), _ -> {}).plan();
    }

    @ParameterizedTest
    @ValueSource(longs = {1 << 13, 1 << 14, 1 << 20})
    void no_hole_is_made_by_an_index_that_fails_its_check(long flippedBit) {
        indexTo(raw.offsetOf(10, 16) ^ flippedBit);
        TrimOutcome outcome = log.trimBefore(16);
        assertThat(outcome.firstId()).isEqualTo(10);
        log.close();
        log = null;
        assertThat(repair(RepairPlan.Mode.DROP_DAMAGED).lost()).isEmpty();
        log = environment.open(base, ORDERS, PUNCHING);
        assertThat(contentsOf(log)).isEqualTo(entries(10, 24));
    }

    @Test
    void no_hole_is_made_at_a_group_whose_record_fails_its_check() {
        raw.damage(raw.fragment(10), raw.offsetOf(10, 16) - 40);
        assertThat(log.trimBefore(16).firstId()).isEqualTo(10);
    }

    /// Cutting the file under its mapping is what a page is that the device cannot read.
    @Test
    void a_page_that_cannot_be_read_keeps_no_whole_fragment_from_being_dropped() {
        log.close();
        log = environment.open(base, ORDERS, PUNCHING.withRetention(
                RetentionSettings.OFF.withEntries(15).withPunchHoles(true)));
        try (LogReader reader = log.read(ReadRange.from(10))) {
            reader.next();
            RawLog.cutFile(raw.fragment(10), 8192);
            append(30);
        }
        assertThat(log.firstId()).isGreaterThanOrEqualTo(30);
    }

    @ParameterizedTest
    @EnumSource
    void a_damaged_footer_or_header_around_a_hole_loses_nothing(RepairPlan.Mode mode) {
        log.trimBefore(16);
        log.close();
        raw.damage(raw.fragment(10), (64 << 10) - 4096 + 20);
        assertThat(repair(mode).lost()).isEmpty();
        raw.damage(raw.fragment(10), 40);
        assertThat(repair(mode).lost()).isEmpty();
        assertSound(16, 24);
        log = environment.open(base, ORDERS, PUNCHING);
        assertThat(contentsOf(log)).isEqualTo(entries(16, 24));
    }

    @ParameterizedTest
    @EnumSource
    void a_damaged_record_of_the_heads_group_loses_nothing(RepairPlan.Mode mode) {
        long at = raw.offsetOf(10, 16) - 40;
        log.trimBefore(16);
        log.close();
        raw.damage(raw.fragment(10), at);
        repair(mode);
        log = environment.open(base, ORDERS, PUNCHING);
        assertThat(contentsOf(log)).isEqualTo(entries(16, 24));
        log.trimBefore(18);
        log.close();
        assertSound(18, 24);
    }
}
