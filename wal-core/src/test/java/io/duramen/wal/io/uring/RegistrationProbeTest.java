package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegistrationProbeTest {
    private static final UringSchedulerSettings RING = new UringSchedulerSettings(8, 1);

    @Test
    void a_page_can_be_kept_pinned_wherever_there_can_be_a_ring() {
        RegistrationProbe probe = RegistrationProbe.of(RING, 4096);
        assertThat(probe.sizeBytes()).isEqualTo(4096);
        assertThat(probe.refusal()).isEmpty();
        assertThat(probe.lockedMemoryLimit()).matches("unlimited|not known|\\d+ bytes");
    }
}
