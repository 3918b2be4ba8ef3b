package io.duramen.wal.io.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.os.SubmissionEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingTest {
    private static final int ENTRIES = 8;
    private static final int EBADF = 9;
    private static final int ECANCELED = 125;

    private final List<Long> completed = new ArrayList<>();
    private final List<Integer> results = new ArrayList<>();
    private Ring ring;

    @BeforeEach
    void open() {
        Rings.require();
        ring = Ring.open(ENTRIES);
        ring.enable();
    }

    @AfterEach
    void close() {
        if (ring != null) {
            ring.close();
        }
    }

    private void drain() {
        ring.completions().drain((userData, result) -> {
            completed.add(userData);
            results.add(result);
        });
    }

    private void put(byte opcode, long userData, boolean linked) {
        long at = ring.submissions().put(opcode, -1, userData);
        if (linked) {
            SubmissionEntry.putFlags(
                    ring.submissions().entries(), at, SubmissionEntry.IOSQE_IO_LINK);
        }
    }

    @Test
    void entries_of_every_later_lap_reach_the_kernel() {
        long next = 0;
        for (int batch = 0; batch < 100; batch++) {
            int size = 1 + batch % ENTRIES;
            for (int i = 0; i < size; i++) {
                put(SubmissionEntry.IORING_OP_NOP, next++, false);
            }
            ring.enter(size);
            drain();
        }
        assertThat(completed)
                .containsExactlyElementsOf(LongStream.range(0, next).boxed().toList());
        assertThat(results).containsOnly(0);
    }

    @Test
    void completions_that_find_no_room_come_later() {
        int many = 10 * ENTRIES;
        for (int i = 0; i < many; i++) {
            put(SubmissionEntry.IORING_OP_NOP, i, false);
            ring.enter(0);
        }
        while (completed.size() < many) {
            drain();
            ring.enter(0);
        }
        assertThat(completed)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, many).boxed().toList());
    }

    @Test
    void a_full_queue_has_room_again_when_the_kernel_took_it() {
        for (int i = 0; i < ENTRIES; i++) {
            put(SubmissionEntry.IORING_OP_NOP, i, false);
        }
        assertThat(ring.submissions().free()).isZero();
        ring.enter(0);
        assertThat(ring.submissions().free()).isEqualTo(ENTRIES);
    }

    @Test
    void a_failure_cancels_what_is_linked_behind_it() {
        put(SubmissionEntry.IORING_OP_FSYNC, 1, true);
        put(SubmissionEntry.IORING_OP_NOP, 2, true);
        put(SubmissionEntry.IORING_OP_NOP, 3, false);
        put(SubmissionEntry.IORING_OP_NOP, 4, false);
        ring.enter(4);
        drain();
        assertThat(completed).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
        assertThat(results).containsExactlyInAnyOrder(-EBADF, -ECANCELED, -ECANCELED, 0);
    }

    @Test
    void what_the_kernel_left_of_a_linked_sequence_is_void() {
        for (int lap = 0; lap < 5; lap++) {
            completed.clear();
            put(SubmissionEntry.IORING_OP_NOP, 1, true);
            put(SubmissionEntry.IORING_OP_FSYNC, 2, true);
            put(SubmissionEntry.IORING_OP_FSYNC, 3, false);
            put(SubmissionEntry.IORING_OP_NOP, 4, false);
            assertThat(ring.enter(1, 1)).isEqualTo(2);
            assertThat(ring.enter(1, 1)).isEqualTo(1);
            while (completed.size() < 4) {
                ring.enter(1);
                drain();
            }
            assertThat(completed).containsExactlyInAnyOrder(1L, 2L | SubmissionQueue.VOID,
                    3L | SubmissionQueue.VOID, 4L);
            assertThat(results).containsOnly(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, -11, -16, -62}) // EINTR, EAGAIN, EBUSY, ETIME
    void a_wait_that_ended_early_is_no_failure(int result) {
        assertThat(ring.entered(result)).isZero();
    }

    @Test
    void a_ring_that_the_kernel_refuses_to_enter_is_one() {
        assertThatThrownBy(() -> ring.entered(-EBADF)).isInstanceOf(WalException.Io.class)
                .hasMessageContaining("io_uring_enter");
    }

    @Test
    void a_wait_with_a_limit_ends_without_a_completion() {
        ring.enterFor(1_000_000);
        ring.enterFor(0);
        assertThat(ring.completions().isEmpty()).isTrue();
        put(SubmissionEntry.IORING_OP_NOP, 1, false);
        ring.enterFor(Long.MAX_VALUE / 4);
        drain();
        assertThat(completed).containsExactly(1L);
    }

    @Test
    void what_is_not_there_cannot_be_cancelled() {
        ring.cancel(77);
        put(SubmissionEntry.IORING_OP_NOP, 77, false);
        ring.enter(1);
        drain();
        assertThat(results).containsExactly(0);
    }

    @Test
    void what_the_kernel_left_behind_a_hard_link_is_void_too() {
        long at = ring.submissions().put(SubmissionEntry.IORING_OP_NOP, -1, 1);
        SubmissionEntry.putFlags(
                ring.submissions().entries(), at, SubmissionEntry.IOSQE_IO_HARDLINK);
        put(SubmissionEntry.IORING_OP_FSYNC, 2, false);
        assertThat(ring.enter(1, 1)).isEqualTo(1);
        while (completed.size() < 2) {
            ring.enter(1);
            drain();
        }
        assertThat(completed).containsExactlyInAnyOrder(1L, 2L | SubmissionQueue.VOID);
    }

    @Test
    void two_rings_share_nothing() {
        try (Ring other = Ring.open(ENTRIES)) {
            other.enable();
            put(SubmissionEntry.IORING_OP_NOP, 5, false);
            ring.enter(1);
            assertThat(other.completions().isEmpty()).isTrue();
            drain();
            assertThat(completed).containsExactly(5L);
        }
    }
}
