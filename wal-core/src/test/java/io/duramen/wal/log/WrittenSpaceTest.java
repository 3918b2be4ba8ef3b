package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.io.IoOperation;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WrittenSpaceTest {
    private static final long FILE = 1 << 20;
    private static final long STRIDE = 256 << 10;

    private static Optional<String> ahead(WrittenSpace space, long from, long to, boolean synced) {
        return space.ahead(null, from, to, synced).map(operation -> {
            IoOperation.Write zeros = (IoOperation.Write) operation;
            for (long i = 0; i < zeros.bytes().byteSize(); i += 512) {
                assertThat(zeros.bytes().get(ValueLayout.JAVA_BYTE, i)).isZero();
            }
            return zeros.offset() + " to " + (zeros.offset() + zeros.bytes().byteSize());
        });
    }

    @Test
    void the_first_small_group_has_zeros_written_behind_it_and_those_that_fit_in_there_have_not() {
        WrittenSpace space = new WrittenSpace(FILE, 0);
        assertThat(ahead(space, 4096, 8192, true)).contains("8192 to " + (8192 + STRIDE));
        assertThat(ahead(space, 8192, 12288, true)).isEmpty();
        assertThat(ahead(space, 8192 + STRIDE - 4096, 8192 + STRIDE, true)).isEmpty();
        assertThat(ahead(space, 8192 + STRIDE - 4096, 12288 + STRIDE, true))
                .contains((12288 + STRIDE) + " to " + (12288 + 2 * STRIDE));
    }

    @Test
    void a_group_that_is_not_synced_or_is_large_brings_no_zeros() {
        WrittenSpace space = new WrittenSpace(FILE, 0);
        assertThat(ahead(space, 4096, 8192, false)).isEmpty();
        assertThat(ahead(space, 8192, 8192 + (64 << 10), true)).isEmpty();
    }

    @Test
    void zeros_never_reach_the_footer() {
        WrittenSpace space = new WrittenSpace(FILE, 0);
        long footer = FILE - 4096;
        assertThat(ahead(space, footer - 16384, footer - 12288, true))
                .contains((footer - 12288) + " to " + footer);
        assertThat(ahead(space, footer - 12288, footer, true)).isEmpty();
    }

    @Test
    void what_was_written_before_the_file_was_taken_is_not_written_again() {
        WrittenSpace space = new WrittenSpace(FILE, 512 << 10);
        assertThat(ahead(space, 4096, 8192, true)).isEmpty();
        assertThat(ahead(space, (512 << 10) - 4096, (512 << 10) + 4096, true)).isPresent();
    }
}
