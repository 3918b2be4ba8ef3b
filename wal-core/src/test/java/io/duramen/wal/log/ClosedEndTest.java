package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.format.ClosedEnd;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// When the status page says where a log ends.
@ParameterizedClass
@EnumSource(IoMode.class)
class ClosedEndTest {
    private static final LogId ORDERS = LogId.of("orders");

    @Parameter
    IoMode ioMode;
    @TempDir
    Path base;
    private final FaultyEnvironment environment = FaultyEnvironment.open(8);

    @AfterEach
    void close() {
        environment.close();
    }

    private DiskLog open() {
        return environment.openLog(base, ORDERS, LogSettings.defaults()
                .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4).withIoMode(ioMode));
    }

    private RawLog raw() {
        return new RawLog(base, ORDERS);
    }

    private void assertEndOf(long firstId) {
        assertThat(raw().closedEnd()).map(ClosedEnd::endOfData)
                .contains(raw().scan(firstId).endOfData());
    }

    @Test
    void a_log_notes_its_end_when_it_is_closed_and_no_earlier() {
        try (DiskLog log = open()) {
            log.append(bytes("entry"));
            assertThat(raw().closedEnd()).isEmpty();
        }
        assertEndOf(0);
        try (DiskLog log = open()) {
            assertThat(raw().closedEnd()).isEmpty();
            assertThat(log.nextId()).isEqualTo(1);
        }
        assertEndOf(0);
    }

    @Test
    void so_it_does_right_behind_a_rotation() {
        try (DiskLog log = open()) {
            log.append(bytes("entry"));
            log.rotate();
        }
        assertEndOf(raw().fragments().size() == 1 ? 0 : 1);
    }

    @Test
    void a_log_that_was_poisoned_notes_nothing() {
        DiskLog log = open();
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.SYNC, Faults.EIO);
        assertThatThrownBy(() -> log.append(bytes("entry")))
                .isInstanceOf(WalException.OutcomeUnknown.class);
        log.close();
        assertThat(raw().closedEnd()).isEmpty();
    }

    @Test
    void a_log_whose_last_sync_fails_notes_nothing() {
        try (DiskLog log = open()) {
            log.append(bytes("entry"));
        }
        DiskLog log = open();
        environment.faults().failFirst(call -> call.kind() == Faults.Kind.SYNC, Faults.EIO);
        assertThatThrownBy(log::close).isInstanceOf(WalException.OutcomeUnknown.class);
        assertThat(raw().closedEnd()).isEmpty();
    }
}
