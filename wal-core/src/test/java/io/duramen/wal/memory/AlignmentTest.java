package io.duramen.wal.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, 3, 4095, 4097, Long.MIN_VALUE, Long.MAX_VALUE})
    void only_powers_of_two_are_alignments(long bytes) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Alignment(bytes))
                .withMessageContaining("[" + bytes + "]");
    }

    @ParameterizedTest
    @CsvSource({"0,0,0", "1,0,4096", "4095,0,4096", "4096,4096,4096", "4097,4096,8192"})
    void values_round_to_the_edges_around_them(long value, long down, long up) {
        assertThat(Alignment.PAGE.down(value)).isEqualTo(down);
        assertThat(Alignment.PAGE.up(value)).isEqualTo(up);
        assertThat(Alignment.PAGE.isAligned(value)).isEqualTo(down == up);
    }

    @Test
    void rounding_up_past_the_largest_long_fails_instead_of_turning_negative() {
        assertThatThrownBy(() -> Alignment.PAGE.up(Long.MAX_VALUE))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void negative_values_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Alignment.PAGE.up(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Alignment.PAGE.down(-4096));
    }

    @Test
    void a_buffer_is_aligned_zeroed_and_gone_after_close() {
        AlignedBuffer buffer = AlignedBuffer.allocate(5000, new Alignment(1 << 16));
        assertThat(buffer.memory().address() % (1 << 16)).isZero();
        assertThat(buffer.sizeBytes()).isEqualTo(5000);
        assertThat(MemoryPattern.isFilledWith(buffer.memory(), 0)).isTrue();
        buffer.close();
        buffer.close();
        assertThatThrownBy(() -> buffer.memory().fill((byte) 1))
                .isInstanceOf(IllegalStateException.class);
    }
}
