package io.duramen.wal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every state that a small log can come to: with all protections no promise is broken in any, and
/// without any one of them in some.
class CrashModelTest {
    @Test
    void no_state_breaks_a_promise() {
        CrashModel model = CrashModel.ofAll();
        assertThat(model.findViolation(World.first())).isEmpty();
        System.out.println(model.states() + " states");
        assertThat(model.states()).isGreaterThan(10_000);
    }

    @Test
    void no_state_breaks_a_promise_where_the_log_is_truncated() {
        CrashModel model = CrashModel.ofAll();
        assertThat(model.findViolation(World.firstOfTruncation())).isEmpty();
        System.out.println(model.states() + " states with truncations");
        assertThat(model.states()).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @EnumSource
    void a_promise_is_broken_without(Protection protection) {
        Optional<List<String>> way = CrashModel.without(protection)
                .findViolation(protection.isOfTruncation() ? World.firstOfTruncation()
                        : World.first());
        assertThat(way).isPresent();
        System.out.println("without " + protection + ": " + String.join(", ", way.get()));
    }
}
