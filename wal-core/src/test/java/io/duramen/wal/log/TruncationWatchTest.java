package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import org.junit.jupiter.api.Test;

class TruncationWatchTest {
    private final Truncations truncations = new Truncations();

    @Test
    void a_watch_that_rests_costs_the_same_after_any_number_of_truncations() {
        TruncationWatch resting = new TruncationWatch(truncations);
        for (int end = 10; end < 10_000; end++) {
            truncations.add(end);
        }
        assertThat(truncations.remembered()).isOne();
        assertThat(resting.check(10)).isTrue();
        assertThat(resting.isBehind()).isFalse();
    }

    @Test
    void of_those_it_has_not_seen_the_lowest_counts() {
        TruncationWatch watch = new TruncationWatch(truncations);
        truncations.add(30);
        truncations.add(10);
        truncations.add(20);
        assertThatThrownBy(() -> watch.check(11)).isInstanceOfSatisfying(
                WalException.Truncated.class, lost -> assertThat(lost.nextId()).isEqualTo(10));
        assertThatThrownBy(() -> watch.check(1)).as("for ever")
                .isInstanceOf(WalException.Truncated.class);
    }

    @Test
    void one_that_was_seen_does_not_count_again() {
        TruncationWatch watch = new TruncationWatch(truncations);
        truncations.add(10);
        assertThat(watch.check(5)).isTrue();
        assertThat(watch.check(11)).as("it has read on in the new life").isFalse();
        truncations.add(20);
        assertThat(watch.check(20)).isTrue();
        assertThat(watch.check(30)).isFalse();
    }

    @Test
    void watches_that_began_at_different_times_are_told_of_different_truncations() {
        TruncationWatch early = new TruncationWatch(truncations);
        truncations.add(5);
        TruncationWatch late = new TruncationWatch(truncations);
        assertThat(late.isBehind()).isFalse();
        truncations.add(8);
        assertThat(late.check(8)).isTrue();
        assertThatThrownBy(() -> early.check(8)).isInstanceOf(WalException.Truncated.class);
    }
}
