package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ErrnoTest {
    @Test
    void names_stand_at_their_numbers() {
        assertThat(Errno.describe(Errno.ENOENT)).startsWith("ENOENT: ");
        assertThat(Errno.describe(Errno.EIO)).startsWith("EIO: ");
        assertThat(Errno.describe(Errno.EAGAIN)).startsWith("EAGAIN: ");
        assertThat(Errno.describe(Errno.EINVAL)).startsWith("EINVAL: ");
        assertThat(Errno.describe(Errno.ENOSPC)).startsWith("ENOSPC: ");
        assertThat(Errno.describe(40)).startsWith("ELOOP: ");
        assertThat(Errno.describe(Errno.EOPNOTSUPP)).startsWith("EOPNOTSUPP: ");
    }

    @Test
    void a_number_without_a_name_is_described_all_the_same() {
        assertThat(Errno.describe(4000)).contains("4000");
    }

    @Test
    void a_failure_names_call_file_and_number() {
        assertThatThrownBy(() -> Errno.check("pwrite", Path.of("/a/file"), -Errno.EIO))
                .isInstanceOf(WalException.Io.class)
                .hasMessageStartingWith("pwrite failed on /a/file: EIO: ")
                .hasMessageEndingWith("(errno 5)");
        assertThat(Errno.check("pwrite", Path.of("/a/file"), 17)).isEqualTo(17);
    }

    @Test
    void a_call_is_repeated_while_signals_break_it_off() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(Errno.retrying(() -> calls.incrementAndGet() < 4 ? -Errno.EINTR : 99))
                .isEqualTo(99);
        assertThat(calls).hasValue(4);
    }
}
