package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.SmallDisk;
import io.duramen.wal.io.posix.PosixDisk;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Real disks that somebody else fills to the last block.
class FilledDiskTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final long DISK_BYTES = 8 << 20;
    private static final LogSettings SETTINGS = LogSettings.defaults()
            .withFragmentSizeBytes(64 << 10).withUnsyncedDelayMax(Duration.ofMillis(5));
    private static final int PAYLOAD_BYTES = 1000;
    private static final int THREADS = 3;
    private static final int ENTRIES_EACH = 1200;
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path directory;
    private IoChoice choice;
    private SmallDisk disk;
    private LogEnvironment environment;
    private ExecutorService background;

    /// Each kind of disk with each way to it.
    static Stream<Arguments> disks() {
        return Stream.of(SmallDisk.Kind.values()).flatMap(kind -> IoChoice.all().stream()
                .map(choice -> Arguments.of(kind, choice)));
    }

    private void mount(SmallDisk.Kind kind, IoChoice choice) throws IOException {
        this.choice = choice;
        disk = SmallDisk.mount(kind, directory, DISK_BYTES);
        background = Executors.newCachedThreadPool();
        environment = LogEnvironment.open(choice.driver().choose(), 1,
                new BufferPoolSettings("test", 16 << 10, 8, true, 1 << 24), background);
    }

    @AfterEach
    void unmount() {
        if (environment != null) {
            assertThat(environment.pool().statistics().leased()).isZero();
            environment.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    private DiskLog open() {
        return choice.open(disk.root(), ORDERS, SETTINGS, environment);
    }

    private static String payload(long number) {
        return number + "-".repeat(PAYLOAD_BYTES);
    }

    private static void append(DiskLog log, List<String> acknowledged) {
        int number = acknowledged.size();
        assertThat(log.append(bytes(payload(number)))).isEqualTo(number);
        acknowledged.add(number + ":" + payload(number));
    }

    private static void appendUntilRefused(DiskLog log, List<String> acknowledged) {
        try {
            while (true) {
                append(log, acknowledged);
            }
        } catch (WalException.DiskFull refused) {
            assertThat(refused).hasMessageContaining("no room for a new fragment")
                    .hasMessageContaining(ORDERS.value());
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void appends_are_refused_until_there_is_room_and_everything_else_goes_on(SmallDisk.Kind kind,
            IoChoice choice) throws Exception {
        mount(kind, choice);
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = open(); LogReader tail = log.read(ReadRange.from(0))) {
            append(log, acknowledged);
            disk.fill();
            appendUntilRefused(log, acknowledged);
            assertThat(acknowledged).as("what was allocated before is used").hasSizeGreaterThan(50);
            assertThat(log.info().poisonedBy()).isEmpty();
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
            log.sync();
            try (LogView view = LogView.open(disk.root(), ORDERS, new PosixDisk(),
                    environment.scheduler())) {
                assertThat(contentsOf(view)).isEqualTo(acknowledged);
            }
            for (int i = 0; i < acknowledged.size(); i++) {
                assertThat(tail.next().id()).isEqualTo(i);
            }
            disk.makeRoom();
            for (int i = 0; i < 100; i++) {
                append(log, acknowledged);
            }
            assertThat(tail.awaitNext(LONG)).isTrue();
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void a_log_is_closed_and_opened_on_a_full_disk(SmallDisk.Kind kind,
            IoChoice choice)
            throws Exception {
        mount(kind, choice);
        List<String> acknowledged = new ArrayList<>();
        try (DiskLog log = open()) {
            append(log, acknowledged);
            disk.fill();
            append(log, acknowledged);
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
            appendUntilRefused(log, acknowledged);
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(acknowledged);
            disk.makeRoom();
            append(log, acknowledged);
        }
        List<String> damage = new ArrayList<>();
        LogVerification.run(disk.root(), ORDERS, new PosixDisk(),
                finding -> damage.add(finding.toString()));
        assertThat(damage).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("disks")
    void a_log_that_cannot_be_created_says_why_and_can_be_created_later(SmallDisk.Kind kind,
            IoChoice choice) throws Exception {
        mount(kind, choice);
        disk.fill();
        assertThatThrownBy(() -> {
            try (DiskLog log = open()) {
                log.append(bytes("entry"));
            }
        }).isInstanceOf(WalException.class).hasMessageContaining("No space left on device");
        disk.makeRoom();
        try (DiskLog log = open()) {
            assertThat(log.append(bytes("entry"))).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void trimming_makes_room_on_a_full_disk(SmallDisk.Kind kind, IoChoice choice)
            throws Exception {
        mount(kind, choice);
        List<String> acknowledged = new ArrayList<>();
        long firstId;
        try (DiskLog log = open()) {
            for (int i = 0; i < 1000; i++) {
                append(log, acknowledged);
            }
            disk.fill();
            appendUntilRefused(log, acknowledged);
            firstId = log.trim(new TrimRule.Before(500)).firstId();
            assertThat(firstId).isBetween(400L, 500L);
            for (int i = 0; i < 300; i++) {
                append(log, acknowledged);
            }
            assertThat(contentsOf(log)).isEqualTo(
                    acknowledged.subList((int) firstId, acknowledged.size()));
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(
                    acknowledged.subList((int) firstId, acknowledged.size()));
        }
    }

    /// Room comes and goes while several threads append.
    @ParameterizedTest
    @MethodSource("disks")
    void each_append_is_in_the_log_or_was_refused(SmallDisk.Kind kind,
            IoChoice choice)
            throws Exception {
        mount(kind, choice);
        ConcurrentSkipListMap<Long, String> acknowledged = new ConcurrentSkipListMap<>();
        CountDownLatch refused = new CountDownLatch(THREADS);
        try (DiskLog log = open(); LogReader tail = log.read(ReadRange.from(0))) {
            disk.fill();
            List<Future<?>> appenders = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int first = i * ENTRIES_EACH;
                appenders.add(background.submit(
                        () -> appendAll(log, first, refused, acknowledged)));
            }
            refused.await();
            disk.makeRoom();
            while (!appenders.stream().allMatch(Future::isDone)) {
                disk.fill();
                disk.makeRoom();
            }
            for (Future<?> appender : appenders) {
                appender.get();
            }
            for (long id = 0; id < THREADS * ENTRIES_EACH; id++) {
                assertThat(tail.awaitNext(LONG)).isTrue();
                assertThat(tail.next().id()).isEqualTo(id);
            }
        }
        try (DiskLog log = open()) {
            assertThat(contentsOf(log)).isEqualTo(
                    acknowledged.entrySet().stream()
                            .map(entry -> entry.getKey() + ":" + entry.getValue()).toList());
        }
    }

    private static void appendAll(DiskLog log, int first, CountDownLatch refused,
            ConcurrentSkipListMap<Long, String> acknowledged) {
        for (int i = first; i < first + ENTRIES_EACH;) {
            try {
                String payload = payload(i);
                acknowledged.put(log.append(Payload.of(bytes(payload)), Durability.WRITTEN),
                        payload);
                i++;
            } catch (WalException.DiskFull _) {
                refused.countDown();
                Thread.onSpinWait();
            }
        }
    }
}
