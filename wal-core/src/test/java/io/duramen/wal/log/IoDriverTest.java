package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoScheduler;
import io.duramen.wal.io.uring.RingProbe;
import java.lang.foreign.Arena;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IoDriverTest {
    private static final RingProbe OFFERED = new RingProbe(Optional.empty());
    private static final RingProbe FORBIDDEN =
            new RingProbe(Optional.of("io_uring cannot be used: a seccomp filter forbids it"));

    @ParameterizedTest
    @EnumSource
    void a_driver_is_known_by_the_name_it_has_in_settings(IoDriver driver) {
        assertThat(IoDriver.named(driver.toString())).isEqualTo(driver);
    }

    @Test
    void another_name_is_refused() {
        assertThatThrownBy(() -> IoDriver.named("uring"))
                .hasMessage("there is no I/O driver \"uring\", there are auto, io_uring and posix");
    }

    @Test
    void auto_takes_the_ring_where_it_is_offered() {
        assertThat(IoDriver.AUTO.choose(OFFERED)).isEqualTo(new IoDriver.Choice(IoDriver.IO_URING,
                "I/O driver io_uring: this machine offers it; single operations by system calls,"
                        + " where these are quicker"));
    }

    @Test
    void auto_takes_system_calls_where_the_ring_is_forbidden_and_says_why() {
        assertThat(IoDriver.AUTO.choose(FORBIDDEN)).isEqualTo(new IoDriver.Choice(IoDriver.POSIX,
                "I/O driver posix: io_uring cannot be used: a seccomp filter forbids it"));
    }

    @Test
    void the_ring_by_name_is_never_replaced() {
        assertThat(IoDriver.IO_URING.choose(OFFERED).driver()).isEqualTo(IoDriver.IO_URING);
        assertThatThrownBy(() -> IoDriver.IO_URING.choose(FORBIDDEN))
                .isInstanceOf(WalException.Unsupported.class)
                .hasMessageContaining("a seccomp filter forbids it")
                .hasMessageEndingWith("configure auto or posix");
    }

    @Test
    void system_calls_by_name_need_no_probe() {
        assertThat(IoDriver.POSIX.choose().reason()).isEqualTo("I/O driver posix, as configured");
    }

    @Test
    void what_is_chosen_is_what_is_opened() {
        for (IoDriver driver : new IoDriver[] {IoDriver.POSIX, IoDriver.AUTO}) {
            IoDriver.Choice choice = driver.choose();
            try (Arena arena = Arena.ofShared();
                    IoScheduler opened = choice.open(1, arena.allocate(4096, 4096))) {
                assertThat(opened.driverName()).isEqualTo(choice.driver().toString());
            }
        }
    }
}
