package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.os.SubmissionEntry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RingProbeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1  | 0 | a seccomp filter forbids it
            1  | '' | a seccomp filter forbids it
            1  | 1 | /proc/sys/kernel/io_uring_disabled is 1, which forbids it without CAP_SYS
            1  | 2 | /proc/sys/kernel/io_uring_disabled is 2, which forbids it;
            38 | '' | the kernel has none, or a seccomp filter hides it
            22 | '' | it needs Linux 6.1 or newer, this is
            12 | '' | ulimit -l
            24 | '' | EMFILE
            """)
    void an_obstacle_is_named(int errno, String disabledSwitch, String reason) {
        RingProbe probe = RingProbe.of(8, _ -> {
            throw new WalException.Io("io_uring_setup", Path.of("io_uring"), errno, "no");
        }, () -> disabledSwitch);
        assertThat(probe.isReady()).isFalse();
        assertThat(probe.obstacle().orElseThrow()).startsWith("io_uring cannot be used: ")
                .contains(reason).endsWith("; the posix driver does the same work");
    }

    @Test
    void operations_that_the_kernel_does_not_know_are_named() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment table = arena.allocate(RingProbe.TABLE_BYTES, 8);
            assertThat(RingProbe.missing(table)).containsExactly("NOP", "READV", "WRITEV", "FSYNC",
                    "READ_FIXED", "WRITE_FIXED", "FALLOCATE", "READ", "WRITE");
            for (byte known = 0; known < 64; known++) {
                if (known != SubmissionEntry.IORING_OP_FALLOCATE) {
                    table.set(ValueLayout.JAVA_SHORT, 16 + known * 8L + 2, (short) 1);
                }
            }
            assertThat(RingProbe.missing(table)).containsExactly("FALLOCATE");
        }
    }

    @Test
    void where_there_is_a_ring_there_is_no_obstacle() {
        Rings.require();
        assertThat(RingProbe.of(new UringSchedulerSettings(32_768, 1)).obstacle()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 3, 100, 65_536})
    void a_ring_of_another_size_is_refused(int ringEntries) {
        assertThatThrownBy(() -> new UringSchedulerSettings(ringEntries, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ringEntries [" + ringEntries + "]");
    }

    @Test
    void a_scheduler_for_no_chains_is_refused() {
        assertThatThrownBy(() -> new UringSchedulerSettings(8, 0))
                .hasMessageContaining("waitingChainsMax [0]");
    }
}
