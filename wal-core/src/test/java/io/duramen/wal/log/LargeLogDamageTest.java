package io.duramen.wal.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.Seed;
import io.duramen.wal.fragment.FragmentFinding;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.RepairPlan.Mode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sampled bytes of a log that is too large to try them all: each is found where it is, and costs
/// one entry at most where the index tells the way, and else no more than its group.
class LargeLogDamageTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SETTINGS =
            LogSettings.defaults().withFragmentSizeBytes(4 << 20);
    private static final int PAYLOAD_BYTES_MAX = 3000;
    private static final int SAMPLES = 30;

    @TempDir
    Path base;

    @Test
    void a_flipped_byte_anywhere_is_found_at_its_entry_and_costs_no_other() throws IOException {
        Random random = Seed.random("a_flipped_byte_anywhere_is_found_at_its_entry");
        try (LogEnvironment environment = LogEnvironment.open(1, 4)) {
            write(environment, random);
            RawLog raw = new RawLog(base, ORDERS);
            assertThat(raw.fragments()).hasSizeGreaterThan(2);
            for (int i = 0; i < SAMPLES; i++) {
                Path file = raw.fragments().get(random.nextInt(raw.fragments().size()));
                long at = random.nextInt(4 << 20);
                int mask = 1 << random.nextInt(8);
                flip(file, at, mask);
                check(environment, file, at);
                flip(file, at, mask);
            }
        }
    }

    private void write(LogEnvironment environment, Random random) {
        try (DiskLog log = DiskLog.open(base, ORDERS, SETTINGS, environment)) {
            for (int i = 0; i < 6000; i++) {
                byte[] payload = new byte[random.nextInt(PAYLOAD_BYTES_MAX)];
                random.nextBytes(payload);
                log.appendAsync(Payload.of(payload), Durability.WRITTEN);
            }
            log.sync();
        }
    }

    private static void flip(Path file, long at, int mask) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ mask)).flip();
            channel.write(one, at);
        }
    }

    private void check(LogEnvironment environment, Path file, long at) {
        List<FragmentFinding> findings = new ArrayList<>();
        LogVerification.run(base, ORDERS, environment.disk(), found -> {
            if (found.isDamage()) {
                assertThat(found.file()).isEqualTo(file);
                findings.add(found.what());
            }
        });
        assertThat(findings).as("%s byte %d", file, at).isNotEmpty();
        RepairPlan plan =
                LogRepair.plan(base, ORDERS, Mode.DROP_DAMAGED, environment, _ -> {});
        boolean isSealed = !file.equals(new RawLog(base, ORDERS).fragments().getLast());
        assertThat(plan.lostEntries()).as("%s byte %d", file, at).isBetween(0L,
                isSealed ? 1L : LogEnvironment.GROUP_BYTES / 8L);
        plan.lost().forEach(lost -> {
            assertThat(lost.file()).isEqualTo(file);
            assertThat(at).isBetween(lost.offset(), lost.offset() + lost.bytes() - 1);
            assertThat(findings.getFirst().entryId()).isEqualTo(lost.firstId());
            assertThat(findings.getFirst().offset()).isEqualTo(lost.offset());
        });
    }
}
