package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UseCountTest {
    @Test
    void close_of_an_unused_thing_tears_it_down_once() {
        UseCount uses = new UseCount();
        assertThat(uses.close()).isTrue();
        assertThat(uses.close()).isFalse();
        assertThat(uses.tryBegin()).isFalse();
    }

    @Test
    void the_last_use_tears_a_closed_thing_down() {
        UseCount uses = new UseCount();
        assertThat(uses.tryBegin()).isTrue();
        assertThat(uses.tryBegin()).isTrue();
        assertThat(uses.close()).isFalse();
        assertThat(uses.isClosed()).isTrue();
        assertThat(uses.tryBegin()).isFalse();
        assertThat(uses.end()).isFalse();
        assertThat(uses.end()).isTrue();
        assertThat(uses.close()).isFalse();
    }

    @Test
    void uses_that_end_before_close_tear_nothing_down() {
        UseCount uses = new UseCount();
        assertThat(uses.tryBegin()).isTrue();
        assertThat(uses.end()).isFalse();
        assertThat(uses.close()).isTrue();
    }

    @Test
    void of_racing_users_and_closers_one_tears_down_and_nobody_uses_it_afterwards()
            throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            UseCount uses = new UseCount();
            AtomicInteger tornDown = new AtomicInteger();
            AtomicBoolean usedAfterwards = new AtomicBoolean();
            List<Thread> threads = IntStream.range(0, 4).mapToObj(n -> Thread.ofPlatform().start(
                    () -> use(uses, n < 2 ? 50 : Integer.MAX_VALUE, tornDown, usedAfterwards)))
                    .toList();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(tornDown).hasValue(1);
            assertThat(usedAfterwards).isFalse();
        }
    }

    private static void use(UseCount uses, int usesUntilClose, AtomicInteger tornDown,
            AtomicBoolean usedAfterwards) {
        for (int i = 0; uses.tryBegin(); i++) {
            if (tornDown.get() > 0) {
                usedAfterwards.set(true);
            }
            if (uses.end() || i == usesUntilClose && uses.close()) {
                tornDown.incrementAndGet();
            }
        }
    }
}
