package io.duramen.wal.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloorTest {
    @TempDir
    Path base;

    /// A hundred entries in the fragments 0, 40 and 80.
    @BeforeEach
    void append() {
        assertThat(CommandRun.withInput(base, "entry\n".repeat(100).getBytes(UTF_8), "append",
                "orders", "--fragment-size", "12K", "--fragment-entries-max", "40").exitCode())
                        .isZero();
    }

    private CommandRun wal(String... arguments) {
        return CommandRun.of(base, arguments);
    }

    @Test
    void a_floor_holds_back_trims_until_it_is_removed() {
        assertThat(wal("floor", "orders", "billing", "--at", "50").text()).isEqualTo(
                "orders: nothing from entry 50 on is trimmed, for consumer 'billing'\n");
        assertThat(wal("info", "orders").text())
                .contains("consumer 'billing' needs entry 50 on");
        assertThat(wal("trim", "orders", "--before", "80").text())
                .contains("starts with entry 40").contains("'billing' still needs more");
        assertThat(wal("floor", "orders", "billing", "--remove").text())
                .contains("holds nothing back any more");
        assertThat(wal("trim", "orders", "--before", "80").text())
                .contains("starts with entry 80");
    }

    @Test
    void a_floor_may_have_an_end() {
        assertThat(wal("floor", "orders", "billing", "--at", "50", "--for", "30d").text())
                .contains("is trimmed until 2");
        assertThat(wal("info", "orders").text()).contains("until 2");
    }

    @Test
    void what_cannot_be_is_refused_and_changes_nothing() {
        assertThat(wal("floor", "orders", "billing", "--at", "101").exitCode()).isEqualTo(1);
        assertThat(wal("floor", "orders", "billing", "--remove").err()).contains("billing");
        assertThat(wal("floor", "orders", "no/name", "--at", "1").exitCode()).isEqualTo(2);
        assertThat(wal("floor", "orders", "billing", "--remove", "--for", "1h").err())
                .contains("--for belongs to --at");
        assertThat(wal("floor", "orders", "billing").exitCode()).isEqualTo(2);
        assertThat(wal("floor", "others", "billing", "--at", "1").exitCode()).isEqualTo(1);
        assertThat(wal("info", "orders").text()).doesNotContain("billing");
    }
}
