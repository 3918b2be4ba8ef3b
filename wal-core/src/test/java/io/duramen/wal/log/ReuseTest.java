package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.FragmentLease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of trimmed fragments become fragments again, unless somebody still reads them.
class ReuseTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(16 << 10).withFragmentEntriesMax(4)
            .withStandby(new StandbySettings(1 << 20, 2));

    @TempDir
    Path base;
    private final SteppedEnvironment environment = new SteppedEnvironment();
    private RawLog raw;
    private DiskLog log;

    /// Ten entries in the fragments 0, 4 and 8.
    @BeforeEach
    void write() {
        raw = new RawLog(base, ORDERS);
        log = environment.open(base, ORDERS, FOUR_EACH);
        append(10);
    }

    @AfterEach
    void close() {
        log.close();
        environment.close();
    }

    private void append(int count) {
        IntStream.range(0, count).forEach(_ -> log.append(bytes("entry " + log.nextId())));
    }

    private static List<String> entries(int from, int to) {
        return IntStream.range(from, to).mapToObj(id -> id + ":entry " + id).toList();
    }

    private Object inode(long firstId) {
        try {
            return Files.getAttribute(raw.fragment(firstId), "unix:ino");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private long standbys() {
        return raw.names().stream().filter(name -> name.startsWith("standby_")).count();
    }

    @Test
    void a_trimmed_fragment_becomes_the_next_one_in_a_new_generation() {
        Object file = inode(0);
        long generation = raw.header(0).generation();
        log.trimBefore(4);
        environment.runTimer();
        assertThat(log.info().storage().standby().reused()).isEqualTo(1);
        append(3);
        assertThat(inode(12)).isEqualTo(file);
        assertThat(raw.header(12).generation()).isNotEqualTo(generation);
        assertThat(raw.header(12).firstId()).isEqualTo(12);
        assertThat(contentsOf(log)).isEqualTo(entries(4, 13));
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH);
        assertThat(log.recoveryReport().cutBytes()).isZero();
        assertThat(contentsOf(log)).isEqualTo(entries(4, 13));
    }

    @Test
    void nothing_of_its_earlier_life_is_left_in_it() {
        Object file = inode(0);
        log.trimBefore(4);
        environment.runTimer();
        append(2);
        log.append(new byte[0]);
        assertThat(inode(12)).isEqualTo(file);
        byte[] content = RawLog.read(raw.fragment(12));
        int end = (int) raw.scan(12).endOfData();
        assertThat(Arrays.copyOfRange(content, end, content.length))
                .isEqualTo(new byte[content.length - end]);
    }

    @Test
    void a_file_that_is_not_filled_yet_is_not_used() {
        Object file = inode(0);
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH.withStandby(new StandbySettings(4096, 1)));
        log.trimBefore(4);
        append(3);
        assertThat(inode(12)).isNotEqualTo(file);
        environment.runTimer();
        append(4);
        assertThat(inode(16)).isEqualTo(file);
        assertThat(contentsOf(log)).isEqualTo(entries(4, 17));
    }

    @Test
    void no_more_files_are_kept_than_the_settings_say() {
        append(10);
        log.trimBefore(20);
        assertThat(log.info().storage().standby().reused()).isEqualTo(2);
        assertThat(standbys()).isLessThanOrEqualTo(3);
        assertThat(raw.fragments()).containsExactly(raw.fragment(16));
    }

    @Test
    void a_file_is_deleted_where_the_disk_is_too_full_for_its_new_name() {
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.RENAME
                && call.file().getFileName().toString().startsWith("standby_"), Faults.ENOSPC);
        assertThat(log.trimBefore(4).firstId()).isEqualTo(4);
        assertThat(raw.fragment(0)).doesNotExist();
        append(4);
        assertThat(contentsOf(log)).isEqualTo(entries(4, 14));
    }

    @Test
    void a_file_of_another_size_is_deleted() {
        log.close();
        log = environment.open(base, ORDERS, FOUR_EACH.withFragmentSizeBytes(12 << 10));
        log.trimBefore(4);
        assertThat(log.info().storage().standby().reused()).isZero();
        assertThat(standbys()).isZero();
    }

    @Test
    void standbys_are_deleted_when_the_log_closes() {
        log.trimBefore(4);
        log.close();
        assertThat(standbys()).isZero();
    }

    @Test
    void a_file_that_somebody_else_reads_is_deleted_and_reads_on_as_it_was() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader reader = view.read(ReadRange.from(0))) {
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 0"));
            log.trimBefore(4);
            environment.runTimer();
            assertThat(log.info().storage().standby().reused()).isZero();
            append(8);
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 1"));
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 2"));
            assertThat(reader.next().toByteArray()).isEqualTo(bytes("entry 3"));
        }
    }

    /// Bytes handed out stay what they were, also those that were checked before the trim.
    @Test
    void bytes_that_a_reader_was_shown_never_change() {
        try (LogView view = environment.view(base, ORDERS);
                FragmentLease lease = view.fragments().leaseOn(0)) {
            byte[] before = lease.bytes().toArray(ValueLayout.JAVA_BYTE);
            log.trimBefore(8);
            environment.runTimer();
            append(12);
            assertThat(lease.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
        }
    }

    @Test
    void who_comes_after_the_file_is_gone_is_told_what_is_still_there() {
        try (LogView view = environment.view(base, ORDERS);
                LogReader reader = view.read(ReadRange.from(0))) {
            log.trimBefore(8);
            environment.runTimer();
            assertThatThrownBy(reader::next).isInstanceOfSatisfying(WalException.Trimmed.class,
                    trimmed -> assertThat(trimmed.firstId()).isEqualTo(8));
            assertThatThrownBy(() -> view.firstIdAtOrAfter(Instant.EPOCH))
                    .isInstanceOf(WalException.Trimmed.class);
            view.refresh();
            assertThat(view.firstId()).isEqualTo(8);
            assertThat(view.firstIdAtOrAfter(Instant.EPOCH)).isEqualTo(8);
            assertThatThrownBy(() -> view.read(ReadRange.from(7)))
                    .isInstanceOf(WalException.Trimmed.class);
            assertThat(contentsOf(view)).isEqualTo(entries(8, 10));
        }
    }

    /// It scanned the fragment that grew, which has become another one meanwhile.
    @Test
    void a_view_that_was_left_behind_goes_on_at_the_head() {
        try (LogView view = environment.view(base, ORDERS)) {
            append(20);
            log.trimBefore(20);
            environment.runTimer();
            append(20);
            assertThat(view.refresh()).isEqualTo(50);
            assertThat(view.firstId()).isEqualTo(20);
            assertThat(contentsOf(view)).isEqualTo(entries(20, 50));
        }
    }

    @Test
    void looking_at_a_log_from_outside_does_not_take_a_reused_file_for_a_damaged_one() {
        try (LogView view = environment.view(base, ORDERS)) {
            log.trimBefore(8);
            environment.runTimer();
            append(3);
            LogVerification.Result result = LogVerification.run(base, ORDERS,
                    environment.logs().disk(), finding -> assertThat(finding).isNull());
            assertThat(result.entries()).isEqualTo(5);
            assertThat(environment.survey(base, ORDERS).firstId()).isEqualTo(8);
            assertThat(view.refresh()).isEqualTo(13);
        }
    }
}
