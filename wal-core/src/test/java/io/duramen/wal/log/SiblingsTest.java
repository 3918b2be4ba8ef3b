package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SiblingsTest {
    private final Siblings siblings = new Siblings();

    @Test
    void before_anything_was_answered_nobody_is_missing() {
        assertThat(siblings.areMissing(0)).isFalse();
    }

    @Test
    void a_caller_who_was_alone_is_all_there_is_when_it_is_back() {
        siblings.answered(1, 0, 1000, 50);
        assertThat(siblings.areMissing(1)).isFalse();
    }

    @Test
    void those_who_were_answered_are_expected_beside_those_who_wait_already() {
        siblings.answered(3, 2, 1000, 50);
        assertThat(siblings.areMissing(4)).isTrue();
        assertThat(siblings.areMissing(5)).isFalse();
    }

    @Test
    void they_are_waited_for_half_as_long_as_the_group_took() {
        siblings.answered(3, 0, 1000, 50);
        assertThat(siblings.leftNanos(50)).isEqualTo(500);
        assertThat(siblings.leftNanos(550)).isZero();
        assertThat(siblings.leftNanos(5000)).isNegative();
    }

    @Test
    void who_did_not_come_back_is_not_expected_again() {
        siblings.answered(3, 0, 1000, 50);
        siblings.answered(2, 0, 1000, 2000);
        assertThat(siblings.areMissing(2)).isFalse();
    }
}
