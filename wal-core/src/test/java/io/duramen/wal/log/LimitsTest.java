package io.duramen.wal.log;

import static io.duramen.wal.log.RawLog.bytes;
import static io.duramen.wal.log.RawLog.contentsOf;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.io.posix.OpenFiles;
import io.duramen.wal.memory.BufferLease;
import io.duramen.wal.memory.BufferPool;
import io.duramen.wal.memory.BufferPoolSettings;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What waits is bounded, what is refused leaves nothing behind, and nobody waits for ever.
class LimitsTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL =
            LogSettings.defaults().withIoMode(IoMode.BUFFERED).withFragmentSizeBytes(64 << 10);
    private static final LogSettings IMPATIENT = SMALL.withAdmissionTimeout(Duration.ofMillis(20));

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    Path base;
    private FaultyEnvironment environment = FaultyEnvironment.open(8);

    @AfterEach
    void close() {
        assertThat(environment.pool().statistics().leased()).isZero();
        assertThat(environment.pool().statistics().unpooled()).isZero();
        environment.close();
    }

    private DiskLog open(LogSettings settings) {
        return environment.openLog(base, ORDERS, settings);
    }

    private <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, environment.machine().background());
    }

    /// A process may have thousands of logs, and its system a limit.
    @Test
    void a_log_keeps_two_files_open_and_a_third_past_the_page_cache() throws IOException {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not list them");
        try (DiskLog log = open(SMALL)) {
            log.append(bytes("entry"));
            assertThat(openFiles()).containsExactlyInAnyOrder("LOCK",
                    "fragment_00000000000000000000");
        }
        assertThat(openFiles()).isEmpty();
        try (DiskLog log = open(SMALL.withIoMode(IoMode.AUTO))) {
            log.append(bytes("entry"));
            assertThat(openFiles()).hasSize(3);
        }
    }

    @Test
    void without_memory_for_a_closing_record_a_log_is_truncated_and_closed_all_the_same() {
        try (BufferPool pool =
                BufferPool.create(new BufferPoolSettings("test", 4096, 4, true, 0))) {
            LogEnvironment machine = environment.machine();
            LogEnvironment logs = new LogEnvironment(machine.disk(), machine.scheduler(), pool,
                    machine.clock(), machine.generations(), machine.background(),
                    machine.timer());
            try (DiskLog log = DiskLog.open(base, ORDERS, SMALL, logs)) {
                log.append(bytes("stays"));
                log.append(bytes("goes"));
                assertThat(log.truncateAfter(0).entries()).isEqualTo(1);
                log.append(bytes("new"));
            }
            try (DiskLog log = DiskLog.open(base, ORDERS, SMALL, logs)) {
                assertThat(contentsOf(log)).containsExactly("0:stays", "1:new");
                assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            }
        }
    }

    @Test
    void a_log_that_cannot_begin_keeps_no_file_open() throws IOException {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not list them");
        try (DiskLog log = open(SMALL)) {
            log.append(bytes("entry")); // so that there is a fragment to open
        }
        Path lock = ORDERS.directoryIn(base).resolve("LOCK");
        for (IoMode mode : IoMode.values()) {
            environment.faults().failFirst(call -> call.kind() == Faults.Kind.SYNC
                    && call.isOn(lock), Faults.EIO);
            assertThatThrownBy(() -> open(SMALL.withIoMode(mode)))
                    .isInstanceOf(WalException.Io.class).hasMessageContaining("LOCK");
            assertThat(openFiles()).as(mode.toString()).isEmpty();
            open(SMALL.withIoMode(mode)).close();
        }
    }

    private List<String> openFiles() throws IOException {
        return OpenFiles.paths().stream().filter(it -> it.startsWith(ORDERS.directoryIn(base)))
                .map(it -> it.getFileName().toString()).toList();
    }

    private void reopenWith(int buffers) {
        environment.close();
        environment = FaultyEnvironment.open(buffers);
    }

    @Test
    void beyond_the_limit_appends_wait_are_refused_and_go_on_afterwards() throws Exception {
        try (DiskLog log = open(IMPATIENT.withPendingBytesMax(64))) {
            environment.scheduler().stop();
            CompletableFuture<Long> onItsWay = supply(() -> log.append(bytes("on its way")));
            environment.scheduler().awaitWaiting();
            var waiting = log.appendAsync(bytes("fits in"));
            assertThatThrownBy(() -> log.append(bytes("x".repeat(30))))
                    .isInstanceOf(WalException.Overloaded.class)
                    .hasMessageContaining("its limit is 64");
            assertThat(log.appendAsync(bytes("x".repeat(30)))).isCompletedExceptionally();
            environment.scheduler().goOn();
            assertThat(onItsWay.get(20, SECONDS)).isZero();
            assertThat(waiting.toCompletableFuture().get(20, SECONDS).lastId()).isEqualTo(1);
            assertThat(log.append(bytes("x".repeat(30)))).isEqualTo(2);
        }
    }

    @Test
    void an_append_that_waits_for_room_gets_it_when_the_disk_goes_on() throws Exception {
        try (DiskLog log = open(SMALL.withPendingBytesMax(16))) {
            environment.scheduler().stop();
            log.appendAsync(bytes("on its way"));
            environment.scheduler().awaitWaiting();
            CompletableFuture<Long> waiting =
                    supply(() -> log.append(bytes("larger than the limit by itself")));
            environment.scheduler().goOn();
            assertThat(waiting.get(20, SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void a_small_append_does_not_pass_a_large_one_that_waits_for_room() throws Exception {
        try (DiskLog log = open(SMALL.withPendingBytesMax(64))) {
            environment.scheduler().stop();
            log.appendAsync(bytes("on its way"));
            environment.scheduler().awaitWaiting();
            FutureTask<Long> large = waiting(() -> log.append(bytes("x".repeat(50))));
            FutureTask<Long> small = waiting(() -> log.append(bytes("small")));
            environment.scheduler().goOn();
            assertThat(large.get(20, SECONDS)).isEqualTo(1);
            assertThat(small.get(20, SECONDS)).isEqualTo(2);
        }
    }

    /// Work on a thread of its own, which waits by now.
    private static <T> FutureTask<T> waiting(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        while (thread.getState() != Thread.State.WAITING
                && thread.getState() != Thread.State.TIMED_WAITING && !task.isDone()) {
            Thread.onSpinWait();
        }
        return task;
    }

    @Test
    void callers_with_large_entries_are_served_in_the_order_they_came() throws Exception {
        try (DiskLog log = open(SMALL.withPendingBytesMax(6 << 10))) {
            environment.scheduler().stop();
            log.appendAsync(new byte[4 << 10]);
            environment.scheduler().awaitWaiting();
            List<FutureTask<Long>> callers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                callers.add(waiting(() -> log.append(new byte[4 << 10])));
            }
            environment.scheduler().goOn();
            for (int i = 0; i < 16; i++) {
                assertThat(callers.get(i).get(20, SECONDS)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void an_interrupted_append_is_refused_and_keeps_the_interrupt() throws Exception {
        try (DiskLog log = open(SMALL.withPendingBytesMax(16))) {
            environment.scheduler().stop();
            log.appendAsync(bytes("on its way"));
            environment.scheduler().awaitWaiting();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> log.append(bytes("refused")))
                    .isInstanceOf(WalException.Overloaded.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            environment.scheduler().goOn();
        }
    }

    @Test
    void a_few_buffers_serve_many_logs_and_threads() throws Exception {
        reopenWith(2);
        List<DiskLog> logs = IntStream.range(0, 4)
                .mapToObj(i -> environment.openLog(base, LogId.of("log-" + i), SMALL)).toList();
        ExecutorService threads = Executors.newFixedThreadPool(16,
                Thread.ofPlatform().daemon().factory());
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                DiskLog log = logs.get(t % 4);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 500; i++) {
                        log.append(Payload.of(bytes("entry " + i)), Durability.WRITTEN);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(30, SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        logs.forEach(log -> {
            log.sync();
            assertThat(contentsOf(log)).hasSize(2000);
            log.close();
        });
    }

    /// A log gives its buffers back under its own lock: if that took another log's, two could wait
    /// for each other.
    @Test
    void giving_a_buffer_back_does_not_wait_for_the_log_that_gets_it() throws Exception {
        reopenWith(1);
        try (DiskLog log = open(SMALL)) {
            BufferLease only = environment.pool().tryAcquire().orElseThrow();
            var small = supply(() -> log.append(bytes("needs the buffer")));
            while (environment.pool().statistics().waits() == 0) {
                Thread.onSpinWait();
            }
            var slow = new SlowPayload(8 << 10, new CountDownLatch(1), new CountDownLatch(1));
            var large = supply(() -> log.append(slow));
            slow.reached.await();
            Thread giver = Thread.ofPlatform().daemon().start(only::close);
            boolean gave = giver.join(Duration.ofSeconds(10));
            slow.mayGoOn.countDown();
            assertThat(gave).isTrue();
            assertThat(small.get(20, SECONDS) + large.get(20, SECONDS)).isEqualTo(1);
        }
    }

    /// A payload that its log waits for, with its lock held.
    private record SlowPayload(int sizeBytes, CountDownLatch reached, CountDownLatch mayGoOn)
            implements Payload {
        @Override
        public void copyTo(MemorySegment target, long offset) {
            reached.countDown();
            try {
                mayGoOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            target.asSlice(offset, sizeBytes).fill((byte) 'x');
        }
    }

    @Test
    void a_buffer_that_nobody_waits_for_any_more_goes_to_another_log() {
        reopenWith(1);
        try (DiskLog gaveUp = environment.openLog(base, LogId.of("gave-up"), IMPATIENT);
                DiskLog other = environment.openLog(base, LogId.of("other"), IMPATIENT)) {
            try (BufferLease _ = environment.pool().tryAcquire().orElseThrow()) {
                assertThatThrownBy(() -> gaveUp.append(bytes("refused")))
                        .isInstanceOf(WalException.Overloaded.class)
                        .hasMessageContaining("buffers");
            }
            assertThat(other.append(bytes("served"))).isZero();
            assertThat(gaveUp.append(bytes("served now"))).isZero();
        }
    }

    @Test
    void a_claim_that_is_refused_gives_its_buffer_back() {
        reopenWith(1);
        DiskLog log = open(IMPATIENT);
        for (int i = 0; i < 3; i++) {
            Claim claim = log.claim(8);
            log.close();
            assertThatThrownBy(claim::commit).isInstanceOf(WalException.Closed.class);
            assertThat(environment.pool().statistics().leased()).isZero();
            log = open(IMPATIENT);
        }
        log.close();
    }

    @Test
    void a_claim_that_is_too_large_takes_no_buffer() {
        try (DiskLog log = open(SMALL)) {
            assertThatThrownBy(() -> log.claim(64 << 10)).isInstanceOf(WalException.TooLarge.class);
            assertThat(environment.pool().statistics().leased()).isZero();
        }
    }

    @Test
    void a_payload_that_cannot_be_copied_takes_no_id_and_no_buffer() {
        Payload broken = new Payload() {
            @Override
            public int sizeBytes() {
                return 8;
            }

            @Override
            public void copyTo(MemorySegment target, long offset) {
                throw new IllegalStateException("its owner freed it");
            }
        };
        try (DiskLog log = open(SMALL)) {
            log.append(bytes("before"));
            assertThatThrownBy(() -> log.append(broken)).isInstanceOf(IllegalStateException.class);
            assertThat(log.append(bytes("after"))).isEqualTo(1);
            assertThatThrownBy(() -> log.append(broken)).isInstanceOf(IllegalStateException.class);
        }
        try (DiskLog log = open(SMALL)) {
            assertThat(contentsOf(log)).containsExactly("0:before", "1:after");
        }
    }

    @Test
    void closing_amid_appends_keeps_what_was_acknowledged_and_refuses_the_rest() throws Exception {
        for (int round = 0; round < 20; round++) {
            LogId id = LogId.of("round-" + round);
            DiskLog log = environment.openLog(base, id, SMALL.withFragmentEntriesMax(50));
            List<Future<List<String>>> all = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
                for (int t = 0; t < 6; t++) {
                    String name = "thread " + t;
                    all.add(threads.submit(() -> appendUntilClosed(log, name)));
                }
                while (log.nextId() < 40 + round) {
                    Thread.onSpinWait();
                }
                log.close();
            }
            List<String> acknowledged = new ArrayList<>();
            for (Future<List<String>> one : all) {
                acknowledged.addAll(one.get(20, SECONDS));
            }
            try (DiskLog again = environment.openLog(base, id, SMALL)) {
                assertThat(contentsOf(again)).containsExactlyInAnyOrderElementsOf(acknowledged);
            }
        }
    }

    private static List<String> appendUntilClosed(DiskLog log, String payload) {
        List<String> acknowledged = new ArrayList<>();
        try {
            while (true) {
                acknowledged.add(log.append(bytes(payload)) + ":" + payload);
            }
        } catch (WalException.Closed _) {
            return acknowledged;
        }
    }
}
