package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a caller may get wrong is refused by name, before anything is made.
class BadInputTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(12 << 10);

    @TempDir
    Path base;
    private final LogEnvironment environment = LogEnvironment.open(1, 4);

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open(Path at) {
        return DiskLog.open(at, ORDERS, SMALL, environment);
    }

    private LogView view(Path at) {
        return LogView.open(at, ORDERS, environment.disk(), environment.scheduler());
    }

    @Test
    void a_view_of_a_log_that_is_not_there_names_log_and_place() throws IOException {
        assertThatThrownBy(() -> view(base)).isInstanceOf(WalException.NoSuchLog.class)
                .hasMessageContaining("'orders'").hasMessageContaining(base.toString());
        assertThatThrownBy(() -> view(base.resolve("nowhere")))
                .isInstanceOf(WalException.NoSuchLog.class);
        Files.createDirectory(ORDERS.directoryIn(base));
        assertThatThrownBy(() -> view(base)).isInstanceOf(WalException.NoSuchLog.class);
        assertThat(base.resolve("nowhere")).doesNotExist();
        assertThat(ORDERS.directoryIn(base)).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", ".hidden", "a/b", "/", "a b", "a\n", "\0", "ä",
        "日誌", "a\\b", "*"})
    void a_log_id_of_other_characters_is_refused_with_the_rule(String id) {
        assertThatThrownBy(() -> LogId.of(id)).isInstanceOf(WalException.IllegalLogId.class)
                .hasMessageContaining("'" + id + "'").hasMessageContaining("1 to 120 characters");
    }

    @Test
    void a_log_id_has_120_characters_at_most() {
        assertThatCode(() -> LogId.of("x".repeat(120))).doesNotThrowAnyException();
        assertThatThrownBy(() -> LogId.of("x".repeat(121)))
                .isInstanceOf(WalException.IllegalLogId.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "0", "-", "_", "a.", "a..b", "2026-11-21_orders.v2"})
    void a_log_id_of_the_allowed_characters_can_be_opened(String id) {
        DiskLog.open(base, LogId.of(id), SMALL, environment).close();
        assertThat(LogDirectory.logsIn(environment.disk(), base)).containsExactly(LogId.of(id));
    }

    @Test
    void a_base_path_that_is_a_file_is_refused() throws IOException {
        Path file = Files.writeString(base.resolve("file"), "mine");
        for (Path path : List.of(file, file.resolve("below"), file.resolve("deep/below"))) {
            assertThatThrownBy(() -> open(path)).isInstanceOf(WalException.UnusablePath.class)
                    .hasMessageContaining(path.toString());
        }
        assertThatThrownBy(() -> view(file)).isInstanceOf(WalException.UnusablePath.class);
        assertThatThrownBy(() -> LogDirectory.logsIn(environment.disk(), file))
                .isInstanceOf(WalException.UnusablePath.class);
        assertThat(file).hasContent("mine");
    }

    @Test
    void a_base_path_that_cannot_be_written_is_refused() {
        assertThatThrownBy(() -> open(Path.of("/proc")))
                .isInstanceOf(WalException.UnusablePath.class).hasMessageContaining("/proc");
        assertThatThrownBy(() -> open(Path.of("/proc/logs")))
                .isInstanceOf(WalException.UnusablePath.class);
    }

    @Test
    void a_log_whose_directory_is_a_file_is_refused() throws IOException {
        Files.writeString(ORDERS.directoryIn(base), "mine");
        assertThatThrownBy(() -> open(base)).isInstanceOf(WalException.UnusablePath.class);
        assertThat(ORDERS.directoryIn(base)).hasContent("mine");
    }

    @Test
    void a_base_path_that_is_missing_is_made() {
        open(base.resolve("some/where/deep")).close();
        assertThat(ORDERS.directoryIn(base.resolve("some/where/deep"))).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1, 4096, 8192, (12 << 10) - 1, (12 << 10) + 8, (32L << 30) + 4096})
    void a_fragment_size_that_cannot_be_is_refused_with_its_range(long sizeBytes) {
        assertThatThrownBy(() -> SMALL.withFragmentSizeBytes(sizeBytes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("multiple of 4096");
    }

    @Test
    void a_setting_out_of_its_range_is_refused_by_name() {
        assertRefused("fragmentEntriesMax", () -> SMALL.withFragmentEntriesMax(0));
        assertRefused("fragmentAgeMax", () -> SMALL.withFragmentAgeMax(Duration.ofNanos(-1)));
        assertRefused("pendingBytesMax", () -> SMALL.withPendingBytesMax(0));
        assertRefused("admissionTimeout", () -> SMALL.withAdmissionTimeout(Duration.ofDays(-1)));
        assertRefused("unsyncedBytesMax", () -> SMALL.withUnsyncedBytesMax(0));
        assertRefused("unsyncedDelayMax", () -> SMALL.withUnsyncedDelayMax(Duration.ofNanos(1)));
        assertThatThrownBy(() -> SMALL.withDurability(null)).hasMessageContaining("durability");
    }

    private static void assertRefused(String name, Runnable change) {
        assertThatThrownBy(change::run).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + " is ").hasMessageContaining("it must be");
    }

    @Test
    void a_limit_below_the_size_of_one_entry_does_not_lock_it_out() {
        LogSettings tight = SMALL.withPendingBytesMax(1).withUnsyncedBytesMax(1);
        try (DiskLog log = DiskLog.open(base, ORDERS, tight, environment)) {
            assertThat(log.append(new byte[tight.largestPayloadBytes()])).isZero();
            assertThat(log.append(new byte[tight.largestPayloadBytes()])).isEqualTo(1);
        }
    }

    @Test
    void a_log_opened_with_another_fragment_size_goes_on() {
        open(base).close();
        for (int size : new int[] {16 << 10, 12 << 10, 64 << 10}) {
            LogSettings settings = SMALL.withFragmentSizeBytes(size);
            try (DiskLog log = DiskLog.open(base, ORDERS, settings, environment)) {
                log.append(new byte[settings.largestPayloadBytes()]);
                log.append(bytes("small"));
            }
        }
        try (LogView view = view(base)) {
            assertThat(contentsOf(view)).hasSize(6).endsWith("5:small");
        }
    }

    @Test
    void closing_twice_does_nothing_also_for_views_and_readers() {
        DiskLog log = open(base);
        log.append(bytes("0"));
        LogReader reader = log.read(ReadRange.from(0));
        LogView view = view(base);
        assertThatCode(() -> {
            reader.close();
            reader.close();
            view.close();
            view.close();
            log.close();
            log.close();
        }).doesNotThrowAnyException();
        assertThatThrownBy(reader::hasNext).isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(view::refresh).isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(log::sync).isInstanceOf(WalException.Closed.class);
        assertThatThrownBy(() -> log.append(bytes("1"))).isInstanceOf(WalException.Closed.class);
        open(base).close();
    }

    @Test
    void a_range_that_is_none_is_refused() {
        assertThatThrownBy(() -> ReadRange.from(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReadRange(5, 3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ReadRange.from(0).atMost(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(ReadRange.from(5).atMost(0)).isEqualTo(new ReadRange(5, 4));
        assertThat(ReadRange.from(5).atMost(Long.MAX_VALUE).lastId()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void reading_starts_between_the_first_and_the_next_id() {
        LogSettings twoEach = SMALL.withFragmentEntriesMax(2);
        try (DiskLog log = DiskLog.open(base, ORDERS, twoEach, environment)) {
            for (int i = 0; i < 5; i++) {
                log.append(bytes("entry " + i));
            }
            while (log.trimBefore(2).firstId() < 2) {
                Thread.onSpinWait(); // it is being sealed
            }
        }
        try (DiskLog log = DiskLog.open(base, ORDERS, twoEach, environment)) {
            assertThat(log.firstId()).isEqualTo(2);
            assertThatThrownBy(() -> log.read(ReadRange.from(1)))
                    .isInstanceOfSatisfying(WalException.Trimmed.class,
                            trimmed -> assertThat(trimmed.firstId()).isEqualTo(2));
            assertThatThrownBy(() -> log.read(ReadRange.from(6)))
                    .isInstanceOfSatisfying(WalException.PastEnd.class,
                            pastEnd -> assertThat(pastEnd.nextId()).isEqualTo(5));
            try (LogReader atEnd = log.read(ReadRange.from(5))) {
                assertThat(atEnd.hasNext()).isFalse();
                assertThatThrownBy(atEnd::next).isInstanceOf(NoSuchElementException.class);
            }
            assertThat(contentsOf(log)).containsExactly("2:entry 2", "3:entry 3", "4:entry 4");
        }
    }
}
