package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An append at an id is in the log there, once, or is refused.
class ConditionalAppendTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(16 << 10);
    private static final LogSettings WINDOW = SMALL.withReorder(ReorderSettings.of(4));

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();

    @AfterEach
    void close() {
        environment.close();
    }

    private static List<Payload> payloads(String... names) {
        return Arrays.stream(names).map(name -> Payload.of(bytes(name))).toList();
    }

    private static AppendedAt at(DiskLog log, long id, String... names) {
        return log.appendAt(id, payloads(names), Durability.SYNCED);
    }

    private static CompletableFuture<AppendedAt> async(DiskLog log, long id, String... names) {
        return log.appendAtAsync(id, payloads(names), Durability.SYNCED).toCompletableFuture();
    }

    private static AppendedAt answer(long firstId, long lastId, boolean duplicate) {
        return new AppendedAt(firstId, lastId, Durability.SYNCED, duplicate);
    }

    private static void assertConflict(long expectedId, long nextId, CompletableFuture<?> answer) {
        assertThat(answer.exceptionNow()).isInstanceOfSatisfying(WalException.Conflict.class,
                conflict -> {
                    assertThat(conflict.expectedId()).isEqualTo(expectedId);
                    assertThat(conflict.nextId()).isEqualTo(nextId);
                });
    }

    private static void assertOutOfOrder(long expectedId, long nextId,
            CompletableFuture<?> answer) {
        assertThat(answer.exceptionNow()).isInstanceOfSatisfying(WalException.OutOfOrder.class,
                early -> {
                    assertThat(early.expectedId()).isEqualTo(expectedId);
                    assertThat(early.nextId()).isEqualTo(nextId);
                });
    }

    @Test
    void the_next_id_is_appended_at_and_sent_again_it_is_a_duplicate_after_a_reopening_too() {
        try (DiskLog log = environment.open(base, ORDERS, SMALL)) {
            assertThat(at(log, 0, "a")).isEqualTo(answer(0, 0, false));
            assertThat(at(log, 1, "b", "c")).isEqualTo(answer(1, 2, false));
            assertThat(at(log, 1, "b", "c")).isEqualTo(answer(1, 2, true));
            assertThat(async(log, 0, "a").join()).isEqualTo(answer(0, 0, true));
        }
        try (DiskLog log = environment.open(base, ORDERS, SMALL)) {
            assertThat(at(log, 2, "c")).isEqualTo(answer(2, 2, true));
            assertThat(at(log, 3, "d")).isEqualTo(answer(3, 3, false));
            assertThat(contentsOf(log)).containsExactly("0:a", "1:b", "2:c", "3:d");
        }
    }

    @Test
    void other_bytes_at_an_id_are_a_conflict_that_names_the_next_id() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            at(log, 0, "a", "b");
            assertConflict(0, 2, async(log, 0, "x"));
            assertConflict(0, 2, async(log, 0, "a", "x"));
            assertConflict(0, 2, async(log, 0, ""));
            assertConflict(1, 2, async(log, 1, "b", "c"));
            assertThatThrownBy(() -> at(log, 1, "x")).isInstanceOf(WalException.Conflict.class)
                    .hasMessageContaining("entry 1").hasMessageContaining("the next one will be 2");
            assertThat(contentsOf(log)).containsExactly("0:a", "1:b");
        }
    }

    @Test
    void a_trimmed_id_is_a_conflict() {
        try (DiskLog log = environment.open(base, ORDERS, SMALL)) {
            for (int i = 0; i < 3; i++) {
                log.append(new byte[8000]);
            }
            log.trimBefore(2);
            assertThat(log.firstId()).isPositive();
            assertConflict(0, 3, async(log, 0, "a"));
        }
    }

    @Test
    void without_a_window_an_early_append_is_refused() {
        try (DiskLog log = environment.open(base, ORDERS, SMALL)) {
            assertOutOfOrder(1, 0, async(log, 1, "b"));
            assertThatThrownBy(() -> at(log, 1, "b")).isInstanceOf(WalException.OutOfOrder.class);
            assertThat(log.nextId()).isZero();
        }
    }

    @Test
    void an_early_append_waits_for_those_in_front_of_it() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            CompletableFuture<AppendedAt> third = async(log, 3, "d");
            CompletableFuture<AppendedAt> second = async(log, 1, "b", "c");
            assertThat(second).isNotDone();
            assertThat(third).isNotDone();
            assertThat(log.append(bytes("a"))).isZero();
            assertThat(second.join()).isEqualTo(answer(1, 2, false));
            assertThat(third.join()).isEqualTo(answer(3, 3, false));
            assertThat(contentsOf(log)).containsExactly("0:a", "1:b", "2:c", "3:d");
        }
    }

    @Test
    void bytes_of_an_early_append_are_its_callers_again_once_it_was_asked_for() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            byte[] reused = bytes("b");
            CompletableFuture<AppendedAt> early = log
                    .appendAtAsync(1, List.of(Payload.of(reused)), Durability.SYNCED)
                    .toCompletableFuture();
            reused[0] = 'x';
            log.append(bytes("a"));
            assertThat(early.join()).isEqualTo(answer(1, 1, false));
            assertThat(contentsOf(log)).containsExactly("0:a", "1:b");
        }
    }

    @Test
    void two_early_ones_for_the_same_id_are_a_first_and_a_duplicate_or_a_conflict() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            CompletableFuture<AppendedAt> first = async(log, 1, "b");
            CompletableFuture<AppendedAt> same = async(log, 1, "b");
            CompletableFuture<AppendedAt> other = async(log, 1, "x");
            at(log, 0, "a");
            assertThat(first.join()).isEqualTo(answer(1, 1, false));
            assertThat(same.join()).isEqualTo(answer(1, 1, true));
            assertConflict(1, 2, other);
        }
    }

    @Test
    void what_the_window_has_no_room_for_is_refused_at_once() {
        LogSettings settings =
                SMALL.withReorder(new ReorderSettings(4, 100, Duration.ofSeconds(1)));
        try (DiskLog log = environment.open(base, ORDERS, settings)) {
            assertOutOfOrder(4, 0, async(log, 4, "too far ahead"));
            assertOutOfOrder(2, 0, async(log, 2, "a", "b", "c"));
            CompletableFuture<AppendedAt> held = async(log, 1, "x".repeat(80));
            assertOutOfOrder(2, 0, async(log, 2, "y".repeat(80)));
            at(log, 0, "a");
            assertThat(held.join()).isEqualTo(answer(1, 1, false));
        }
    }

    @Test
    void a_gap_that_stays_open_is_given_up() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            CompletableFuture<AppendedAt> held = async(log, 1, "b");
            environment.runTimer();
            assertOutOfOrder(1, 0, held);
            at(log, 0, "a");
            assertThat(log.nextId()).isEqualTo(1);
            assertThat(at(log, 1, "b")).isEqualTo(answer(1, 1, false));
        }
    }

    @Test
    void closing_refuses_who_waits() {
        CompletableFuture<AppendedAt> held;
        DiskLog log = environment.open(base, ORDERS, WINDOW);
        try (log) {
            held = async(log, 1, "b");
        }
        assertThat(held.exceptionNow()).isInstanceOf(WalException.Closed.class);
        assertThat(async(log, 1, "b").exceptionNow()).isInstanceOf(WalException.Closed.class);
    }

    @Test
    void an_entry_that_no_fragment_takes_is_refused_wherever_it_belongs() {
        try (DiskLog log = environment.open(base, ORDERS, WINDOW)) {
            assertThat(async(log, 1, "x".repeat(1 << 15)).exceptionNow())
                    .isInstanceOf(WalException.TooLarge.class);
            assertThatThrownBy(() -> at(log, -1, "a"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
