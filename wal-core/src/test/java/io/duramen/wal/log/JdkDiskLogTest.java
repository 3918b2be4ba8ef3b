package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.posix.JdkDisk;
import io.duramen.wal.io.posix.PosixScheduler;
import io.duramen.wal.io.posix.PosixSchedulerSettings;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log on the JDK's own file API, as on a system whose calls are not known.
class JdkDiskLogTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings FOUR_EACH = LogSettings.defaults()
            .withFragmentSizeBytes(12 << 10).withFragmentEntriesMax(4);

    @TempDir
    Path base;

    private static LogEnvironment environment() {
        return new LogEnvironment(new JdkDisk(),
                PosixScheduler.create(new PosixSchedulerSettings(1, 10)),
                BufferPool.create(new BufferPoolSettings("test", 4096, 4, true, 1 << 20)),
                Clock.systemUTC(), new SecureRandom()::nextLong,
                Executors.newVirtualThreadPerTaskExecutor(),
                Executors.newSingleThreadScheduledExecutor());
    }

    @Test
    void snapshots_and_repairs_work_as_well() {
        try (LogEnvironment environment = environment()) {
            try (DiskLog log = DiskLog.open(base, ORDERS, FOUR_EACH, environment)) {
                for (int i = 0; i < 10; i++) {
                    log.append(bytes("entry " + i));
                }
            }
            RawLog copy = new RawLog(base.resolve("copy"), ORDERS);
            LogSnapshot.take(base, ORDERS, copy.base(), environment,
                    new LogSnapshot.Listener() {});
            copy.damage(copy.fragment(4), copy.offsetOf(4, 6) + 8);
            LogRepair.apply(copy.base(), ORDERS, RepairPlan.Mode.CUT, environment, _ -> {});
            try (DiskLog log = DiskLog.open(copy.base(), ORDERS, FOUR_EACH, environment)) {
                assertThat(contentsOf(log)).hasSize(6).endsWith("5:entry 5");
            }
        }
    }

    @Test
    void entries_are_there_again_after_rotations_and_openings() {
        List<String> expected = new ArrayList<>();
        try (LogEnvironment environment = environment()) {
            for (int opening = 0; opening < 3; opening++) {
                try (DiskLog log = DiskLog.open(base, ORDERS, FOUR_EACH, environment)) {
                    for (int i = 0; i < 10; i++) {
                        String payload = "entry " + expected.size();
                        assertThat(log.append(bytes(payload))).isEqualTo(expected.size());
                        expected.add(expected.size() + ":" + payload);
                    }
                    assertThat(contentsOf(log)).isEqualTo(expected);
                    assertThat(log.info().poisonedBy()).isEmpty();
                }
            }
        }
    }

    @Test
    void a_second_writer_is_refused() {
        try (LogEnvironment environment = environment();
                DiskLog first = DiskLog.open(base, ORDERS, FOUR_EACH, environment)) {
            first.append(bytes("one"));
            assertThatThrownBy(() -> DiskLog.open(base, ORDERS, FOUR_EACH, environment))
                    .isInstanceOf(WalException.Locked.class);
            assertThat(first.append(bytes("two"))).isEqualTo(1);
        }
    }
}
