package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.io.SmallDisk;
import io.duramen.wal.log.Faults.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real file system on a device that fails: the kernel reports a failed `fdatasync`, once, and
/// takes the pages for clean. The device is a file on a small file system that is filled, so it has
/// no block for what was not written before.
class FailingDeviceTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(256 << 10);
    private static final long BEHIND_BYTES = 6 << 20;
    private static final long DEVICE_BYTES = 16 << 20;

    @TempDir
    Path directory;
    private SmallDisk behind;
    private SmallDisk device;
    private FaultyEnvironment environment;

    @AfterEach
    void unmount() {
        if (environment != null) {
            assertThat(environment.pool().statistics().leased()).isZero();
            environment.close();
        }
        if (device != null) {
            device.close();
        }
        if (behind != null) {
            behind.close();
        }
    }

    private DiskLog open() {
        return environment.openLog(device.root(), ORDERS, SETTINGS);
    }

    private static void append(DiskLog log, List<String> acknowledged) {
        String payload = "-".repeat(3000) + acknowledged.size();
        acknowledged.add(log.append(bytes(payload)) + ":" + payload);
    }

    @Test
    void a_sync_that_the_device_fails_poisons_the_log_and_takes_nothing_acknowledged()
            throws Exception {
        behind = SmallDisk.mount(SmallDisk.Kind.TMPFS, directory, BEHIND_BYTES);
        device = SmallDisk.mount(SmallDisk.Kind.EXT4, behind.root(), DEVICE_BYTES);
        environment = FaultyEnvironment.open(8);
        List<String> acknowledged = new ArrayList<>();
        DiskLog log = open();
        append(log, acknowledged);
        append(log, acknowledged);
        behind.fill();
        assertThatThrownBy(() -> {
            for (int i = 0; i < 50; i++) {
                append(log, acknowledged);
            }
        }).isInstanceOf(WalException.OutcomeUnknown.class);

        Path file = new RawLog(device.root(), ORDERS).fragment(0);
        long syncs = environment.faults().count(Kind.SYNC, file);
        long writes = environment.faults().count(Kind.WRITE, file);
        assertThatThrownBy(() -> log.append(bytes("more")))
                .isInstanceOf(WalException.Poisoned.class);
        assertThatThrownBy(log::sync).isInstanceOf(WalException.Poisoned.class);
        assertThat(contentsOf(log)).isEqualTo(acknowledged);
        log.close();
        assertThat(environment.faults().count(Kind.SYNC, file)).isEqualTo(syncs);
        assertThat(environment.faults().count(Kind.WRITE, file)).isEqualTo(writes);

        behind.makeRoom();
        device.remount();
        try (DiskLog again = open()) {
            assertThat(contentsOf(again)).startsWith(acknowledged.toArray(String[]::new))
                    .hasSizeLessThanOrEqualTo(acknowledged.size() + 1);
            assertThat(again.append(bytes("next"))).isEqualTo(again.nextId() - 1);
        }
    }
}
