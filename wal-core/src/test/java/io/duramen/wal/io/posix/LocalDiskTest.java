package io.duramen.wal.io.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LocalDiskTest {
    @Test
    void system_calls_are_made_where_they_are_known_and_left_to_the_jdk_elsewhere() {
        assertThat(LocalDisk.open()).isInstanceOf(PosixDisk.class); // these tests run on Linux
        assertThat(LocalDisk.open(false)).isInstanceOf(JdkDisk.class);
    }

    @Test
    void a_system_that_cannot_make_names_durable_is_refused() {
        JdkDisk.requireDurableNames("Mac OS X");
        assertThatThrownBy(() -> JdkDisk.requireDurableNames("Windows 11"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("Windows 11");
    }
}
