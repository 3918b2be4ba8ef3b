package io.duramen.wal.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.log.IoDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The same on a ring, where the machine offers one.
class WalStreamsOnIoUringTest extends WalStreamsTest {
    @BeforeAll
    static void needsIoUring() {
        IoDriver.Choice choice = IoDriver.AUTO.choose();
        assumeTrue(choice.driver() == IoDriver.IO_URING, choice.reason());
    }

    @Override
    IoDriver driver() {
        return IoDriver.IO_URING;
    }

    @Test
    void what_is_chosen_says_why() {
        assertThat(IoDriver.AUTO.choose().reason()).contains("io_uring", "offers");
        assertThat(IoDriver.POSIX.choose().reason()).contains("posix", "configured");
    }
}
