package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.log.Faults.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk without room for the next fragment refuses appends, and nothing more.
class FullDiskTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;
    private FaultyEnvironment environment;
    private RawLog raw;

    @BeforeEach
    void open() {
        environment = FaultyEnvironment.open(8);
        raw = new RawLog(base, ORDERS);
    }

    @AfterEach
    void close() {
        assertThat(environment.pool().statistics().leased()).isZero();
        environment.close();
    }

    private DiskLog openLog() {
        return environment.openLog(base, ORDERS, FOUR_EACH);
    }

    private void fill() {
        environment.faults().failAll(Kind.ALLOCATE, Faults.ENOSPC);
    }

    private static void append(DiskLog log, List<String> acknowledged) {
        String payload = "entry " + acknowledged.size();
        assertThat(log.append(bytes(payload))).isEqualTo(acknowledged.size());
        acknowledged.add(acknowledged.size() + ":" + payload);
    }

    private static void assertRefused(DiskLog log) {
        assertThatThrownBy(() -> log.append(bytes("refused")))
                .isInstanceOf(WalException.DiskFull.class)
                .hasMessageContaining("no room for a new fragment of 12288 bytes");
    }

    @Test
    void appends_go_on_with_the_next_id_as_soon_as_there_is_room() {
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = openLog()) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 4; i++) {
                    append(log, acknowledged);
                    fill(); // before the successor of this fragment is made ready
                }
                assertRefused(log);
                assertRefused(log);
                assertThat(log.info().poisonedBy()).isEmpty();
                assertThat(log.info().nextId()).isEqualTo(acknowledged.size());
                assertThat(contentsOf(log)).isEqualTo(acknowledged);
                environment.faults().mend();
            }
            append(log, acknowledged);
        }
        assertThat(raw.names()).noneMatch(name -> name.startsWith("standby_"));
        try (DiskLog log = openLog()) {
            append(log, acknowledged);
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
    }

    @Test
    void a_log_that_never_had_room_takes_its_first_entry_later() {
        try (DiskLog log = openLog()) {
            fill();
            assertRefused(log);
            assertThat(log.nextId()).isZero();
            environment.faults().mend();
            assertThat(log.append(bytes("first"))).isZero();
            assertThat(contentsOf(log)).containsExactly("0:first");
        }
    }

    /// As ext4 is when the directory needs one more block.
    @Test
    void a_disk_too_full_for_a_name_refuses_and_goes_on_as_soon_as_there_is_room() {
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = openLog()) {
            environment.faults().failAll(Kind.RENAME, Faults.ENOSPC);
            assertRefused(log);
            environment.faults().mend();
            for (int i = 0; i < 4; i++) {
                append(log, acknowledged);
            }
            environment.faults().failAll(Kind.RENAME, Faults.ENOSPC);
            assertRefused(log);
            assertRefused(log);
            assertThat(log.info().poisonedBy()).isEmpty();
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
            environment.faults().mend();
            append(log, acknowledged);
        }
        assertThat(raw.names()).noneMatch(name -> name.startsWith("standby_"));
        try (DiskLog log = openLog()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
    }

    @Test
    void room_that_came_back_before_the_rotation_is_used() {
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = openLog()) {
            append(log, acknowledged);
            append(log, acknowledged);
            fill();
            append(log, acknowledged); // makes the successor ready, in vain
            append(log, acknowledged);
            Path standby = raw.directory().resolve("standby_1");
            while (environment.faults().count(Kind.ALLOCATE, standby) == 0) {
                Thread.onSpinWait();
            }
            environment.faults().mend();
            append(log, acknowledged);
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
    }

    @Test
    void a_log_closed_while_the_disk_is_full_keeps_all_it_acknowledged() {
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = openLog()) {
            for (int i = 0; i < 4; i++) {
                append(log, acknowledged);
                fill();
            }
            assertRefused(log);
        }
        environment.faults().mend();
        try (DiskLog log = openLog()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
            append(log, acknowledged);
        }
    }

    @Test
    void a_log_opened_on_a_full_disk_goes_on_after_a_sealed_end() throws IOException {
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = openLog()) {
            for (int i = 0; i < 5; i++) {
                append(log, acknowledged);
            }
            DamageTest.awaitSealed(raw, 0);
        }
        Files.delete(raw.fragment(4));
        raw.forgetStatus();
        acknowledged.remove(4);
        try (DiskLog log = openLog()) {
            fill();
            assertRefused(log);
            environment.faults().mend();
            append(log, acknowledged);
        }
        try (DiskLog log = openLog()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
    }
}
