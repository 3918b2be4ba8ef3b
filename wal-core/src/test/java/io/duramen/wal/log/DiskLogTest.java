package io.duramen.wal.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.Payload;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.openhft.chronicle.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs with every way to the disk.
@ParameterizedClass
@MethodSource("io.duramen.wal.log.IoChoice#all")
class DiskLogTest {
    private static final LogId ORDERS = LogId.of("orders");
    private static final LogSettings SMALL = LogSettings.defaults().withFragmentSizeBytes(64 << 10);

    @Parameter
    IoChoice io;
    @TempDir
    Path base;
    private LogEnvironment environment;

    @BeforeEach
    void environment() {
        environment = io.environment();
    }

    @AfterEach
    void everyBufferIsBack() {
        assertThat(environment.pool().statistics().leased()).isZero();
        assertThat(environment.pool().statistics().unpooled()).isZero();
        environment.close();
    }

    private DiskLog open(LogSettings settings) {
        return io.open(base, ORDERS, settings, environment);
    }

    private static List<String> readAll(ReadableLog log) {
        List<String> payloads = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(log.firstId()))) {
            for (Entry entry : reader) {
                payloads.add(entry.id() + ":" + new String(entry.toByteArray(), UTF_8));
            }
        }
        return payloads;
    }

    @Test
    void ids_start_at_zero_and_are_dense() {
        try (DiskLog log = open(SMALL)) {
            assertThat(log.append("first".getBytes(UTF_8))).isZero();
            assertThat(log.append("second".getBytes(UTF_8))).isEqualTo(1);
            assertThat(readAll(log)).containsExactly("0:first", "1:second");
        }
    }

    @Test
    void entries_are_there_after_closing_and_opening_again() {
        try (DiskLog log = open(SMALL)) {
            log.append("first".getBytes(UTF_8));
        }
        try (DiskLog log = open(SMALL)) {
            assertThat(log.recoveryReport().tail()).isEqualTo(TailVerdict.KEEP);
            assertThat(log.append("second".getBytes(UTF_8))).isEqualTo(1);
            assertThat(readAll(log)).containsExactly("0:first", "1:second");
        }
    }

    @Test
    void every_kind_of_payload_reads_back_the_same() {
        try (DiskLog log = open(SMALL); Claim claim = log.claim(16)) {
            log.append(new byte[0]);
            log.append(ByteBuffer.wrap("xbufferx".getBytes(UTF_8), 1, 6));
            log.append(MemorySegment.ofArray("segment".getBytes(UTF_8)));
            log.append(Bytes.from("bytes"));
            claim.bytes().write("claimed".getBytes(UTF_8));
            assertThat(claim.commit(7)).isEqualTo(4);
            assertThat(readAll(log)).containsExactly("0:", "1:buffer", "2:segment", "3:bytes",
                    "4:claimed");
        }
    }

    @Test
    void a_claim_that_is_not_committed_takes_no_id() {
        try (DiskLog log = open(SMALL)) {
            try (Claim claim = log.claim(8)) {
                claim.bytes().writeLong(42);
            }
            assertThat(log.append("next".getBytes(UTF_8))).isZero();
        }
    }

    @Test
    void a_claim_can_be_open_while_others_append() {
        try (DiskLog log = open(SMALL); Claim claim = log.claim(5)) {
            claim.memory().copyFrom(MemorySegment.ofArray("later".getBytes(UTF_8)));
            log.append("sooner".getBytes(UTF_8));
            claim.commit();
            assertThat(readAll(log)).containsExactly("0:sooner", "1:later");
            assertThatThrownBy(claim::commit).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_log_of_many_fragments_reads_back_across_every_boundary() {
        LogSettings tiny = SMALL.withFragmentSizeBytes(16 << 10).withFragmentEntriesMax(40);
        List<String> expected = new ArrayList<>();
        try (DiskLog log = open(tiny)) {
            for (int i = 0; i < 1000; i++) {
                String payload = "x".repeat(i % 300);
                expected.add(i + ":" + payload);
                assertThat(log.append(payload.getBytes(UTF_8))).isEqualTo(i);
            }
            assertThat(log.info().fragments()).isGreaterThan(20);
            assertThat(readAll(log)).isEqualTo(expected);
        }
        try (DiskLog log = open(tiny)) {
            assertThat(readAll(log)).isEqualTo(expected);
            for (int from = 0; from < 1000; from += 37) {
                try (LogReader reader = log.read(ReadRange.from(from))) {
                    Entry entry = reader.next();
                    assertThat(entry.id()).isEqualTo(from);
                    assertThat(entry.timestampNanos()).isPositive();
                }
            }
        }
    }

    @Test
    void an_entry_larger_than_a_pool_buffer_works() {
        LogSettings settings = LogSettings.defaults().withFragmentSizeBytes(4 << 20);
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);
        try (DiskLog log = open(settings)) {
            log.append("before".getBytes(UTF_8));
            assertThat(log.append(large)).isEqualTo(1);
            log.append("after".getBytes(UTF_8));
            try (LogReader reader = log.read(new ReadRange(1, 1))) {
                assertThat(reader.next().toByteArray()).isEqualTo(large);
                assertThat(reader.hasNext()).isFalse();
            }
        }
    }

    @Test
    void an_entry_larger_than_a_fragment_is_refused_before_anything_is_written() {
        try (DiskLog log = open(SMALL)) {
            assertThatThrownBy(() -> log.append(new byte[64 << 10]))
                    .isInstanceOf(WalException.TooLarge.class)
                    .hasMessageContaining("65536");
            assertThat(log.append(new byte[SMALL.largestPayloadBytes()])).isZero();
            assertThat(log.append(new byte[SMALL.largestPayloadBytes()])).isEqualTo(1);
        }
    }

    @Test
    void an_empty_fragment_of_smaller_settings_is_never_written_past_its_end() {
        LogSettings tiny = SMALL.withFragmentSizeBytes(16 << 10).withFragmentEntriesMax(1);
        try (DiskLog log = open(tiny)) {
            log.append(new byte[10]);
            log.append(new byte[10]);
        }
        emptyLastFragment();
        try (DiskLog log = open(LogSettings.defaults())) {
            assertThatThrownBy(() -> log.append(new byte[20_000]))
                    .isInstanceOf(WalException.TooLarge.class);
            assertThat(log.append(new byte[10])).isEqualTo(1);
            assertThat(log.append(new byte[20_000])).isEqualTo(2);
        }
    }

    /// As after a power failure right after a rotation.
    private void emptyLastFragment() {
        RawLog raw = new RawLog(base, ORDERS);
        raw.forgetStatus();
        RawLog.write(raw.fragment(1), 4096, new byte[8192]);
    }

    @Test
    void times_never_go_back_from_entry_to_entry_whatever_the_clock_does() {
        LogSettings threeEach = SMALL.withFragmentEntriesMax(3);
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        AtomicInteger calls = new AtomicInteger();
        InstantSource backwards = () -> start.minusSeconds(calls.getAndIncrement());
        for (int life = 0; life < 3; life++) {
            try (DiskLog log = io.open(base, ORDERS, threeEach, new LogEnvironment(
                    environment.disk(), environment.scheduler(), environment.pool(), backwards,
                    environment.generations(), environment.background(), environment.timer()))) {
                for (int i = 0; i < 10; i++) {
                    log.append(new byte[i]);
                }
                assertThat(timesOf(log)).isSorted();
            }
        }
    }

    private static List<Long> timesOf(ReadableLog log) {
        List<Long> times = new ArrayList<>();
        try (LogReader reader = log.read(ReadRange.from(0))) {
            reader.forEach(entry -> times.add(entry.timestampNanos()));
        }
        return times;
    }

    @Test
    void many_threads_share_groups_and_each_gets_its_own_id() throws Exception {
        try (DiskLog log = open(SMALL);
                ExecutorService threads = Executors.newFixedThreadPool(16)) {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int t = 0; t < 16; t++) {
                int thread = t;
                all.add(threads.submit(() -> {
                    List<Long> ids = new ArrayList<>();
                    for (int i = 0; i < 200; i++) {
                        ids.add(log.append((thread + "-" + i).getBytes(UTF_8)));
                    }
                    return ids;
                }));
            }
            List<Long> ids = new ArrayList<>();
            for (Future<List<Long>> one : all) {
                assertThat(one.get()).isSorted();
                ids.addAll(one.get());
            }
            assertThat(ids).doesNotHaveDuplicates().hasSize(3200);
            assertThat(readAll(log)).hasSize(3200);
        }
    }

    @Test
    void appends_that_nobody_waits_for_complete_in_order() {
        try (DiskLog log = open(SMALL.withPendingBytesMax(32 << 10))) {
            List<CompletionStage<Appended>> stages = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                stages.add(log.appendAsync(("entry " + i).getBytes(UTF_8)));
            }
            for (int i = 0; i < 5000; i++) {
                Appended answer = stages.get(i).toCompletableFuture().join();
                assertThat(answer).isEqualTo(new Appended(i, i, Durability.SYNCED));
            }
            assertThat(log.info().durableId()).isEqualTo(4999);
        }
    }

    @Test
    void what_is_only_written_is_synced_in_the_background() throws Exception {
        LogSettings written =
                SMALL.withDurability(Durability.WRITTEN).withUnsyncedDelayMax(Duration.ofMillis(1));
        try (DiskLog log = open(written)) {
            log.append("entry".getBytes(UTF_8));
            assertThat(readAll(log)).hasSize(1);
            while (log.info().durableId() < 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void a_reader_of_a_synced_log_does_not_see_what_is_only_written() {
        LogSettings lazy = SMALL.withUnsyncedDelayMax(Duration.ofDays(1));
        try (DiskLog log = open(lazy)) {
            log.append(Payload.of("written".getBytes(UTF_8)), Durability.WRITTEN);
            assertThat(readAll(log)).isEmpty();
            log.sync();
            assertThat(readAll(log)).hasSize(1);
        }
    }

    @Test
    void a_waiting_reader_is_woken_by_the_next_entry() throws Exception {
        try (DiskLog log = open(SMALL); LogReader reader = log.read(ReadRange.from(0))) {
            CompletableFuture<Boolean> woken = CompletableFuture.supplyAsync(() -> {
                try {
                    return reader.awaitNext(Duration.ofSeconds(20));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            log.append("entry".getBytes(UTF_8));
            assertThat(woken.get()).isTrue();
        }
    }

    @Test
    void a_second_writer_is_refused_and_told_who_holds_the_log() {
        try (DiskLog log = open(SMALL)) {
            assertThatThrownBy(() -> open(SMALL)).isInstanceOf(WalException.Locked.class)
                    .hasMessageContaining("in this process already");
            log.append("still works".getBytes(UTF_8));
        }
    }

    @Test
    void appending_after_close_is_refused_and_closing_twice_is_not() {
        DiskLog log = open(SMALL);
        log.close();
        log.close();
        assertThatThrownBy(() -> log.append(new byte[1])).isInstanceOf(WalException.Closed.class);
        assertThat(log.appendAsync(new byte[1])).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void reading_past_the_end_names_the_next_id() {
        try (DiskLog log = open(SMALL)) {
            log.append("0".getBytes(UTF_8));
            assertThatThrownBy(() -> log.read(ReadRange.from(2)))
                    .isInstanceOf(WalException.PastEnd.class)
                    .hasMessageContaining("the next one will be 1");
        }
    }

    @Test
    void a_view_reads_a_log_that_is_being_written_up_to_what_is_durable() {
        try (DiskLog log = open(SMALL.withFragmentEntriesMax(10));
                LogEnvironment other = LogEnvironment.open(1, 4)) {
            log.append("0".getBytes(UTF_8));
            try (LogView view = LogView.open(base, ORDERS, other.disk(), other.scheduler())) {
                assertThat(readAll(view)).containsExactly("0:0");
                for (int i = 1; i < 35; i++) {
                    log.append(("" + i).getBytes(UTF_8));
                }
                assertThat(view.refresh()).isEqualTo(35);
                assertThat(readAll(view)).hasSize(35).endsWith("34:34");
                assertThat(view.hasWriter()).isTrue();
            }
        }
    }

    @Test
    void a_view_reads_a_log_that_nobody_writes() {
        try (DiskLog log = open(SMALL.withFragmentEntriesMax(10))) {
            for (int i = 0; i < 35; i++) {
                log.append(("" + i).getBytes(UTF_8));
            }
        }
        try (LogEnvironment other = LogEnvironment.open(1, 4);
                LogView view = LogView.open(base, ORDERS, other.disk(), other.scheduler())) {
            assertThat(readAll(view)).hasSize(35);
            assertThat(view.hasWriter()).isFalse();
        }
    }
}
